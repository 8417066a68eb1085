namespace GraphRec.Learning.Data;

/// <summary>Numbers ids in the order in which they come, from 0.</summary>
internal sealed class IdNumbers
{
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _numbers =
        new Dictionary<string, int>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly List<string> _ids = [];

    public IReadOnlyList<string> Ids => _ids;

    public int Of(ReadOnlySpan<char> id, out bool added)
    {
        added = !_numbers.TryGetValue(id, out var number);
        if (!added) return number;
        number = _ids.Count;
        var text = id.ToString();
        _ids.Add(text);
        _numbers.Dictionary.Add(text, number);
        return number;
    }
}
