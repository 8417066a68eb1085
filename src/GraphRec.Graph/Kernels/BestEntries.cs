namespace GraphRec.Graph.Kernels;

/// <summary>
/// The best <paramref name="capacity"/> of many positively scored items that come by rising index, by rising index: higher score first,
/// ties by lower index, as in <see cref="TopK"/>. For rows of which many entries pass before the best are known: entries are gathered,
/// and now and then the worse ones are thrown away, after a selection that takes linear time. Not for concurrent use.
/// </summary>
internal sealed class BestEntries(int capacity)
{
    // Score and inverted index in one number, larger is better: the bits of positive floats are ordered as the floats are.
    private readonly ulong[] _keys = new ulong[Math.Max(2 * capacity, capacity + 1024)];
    private readonly ulong[] _work = new ulong[Math.Max(2 * capacity, capacity + 1024)];
    private int _count;

    /// <summary>How many are held; some may be too many.</summary>
    public int Count => _count;

    /// <summary>Scores up to this cannot enter any more.</summary>
    public float Floor { get; private set; }

    /// <summary>Forgets everything.</summary>
    /// <param name="floor">From 0; scores up to this are not to enter.</param>
    public void Clear(float floor) => (_count, Floor) = (0, floor);

    /// <summary>Throws away what is too many. The floor is then the worst that is held, when any was.</summary>
    public void Settle()
    {
        if (_count > capacity) Cut();
    }

    /// <summary>Keeps the item while it is among the best. The score must be above <see cref="Floor"/>.</summary>
    public void Add(int item, float score)
    {
        _keys[_count++] = ((ulong)BitConverter.SingleToUInt32Bits(score) << 32) | ~(uint)item;
        if (_count == _keys.Length) Cut();
    }

    /// <summary>The best items, ascending, and their scores.</summary>
    public (int[] Items, float[] Scores) ToArrays()
    {
        Settle();
        var (items, scores) = (new int[_count], new float[_count]);
        for (var n = 0; n < items.Length; n++)
            (items[n], scores[n]) = ((int)~(uint)_keys[n], BitConverter.UInt32BitsToSingle((uint)(_keys[n] >> 32)));
        return (items, scores);
    }

    /// <summary>Throws away all but the best, and raises the floor to the worst of them.</summary>
    private void Cut()
    {
        var worst = Worst();
        var kept = 0;
        for (var n = 0; n < _count; n++)
        {
            // Always written, and only kept when it is good enough: as a branch it is mispredicted every other time.
            _keys[kept] = _keys[n];
            kept += _keys[n] >= worst ? 1 : 0;
        }
        _count = kept;
        Floor = capacity == 0 ? float.PositiveInfinity : BitConverter.UInt32BitsToSingle((uint)(worst >> 32));
    }

    /// <summary>The worst of the best, by quickselect (Hoare, "Algorithm 65: find", CACM 4(7), 1961).</summary>
    private ulong Worst()
    {
        if (capacity == 0) return ulong.MaxValue;
        var keys = _work.AsSpan(0, _count);
        _keys.AsSpan(0, _count).CopyTo(keys);
        var (low, high, last) = (0, _count - 1, capacity - 1);
        while (low < high)
        {
            var pivot = Median(keys[low], keys[(low + high) >>> 1], keys[high]);
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (keys[left] > pivot) left++;
                while (keys[right] < pivot) right--;
                if (left > right) break;
                (keys[left], keys[right]) = (keys[right], keys[left]);
                left++;
                right--;
            }
            if (last <= right) high = right;
            else if (last >= left) low = left;
            else break;
        }
        return keys[last];
    }

    private static ulong Median(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
