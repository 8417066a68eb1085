namespace GraphRec.Graph.Kernels;

/// <summary>A drama a score is computed from, with its weight; negative weights take score away.</summary>
public readonly record struct WeightedItem(int Item, float Weight);

/// <summary>
/// Sparse accumulator over dense indices: a dense array for the sums, a list of what was touched, so that clearing costs
/// what was used and not what could have been. Reused between requests; not for concurrent use.
/// </summary>
public sealed class ScoreAccumulator(int capacity)
{
    private readonly float[] _scores = new float[capacity];
    private readonly bool[] _seen = new bool[capacity];
    private readonly int[] _touched = new int[capacity];

    public int Capacity => _scores.Length;

    /// <summary>How many indices were touched.</summary>
    public int Count { get; private set; }

    /// <summary>The indices touched, in the order of their first touch.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, Count);

    /// <summary>The sum at an index; 0 where never touched.</summary>
    public float this[int index] => _scores[index];

    public void Add(int index, float value)
    {
        if (!_seen[index])
        {
            _seen[index] = true;
            _touched[Count++] = index;
        }
        _scores[index] += value;
    }

    /// <summary>Adds the same value at many indices.</summary>
    public void Add(ReadOnlySpan<int> indices, float value)
    {
        var (scores, seen, touched, n) = (_scores, _seen, _touched, Count);
        foreach (var index in indices)
        {
            if (!seen[index])
            {
                seen[index] = true;
                touched[n++] = index;
            }
            scores[index] += value;
        }
        Count = n;
    }

    /// <summary>Adds <paramref name="value"/> · <paramref name="scale"/>[index] at many indices.</summary>
    public void AddScaled(ReadOnlySpan<int> indices, float value, ReadOnlySpan<float> scale)
    {
        foreach (var index in indices) Add(index, value * scale[index]);
    }

    /// <summary>Replaces the sum at an index.</summary>
    public void Set(int index, float value)
    {
        Add(index, 0);
        _scores[index] = value;
    }

    public void Clear()
    {
        foreach (var i in Touched)
        {
            _scores[i] = 0;
            _seen[i] = false;
        }
        Count = 0;
    }
}

/// <summary>
/// For each item its strongest neighbours, best first (ties by index), as compressed sparse rows. This is the in-process
/// form of a derived edge (CO_WATCHED, WALKS_TO).
/// </summary>
public sealed class ItemNeighbours(int[] offsets, int[] neighbours, float[] scores, int[] counts)
{
    public int ItemCount => offsets.Length - 1;
    public int EdgeCount => neighbours.Length;
    public long Bytes => 4L * offsets.Length + 4L * neighbours.Length + 4L * scores.Length + 4L * counts.Length;

    /// <summary>The neighbours of an item.</summary>
    public ReadOnlySpan<int> Of(int item) => neighbours.AsSpan(offsets[item], offsets[item + 1] - offsets[item]);

    /// <summary>One score per neighbour.</summary>
    public ReadOnlySpan<float> Scores(int item) => scores.AsSpan(offsets[item], offsets[item + 1] - offsets[item]);

    /// <summary>One count of common viewers per neighbour.</summary>
    public ReadOnlySpan<int> Counts(int item) => counts.AsSpan(offsets[item], offsets[item + 1] - offsets[item]);
}
