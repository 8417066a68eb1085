namespace GraphRec.Graph.Kernels;

/// <summary>How a sparse linear model is fitted.</summary>
/// <param name="L1">Penalty of each weight's size: more of it, fewer weights; from 0.</param>
/// <param name="L2">Penalty of each weight's square: more of it, smaller weights; from 0.</param>
/// <param name="Passes">How often all candidates of a target are gone over at most, from 1.</param>
public sealed record SparseLinearParameters(float L1, float L2, int Passes = 10);

/// <summary>
/// Sparse linear regression of every item on items like it, SLIM (Ning, Karypis, "SLIM: sparse linear methods for top-N recommender
/// systems", ICDM 2011, §4) with the candidates restricted to each target's nearest neighbours (fsSLIM, §4.3): of each target j the
/// weights w ≥ 0 that make ½‖x_j − Xw‖² + ½·L2·‖w‖² + L1·‖w‖₁ least, by coordinate descent, where x_j is who has j.
/// </summary>
/// <remarks>
/// The descent keeps the residual x_j − Xw by user instead of a Gram matrix of the candidates: an update reads and writes the users
/// of one item, and no memory beyond a number per user is needed.
/// </remarks>
public static unsafe class SparseLinear
{
    private const float Tolerance = 1e-4f;
    private const int InnerPasses = 20;

    /// <summary>The weights, with a row per item that speaks and a column per target.</summary>
    /// <param name="relation">X.</param>
    /// <param name="candidates">A row per target: the items that may speak for it; the target itself is no candidate.</param>
    /// <param name="p">The penalties.</param>
    /// <param name="threads">From 1; the result does not depend on it.</param>
    /// <param name="cancel">Looked at every few targets.</param>
    /// <param name="progress">Told the share of targets done.</param>
    public static ItemWeights Build(
        Bipartite relation, ItemWeights candidates, SparseLinearParameters p, int threads, CancellationToken cancel, IProgress<double>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(p.L1);
        ArgumentOutOfRangeException.ThrowIfNegative(p.L2);
        ArgumentOutOfRangeException.ThrowIfLessThan(p.Passes, 1);
        var columns = new (int[], float[])[relation.ItemCount];
        var done = 0;
        Rows.ForEach(
            relation.ItemCount, 16, threads,
            () => new float[relation.UserCount],
            (residual, target) =>
            {
                var found = candidates.Of(target);
                var weights = new float[found.Length];
                Fit(relation, target, found, weights, p, residual);
                columns[target] = Kept(found, weights);
                if (progress is not null && Interlocked.Increment(ref done) is var n && n % 256 == 0) progress.Report((double)n / columns.Length);
            },
            cancel);
        return ItemWeights.OfRows(columns).Transposed();
    }

    private static (int[] Items, float[] Weights) Kept(ReadOnlySpan<int> items, float[] weights)
    {
        var count = weights.Length - weights.AsSpan().Count(0);
        var (keptItems, keptWeights) = (new int[count], new float[count]);
        for (int n = 0, next = 0; n < weights.Length; n++)
        {
            if (weights[n] != 0) (keptItems[next], keptWeights[next++]) = (items[n], weights[n]);
        }
        return (keptItems, keptWeights);
    }

    /// <summary>One target's weights; the residual is zero before and after.</summary>
    private static void Fit(Bipartite relation, int target, ReadOnlySpan<int> candidates, Span<float> weights, SparseLinearParameters p, float[] residual)
    {
        foreach (var user in relation.UsersOf(target)) residual[user] = 1;
        var active = new bool[candidates.Length];
        for (var pass = 0; pass < p.Passes; pass++)
        {
            // All candidates, and then those that have a weight until they are settled: most never get one.
            var joined = false;
            var change = 0f;
            for (var n = 0; n < candidates.Length; n++)
            {
                change = Math.Max(change, Update(relation, candidates[n], ref weights[n], p, residual));
                if (weights[n] == 0 || active[n]) continue;
                joined = active[n] = true;
            }
            if (!joined && change < Tolerance) break;
            for (var inner = 0; inner < InnerPasses && change >= Tolerance; inner++)
            {
                change = 0;
                for (var n = 0; n < candidates.Length; n++)
                    if (active[n]) change = Math.Max(change, Update(relation, candidates[n], ref weights[n], p, residual));
            }
        }
        foreach (var user in relation.UsersOf(target)) residual[user] = 0;
        for (var n = 0; n < candidates.Length; n++)
        {
            if (!active[n]) continue;
            foreach (var user in relation.UsersOf(candidates[n])) residual[user] = 0;
        }
    }

    /// <summary>Sets one weight to where the others want it; says by how much it changed.</summary>
    private static float Update(Bipartite relation, int item, ref float weight, SparseLinearParameters p, float[] residual)
    {
        var degree = relation.ItemDegree(item);
        fixed (int* first = relation.Users)
        fixed (float* rest = residual)
        {
            var users = first + relation.ItemOffsets[item];
            var sum = 0f;
            for (var n = 0; n < degree; n++) sum += rest[users[n]];
            var next = Math.Max(0, (sum + (degree * weight) - p.L1) / (degree + p.L2));
            var change = next - weight;
            if (change == 0) return 0;
            for (var n = 0; n < degree; n++) rest[users[n]] -= change;
            weight = next;
            return Math.Abs(change);
        }
    }
}
