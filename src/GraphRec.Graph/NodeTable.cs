using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>The ids of all nodes of one kind, ordinal ascending, so that a dense index orders as its id does.</summary>
public sealed class NodeTable
{
    private readonly string[] _ids;
    private readonly Dictionary<string, int> _index;

    public NodeTable(IEnumerable<string> ids)
    {
        _ids = ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        _index = new Dictionary<string, int>(_ids.Length, StringComparer.Ordinal);
        for (var i = 0; i < _ids.Length; i++) _index.Add(_ids[i], i);
    }

    public int Count => _ids.Length;
    public string this[int index] => _ids[index];
    public ReadOnlySpan<string> Ids => _ids;

    /// <summary>The dense index of an id; -1 when it is unknown.</summary>
    public int Find(string id) => _index.GetValueOrDefault(id, -1);
}
