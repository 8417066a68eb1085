using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// All edges of one type in compressed sparse row form, in both directions. Nodes are dense ints, counted from 0 within
/// their kind. Neighbours are sorted ascending. Immutable.
/// </summary>
/// <remarks>
/// Bytes per edge: 4 for the target, 4 for the source, 2 for a value (forward only) and 4 for a time (forward only);
/// offsets add 4 per node and direction. Values are fixed-point thousandths, which the fold rounds to as well
/// (<see cref="BehaviourFold"/>): a share of 0.4 is then 0.4 in every engine, as a binary16 it would be 0.3999.
/// </remarks>
public sealed class Adjacency
{
    private readonly int[] _offsets;
    private readonly int[] _targets;
    private readonly ushort[] _values;
    private readonly int[] _times;
    private readonly int[] _reverseOffsets;
    private readonly int[] _sources;

    private Adjacency(EdgeType type, NodeKind to, int[] offsets, int[] targets, ushort[] values, int[] times, int[] reverseOffsets, int[] sources)
    {
        (Type, ToKind) = (type, to);
        (_offsets, _targets, _values, _times, _reverseOffsets, _sources) = (offsets, targets, values, times, reverseOffsets, sources);
    }

    public EdgeType Type { get; }
    public NodeKind FromKind => Type.From();
    public NodeKind ToKind { get; }
    public int FromCount => _offsets.Length - 1;
    public int ToCount => _reverseOffsets.Length - 1;
    public int EdgeCount => _targets.Length;

    /// <summary>Whether edges carry values.</summary>
    public bool HasValues => _values.Length > 0;

    /// <summary>Whether edges carry times.</summary>
    public bool HasTimes => _times.Length > 0;

    /// <summary>Bytes held by the arrays.</summary>
    public long Bytes => EstimateBytes(FromCount, ToCount, EdgeCount, _values.Length > 0, _times.Length > 0);

    /// <summary>Row starts of the forward direction, length <see cref="FromCount"/> + 1.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Row starts of the reverse direction, length <see cref="ToCount"/> + 1.</summary>
    public ReadOnlySpan<int> ReverseOffsets => _reverseOffsets;

    /// <summary>The nodes that <paramref name="from"/> points at, ascending.</summary>
    public ReadOnlySpan<int> Targets(int from) => _targets.AsSpan(_offsets[from], _offsets[from + 1] - _offsets[from]);

    /// <summary>The nodes that point at <paramref name="to"/>, ascending.</summary>
    public ReadOnlySpan<int> Sources(int to) => _sources.AsSpan(_reverseOffsets[to], _reverseOffsets[to + 1] - _reverseOffsets[to]);

    /// <summary>The value of the <paramref name="i"/>-th edge of <paramref name="from"/>, to 0.001; only where the type carries values.</summary>
    public double Value(int from, int i) => _values[_offsets[from] + i] / 1000.0;

    /// <summary>One time per target of <paramref name="from"/>, in minutes since the Unix epoch; empty where the type carries none.</summary>
    public ReadOnlySpan<int> Times(int from) =>
        _times.Length == 0 ? default : _times.AsSpan(_offsets[from], _offsets[from + 1] - _offsets[from]);

    /// <summary>All targets, in row order.</summary>
    public ReadOnlySpan<int> AllTargets => _targets;

    /// <summary>All sources, in reverse row order.</summary>
    public ReadOnlySpan<int> AllSources => _sources;

    public int Degree(int from) => _offsets[from + 1] - _offsets[from];
    public int ReverseDegree(int to) => _reverseOffsets[to + 1] - _reverseOffsets[to];
    public bool Has(int from, int to) => Targets(from).BinarySearch(to) >= 0;

    /// <summary>The position of an edge among the targets of <paramref name="from"/>; negative when there is none.</summary>
    public int Find(int from, int to) => Targets(from).BinarySearch(to);

    /// <summary>Bytes that the arrays of such a relation take.</summary>
    public static long EstimateBytes(int fromCount, int toCount, long edges, bool values, bool times) =>
        4L * (fromCount + 1) + 4L * (toCount + 1) + edges * (8 + (values ? 2 : 0) + (times ? 4 : 0));

    /// <summary>
    /// Builds from edges in any order. When an edge is given twice, the last one stands.
    /// </summary>
    /// <param name="type">The edges' type.</param>
    /// <param name="to">The kind of the targets.</param>
    /// <param name="fromCount">How many nodes of the source kind there are.</param>
    /// <param name="toCount">How many nodes of the target kind there are.</param>
    /// <param name="edges">The edges; left as they are.</param>
    /// <param name="values">Whether to keep <see cref="EdgeEntry.Value"/>.</param>
    /// <param name="times">Whether to keep <see cref="EdgeEntry.Minutes"/>.</param>
    public static Adjacency Build(EdgeType type, NodeKind to, int fromCount, int toCount, List<EdgeEntry> edges, bool values = false, bool times = false)
    {
        var ordered = Deduplicate(Sort(edges, fromCount, toCount));
        var offsets = new int[fromCount + 1];
        var reverseOffsets = new int[toCount + 1];
        foreach (var e in ordered)
        {
            offsets[e.From + 1]++;
            reverseOffsets[e.To + 1]++;
        }
        for (var i = 0; i < fromCount; i++) offsets[i + 1] += offsets[i];
        for (var i = 0; i < toCount; i++) reverseOffsets[i + 1] += reverseOffsets[i];
        var targets = new int[ordered.Count];
        var valueArray = values ? new ushort[ordered.Count] : [];
        var timeArray = times ? new int[ordered.Count] : [];
        var sources = new int[ordered.Count];
        var next = reverseOffsets.AsSpan(0, toCount).ToArray();
        for (var i = 0; i < ordered.Count; i++)
        {
            var e = ordered[i];
            targets[i] = e.To;
            if (values) valueArray[i] = (ushort)Math.Clamp(MathF.Round(e.Value * 1000), 0, ushort.MaxValue);
            if (times) timeArray[i] = e.Minutes;
            sources[next[e.To]++] = e.From;
        }
        return new Adjacency(type, to, offsets, targets, valueArray, timeArray, reverseOffsets, sources);
    }

    /// <summary>A copy without some edges.</summary>
    public Adjacency Without(IReadOnlySet<(int From, int To)> removed)
    {
        var kept = new List<EdgeEntry>(EdgeCount);
        for (var from = 0; from < FromCount; from++)
        {
            for (var i = _offsets[from]; i < _offsets[from + 1]; i++)
            {
                if (removed.Contains((from, _targets[i]))) continue;
                kept.Add(new EdgeEntry(from, _targets[i], _values.Length > 0 ? _values[i] / 1000f : 0, _times.Length > 0 ? _times[i] : 0));
            }
        }
        return Build(Type, ToKind, FromCount, ToCount, kept, _values.Length > 0, _times.Length > 0);
    }

    /// <summary>
    /// By source, then target; stable, so that of two equal keys the later one comes later. Two passes of a counting sort:
    /// comparing took five times as long on the seed's 230,000 edges.
    /// </summary>
    private static EdgeEntry[] Sort(List<EdgeEntry> edges, int fromCount, int toCount)
    {
        var (byTarget, bySource) = (new EdgeEntry[edges.Count], new EdgeEntry[edges.Count]);
        var next = new int[toCount + 1];
        foreach (var e in edges) next[e.To + 1]++;
        for (var i = 0; i < toCount; i++) next[i + 1] += next[i];
        foreach (var e in edges) byTarget[next[e.To]++] = e;
        next = new int[fromCount + 1];
        foreach (var e in byTarget) next[e.From + 1]++;
        for (var i = 0; i < fromCount; i++) next[i + 1] += next[i];
        foreach (var e in byTarget) bySource[next[e.From]++] = e;
        return bySource;
    }

    private static ArraySegment<EdgeEntry> Deduplicate(EdgeEntry[] ordered)
    {
        var kept = 0;
        for (var i = 0; i < ordered.Length; i++)
        {
            if (kept > 0 && ordered[kept - 1].From == ordered[i].From && ordered[kept - 1].To == ordered[i].To) kept--;
            ordered[kept++] = ordered[i];
        }
        return new ArraySegment<EdgeEntry>(ordered, 0, kept);
    }
}

/// <summary>One edge to build an <see cref="Adjacency"/> from; <paramref name="Minutes"/> counts from the Unix epoch.</summary>
public readonly record struct EdgeEntry(int From, int To, float Value = 0, int Minutes = 0);
