namespace GraphRec.Graph.Kernels;

/// <summary>How co-watch neighbours are chosen.</summary>
/// <param name="Neighbours">How many to keep per drama.</param>
/// <param name="MinCount">How few common viewers make a pair; at least 1.</param>
/// <param name="Shrinkage">
/// How many common viewers it takes for half of the cosine to be believed; 0 for the plain cosine.
/// </param>
public sealed record CoWatchParameters(int Neighbours = 100, int MinCount = 2, float Shrinkage = 10);

/// <summary>
/// Item–item neighbours by common viewers: the cosine of the two audiences, shrunk where few viewers support it
/// (Sarwar et al., WWW 2001; shrinkage: Bell and Koren, KDD 2007, section 3.1).
/// </summary>
public static class CoWatch
{
    /// <summary>n(a,b) / sqrt(n(a)·n(b)) · n(a,b) / (n(a,b) + shrinkage), in [0, 1]; 0 where nobody watched both.</summary>
    /// <param name="common">n(a,b), viewers of both.</param>
    /// <param name="left">n(a).</param>
    /// <param name="right">n(b).</param>
    /// <param name="shrinkage">In viewers, ≥ 0.</param>
    public static double Score(int common, int left, int right, double shrinkage) =>
        common == 0 ? 0 : common / Math.Sqrt((double)left * right) * (common / (common + shrinkage));

    /// <summary>
    /// The best neighbours of every item, best first, ties by index, itself excluded; counts are the common viewers. The
    /// work is Σ deg(user)² additions, whatever <see cref="CoWatchParameters.Neighbours"/> is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is out of its range.</exception>
    public static ItemNeighbours Build(Bipartite engaged, CoWatchParameters p, int threads = 1, CancellationToken cancel = default) =>
        Build(engaged, p, new NeighbourRows(engaged.ItemCount), threads, cancel);

    /// <summary>The same, computing only the rows that are not kept.</summary>
    internal static ItemNeighbours Build(Bipartite engaged, CoWatchParameters p, NeighbourRows rows, int threads, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p.Neighbours);
        ArgumentOutOfRangeException.ThrowIfLessThan(p.MinCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(p.Shrinkage);
        Rows.ForEach(
            engaged.ItemCount, 64, threads,
            () => (Common: new CommonViewers(engaged.ItemCount), Top: new TopK(p.Neighbours)),
            (scratch, item) =>
            {
                if (rows.IsKept(item)) return;
                scratch.Common.Count(engaged, item, p.MinCount);
                Select(engaged, item, p, scratch.Common, scratch.Top);
                rows.Set(item, scratch.Top, scratch.Common.Counts);
                scratch.Common.Clear(engaged, item);
            },
            cancel);
        return rows.ToNeighbours();
    }

    private static void Select(Bipartite engaged, int item, CoWatchParameters p, CommonViewers common, TopK top)
    {
        top.Clear();
        var degree = engaged.ItemDegree(item);
        foreach (var other in common.Found)
        {
            if (other == item) continue;
            double count = common.Counts[other], right = engaged.ItemDegree(other), shrunk = count + p.Shrinkage;
            // The score squared against the floor squared, without a root or a division: nearly every pair of a popular item
            // ends here. The margin is far above the rounding of either side, so that no pair is lost that ties.
            var floor = Math.Max(top.Floor, 0);
            if (count * count * count * count < (double)floor * floor * (1 - 1e-6) * degree * right * shrunk * shrunk) continue;
            top.Offer(other, (float)Score(common.Counts[other], degree, engaged.ItemDegree(other), p.Shrinkage));
        }
        top.Sort();
    }
}
