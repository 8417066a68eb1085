namespace GraphRec.Graph.Kernels;

/// <summary>
/// Runs one function per row on several threads. A row is always computed whole by one thread from the same input in
/// the same order, so that the result does not depend on how many there are.
/// </summary>
public static class Rows
{
    /// <summary>Calls <paramref name="row"/> for 0 … count − 1, each thread with a scratch of its own.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="chunk">How many rows a thread takes at a time, from 1; between chunks it looks whether to stop.</param>
    /// <param name="threads">From 1.</param>
    /// <param name="scratch">Makes one thread's buffers.</param>
    /// <param name="row">Computes one row, with the buffers of the thread that does.</param>
    /// <param name="cancel">Stops between chunks.</param>
    public static void ForEach<TScratch>(
        int count, int chunk, int threads, Func<TScratch> scratch, Action<TScratch, int> row, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        // Rows differ in cost by three orders of magnitude (a hub's row against a leaf's), so chunks are handed out as
        // threads become free instead of being divided beforehand.
        var next = 0;
        void Work()
        {
            var own = scratch();
            int start;
            while ((start = Interlocked.Add(ref next, chunk) - chunk) < count)
            {
                cancel.ThrowIfCancellationRequested();
                for (var i = start; i < Math.Min(start + chunk, count); i++) row(own, i);
            }
        }

        cancel.ThrowIfCancellationRequested();
        if (threads == 1)
        {
            Work();
            return;
        }
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
        }
        catch (AggregateException e) when (e.InnerExceptions.All(x => x is OperationCanceledException))
        {
            throw new OperationCanceledException(cancel);
        }
    }
}

/// <summary>
/// Which rows of an index of neighbours still hold when items were added or removed, and with them their edges. A row is
/// made from the item's viewers and from everything those engaged with: it holds when none of them gained or lost an item.
/// </summary>
/// <param name="NumberOf">By item before, its number now; -1 where it is gone. Ascending, so that ties stay in order.</param>
/// <param name="RowOf">By item now, the row before that still holds; -1 where it must be computed.</param>
internal sealed record KeptRows(int[] NumberOf, int[] RowOf)
{
    public static KeptRows Of(Bipartite before, Bipartite now, int[] numberOf)
    {
        var rowOf = new int[now.ItemCount];
        Array.Fill(rowOf, -1);
        for (var item = 0; item < numberOf.Length; item++)
            if (numberOf[item] >= 0) rowOf[numberOf[item]] = item;
        for (var user = 0; user < now.UserCount; user++)
        {
            var had = before.ItemsOf(user);
            var has = now.ItemsOf(user);
            var same = had.Length == has.Length;
            for (var i = 0; same && i < has.Length; i++) same = numberOf[had[i]] == has[i];
            if (same) continue;
            foreach (var item in has) rowOf[item] = -1;
        }
        return new KeptRows(numberOf, rowOf);
    }
}

/// <summary>
/// Collects the rows of an <see cref="ItemNeighbours"/>; rows may be set from several threads. Those that are kept of
/// <paramref name="before"/> need not be set.
/// </summary>
internal sealed class NeighbourRows(int items, ItemNeighbours? before = null, KeptRows? kept = null)
{
    private readonly int[]?[] _neighbours = new int[items][];
    private readonly float[][] _scores = new float[items][];
    private readonly int[][] _counts = new int[items][];

    /// <summary>Whether the item's row is taken over from before.</summary>
    public bool IsKept(int item) => kept is not null && kept.RowOf[item] >= 0;

    /// <summary>Sets one row from sorted items; <paramref name="counts"/> is indexed by item.</summary>
    public void Set(int item, TopK sorted, ReadOnlySpan<int> counts)
    {
        _neighbours[item] = sorted.Items.ToArray();
        _scores[item] = sorted.Scores.ToArray();
        var row = new int[sorted.Count];
        for (var i = 0; i < row.Length; i++) row[i] = counts[sorted.Items[i]];
        _counts[item] = row;
    }

    public ItemNeighbours ToNeighbours()
    {
        var offsets = new int[items + 1];
        for (var i = 0; i < items; i++) offsets[i + 1] = offsets[i] + (_neighbours[i]?.Length ?? before!.Of(kept!.RowOf[i]).Length);
        var (neighbours, scores, counts) = (new int[offsets[items]], new float[offsets[items]], new int[offsets[items]]);
        for (var i = 0; i < items; i++)
        {
            if (_neighbours[i] is { } computed)
            {
                computed.CopyTo(neighbours, offsets[i]);
                _scores[i].CopyTo(scores, offsets[i]);
                _counts[i].CopyTo(counts, offsets[i]);
                continue;
            }
            var row = kept!.RowOf[i];
            var held = before!.Of(row);
            for (var n = 0; n < held.Length; n++) neighbours[offsets[i] + n] = kept.NumberOf[held[n]];
            before.Scores(row).CopyTo(scores.AsSpan(offsets[i]));
            before.Counts(row).CopyTo(counts.AsSpan(offsets[i]));
        }
        return new ItemNeighbours(offsets, neighbours, scores, counts);
    }
}
