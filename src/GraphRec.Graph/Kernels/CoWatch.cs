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
    public static ItemNeighbours Build(Bipartite engaged, CoWatchParameters p, int threads = 1, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p.Neighbours);
        ArgumentOutOfRangeException.ThrowIfLessThan(p.MinCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(p.Shrinkage);
        var rows = new NeighbourRows(engaged.ItemCount);
        Rows.ForEach(
            engaged.ItemCount, 64, threads,
            () => (Common: new CommonViewers(engaged.ItemCount), Top: new TopK(p.Neighbours)),
            (scratch, item) =>
            {
                scratch.Common.Collect(engaged, item);
                Select(engaged, item, p, scratch.Common, scratch.Top);
                rows.Set(item, scratch.Top, scratch.Common.Counts);
                scratch.Common.Clear();
            },
            cancel);
        return rows.ToNeighbours();
    }

    private static void Select(Bipartite engaged, int item, CoWatchParameters p, CommonViewers common, TopK top)
    {
        top.Clear();
        var degree = engaged.ItemDegree(item);
        foreach (var other in common.Touched)
        {
            var count = common.Counts[other];
            // Most pairs have one common viewer (on Gowalla 34 of 42 million): the count decides before any root is taken.
            if (count < p.MinCount || other == item) continue;
            top.Offer(other, (float)Score(count, degree, engaged.ItemDegree(other), p.Shrinkage));
        }
        top.Sort();
    }
}

/// <summary>
/// Per item, how many viewers it has in common with one seed item, and optionally the sum of those viewers' weights:
/// the two hops item → user → item. Not for concurrent use.
/// </summary>
internal sealed class CommonViewers(int items)
{
    private readonly int[] _counts = new int[items];
    private readonly float[] _sums = new float[items];
    // One longer than needed: an append is always written, and only kept when it is new.
    private readonly int[] _touched = new int[items + 1];
    private int _count;

    /// <summary>Common viewers by item; the seed's own entry is its degree.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Sums of the common viewers' weights by item.</summary>
    public ReadOnlySpan<float> Sums => _sums;

    /// <summary>The items with at least one common viewer, in the order of their first touch.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    /// <summary>Counts the common viewers of every item with one.</summary>
    public void Collect(Bipartite engaged, int item)
    {
        var (counts, touched, n) = (_counts, _touched, _count);
        foreach (var user in engaged.UsersOf(item))
        {
            foreach (var other in engaged.ItemsOf(user))
            {
                touched[n] = other;
                n += counts[other]++ == 0 ? 1 : 0;
            }
        }
        _count = n;
    }

    /// <summary>Counts the common viewers, and sums their weights, of every item with one.</summary>
    public void Collect(Bipartite engaged, int item, ReadOnlySpan<float> userWeights)
    {
        Collect(engaged, item);
        foreach (var user in engaged.UsersOf(item))
        {
            var weight = userWeights[user];
            foreach (var other in engaged.ItemsOf(user)) _sums[other] += weight;
        }
    }

    public void Clear()
    {
        foreach (var i in Touched) (_counts[i], _sums[i]) = (0, 0);
        _count = 0;
    }
}
