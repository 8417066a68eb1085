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

    /// <summary>The table of these ids: <paramref name="previous"/> itself where it holds them and no others.</summary>
    internal static NodeTable Of(IEnumerable<string> ids, NodeTable? previous) => previous?.Holds(ids) == true ? previous : new NodeTable(ids);

    /// <summary>By index here, the index of the same id in another table; -1 where it is not there.</summary>
    internal int[] NumbersIn(NodeTable other) => Array.ConvertAll(_ids, other.Find);

    private bool Holds(IEnumerable<string> ids)
    {
        var (seen, left) = (new bool[_ids.Length], _ids.Length);
        foreach (var id in ids)
        {
            var index = Find(id);
            if (index < 0) return false;
            if (!seen[index]) left--;
            seen[index] = true;
        }
        return left == 0;
    }
}
