namespace GraphRec.Graph.Kernels;

/// <summary>
/// The exponents of the three-hop walk user → item a → user v → item b. All 1 with <paramref name="Beta"/> 0 is the plain
/// random walk; every <c>*Alpha</c> equal is P3α (Cooper et al., WWW 2014); <paramref name="Beta"/> above 0 is RP3β
/// (Paudel et al., ACM TiiS 7(1), 2017).
/// </summary>
/// <param name="Alpha">Third hop, user v → item b: each step weighs 1/deg(v)^Alpha.</param>
/// <param name="ItemAlpha">Second hop, item a → user v: each step weighs 1/deg(a)^ItemAlpha.</param>
/// <param name="Beta">Penalty of popular destinations: the score is divided by deg(b)^Beta.</param>
/// <param name="SeedAlpha">
/// First hop, user → item a: 1/deg(user)^SeedAlpha, one constant per user, which changes scores but no ranking.
/// <see cref="ThreeHopWalk.ScoreAllUsers"/> alone applies it; elsewhere the caller's seed weights are the first hop.
/// </param>
public sealed record WalkParameters(float Alpha = 1, float ItemAlpha = 1, float Beta = 0, float SeedAlpha = 1);

/// <summary>The weight of every node in the walk, computed once per relation and parameters.</summary>
public sealed class WalkWeights
{
    private readonly float[] _userSeed;
    private readonly float[] _itemOut;
    private readonly float[] _userOut;
    private readonly float[] _destination;

    /// <param name="engaged">The relation, users × items.</param>
    /// <param name="p">The exponents.</param>
    public WalkWeights(Bipartite engaged, WalkParameters p)
    {
        _userSeed = Powers(engaged.UserOffsets, p.SeedAlpha);
        _itemOut = Powers(engaged.ItemOffsets, p.ItemAlpha);
        _userOut = Powers(engaged.UserOffsets, p.Alpha);
        _destination = Powers(engaged.ItemOffsets, p.Beta);
        IsBetaZero = p.Beta == 0;
    }

    /// <summary>Whether no destination is penalised, so that <see cref="Destination"/> is 1 wherever a walk can arrive.</summary>
    public bool IsBetaZero { get; }

    /// <summary>1/deg(user)^SeedAlpha per user; 0 for a user without items.</summary>
    public ReadOnlySpan<float> UserSeed => _userSeed;

    /// <summary>1/deg(a)^ItemAlpha per item; 0 for an item without users.</summary>
    public ReadOnlySpan<float> ItemOut => _itemOut;

    /// <summary>1/deg(v)^Alpha per user.</summary>
    public ReadOnlySpan<float> UserOut => _userOut;

    /// <summary>1/deg(b)^Beta per item.</summary>
    public ReadOnlySpan<float> Destination => _destination;

    private static float[] Powers(int[] offsets, float exponent)
    {
        var powers = new float[offsets.Length - 1];
        for (var i = 0; i < powers.Length; i++)
        {
            var degree = offsets[i + 1] - offsets[i];
            powers[i] = degree == 0 ? 0 : (float)Math.Pow(degree, -(double)exponent);
        }
        return powers;
    }
}

/// <summary>Receives a user's best items, best first. Called from several threads at once; the spans live only during the call.</summary>
public delegate void UserTopItems(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> scores);

/// <summary>
/// Exact three-hop walks, without sampling:
/// W(a,b) = Σ_{v engaged with a and b} 1/deg(a)^ItemAlpha · 1/deg(v)^Alpha · 1/deg(b)^Beta.
/// </summary>
public static class ThreeHopWalk
{
    /// <summary>
    /// Adds score(b) = Σ_a w_a · W(a,b) for every item b reachable from the seeds. The seeds are reachable too, and get
    /// their score: masking what was seen is the caller's. Builds the weights in O(nodes); where they can be kept, use
    /// the overload that takes them.
    /// </summary>
    public static void Score(Bipartite engaged, ReadOnlySpan<WeightedItem> seeds, WalkParameters p, ScoreAccumulator into) =>
        Score(engaged, seeds, new WalkWeights(engaged, p), into);

    /// <summary>The same with kept weights; allocates nothing. Work: Σ_a Σ_{v∈a} deg(v) additions.</summary>
    /// <param name="engaged">The relation the weights were built from.</param>
    /// <param name="seeds">Items and weights; a negative weight takes score away, a repeated item counts again.</param>
    /// <param name="weights">The weights of <paramref name="engaged"/>.</param>
    /// <param name="into">Receives the scores, added to what it holds; capacity ≥ items.</param>
    public static void Score(Bipartite engaged, ReadOnlySpan<WeightedItem> seeds, WalkWeights weights, ScoreAccumulator into)
    {
        var itemOut = weights.ItemOut;
        var userOut = weights.UserOut;
        var destination = weights.Destination;
        foreach (var seed in seeds)
        {
            var step = seed.Weight * itemOut[seed.Item];
            if (step == 0) continue;
            foreach (var user in engaged.UsersOf(seed.Item))
            {
                if (weights.IsBetaZero) into.Add(engaged.ItemsOf(user), step * userOut[user]);
                else into.AddScaled(engaged.ItemsOf(user), step * userOut[user], destination);
            }
        }
    }

    /// <summary>W(a,b) of one pair: what a seed of weight 1 contributes to the score of <paramref name="b"/>.</summary>
    public static float Contribution(Bipartite engaged, int a, int b, WalkWeights weights)
    {
        var left = engaged.UsersOf(a);
        var right = engaged.UsersOf(b);
        var userOut = weights.UserOut;
        var sum = 0f;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (l, r) = (left[i], right[j]);
            if (l == r) sum += userOut[l];
            if (l <= r) i++;
            if (r <= l) j++;
        }
        return weights.ItemOut[a] * sum * weights.Destination[b];
    }

    /// <summary>
    /// The <paramref name="neighbours"/> largest entries of every row of W, best first, ties by index, the item itself
    /// excluded. Counts are the common viewers. Work: Σ deg(user)² additions.
    /// </summary>
    public static ItemNeighbours BuildIndex(
        Bipartite engaged, WalkParameters p, int neighbours, int threads = 1, CancellationToken cancel = default) =>
        BuildIndex(engaged, p, neighbours, new NeighbourRows(engaged.ItemCount), threads, cancel);

    /// <summary>The same, computing only the rows that are not kept.</summary>
    internal static ItemNeighbours BuildIndex(
        Bipartite engaged, WalkParameters p, int neighbours, NeighbourRows rows, int threads, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(neighbours);
        var weights = new WalkWeights(engaged, p);
        Rows.ForEach(
            engaged.ItemCount, 64, threads,
            () => (Common: new CommonViewers(engaged.ItemCount), Top: new TopK(neighbours)),
            (scratch, item) =>
            {
                if (rows.IsKept(item)) return;
                var (common, top) = scratch;
                common.Sum(engaged, item, weights.UserOut);
                var scale = weights.ItemOut[item];
                var destination = weights.Destination;
                top.Clear();
                foreach (var other in common.Found)
                    if (other != item) top.Offer(other, scale * common.Sums[other] * destination[other]);
                top.Sort();
                rows.Set(item, top, common.Counts);
                common.Clear(engaged, item);
            },
            cancel);
        return rows.ToNeighbours();
    }

    /// <summary>
    /// Every user's best items they have not engaged with, over their whole history:
    /// score(b) = Σ_{a∈user} 1/deg(user)^SeedAlpha · W(a,b). Users without an unseen reachable item get an empty list.
    /// </summary>
    /// <param name="engaged">The relation.</param>
    /// <param name="p">The exponents.</param>
    /// <param name="top">How many items per user.</param>
    /// <param name="threads">How many threads; the result does not depend on it.</param>
    /// <param name="consume">Called once per user, in no order, from several threads.</param>
    /// <param name="cancel">Checked every few users.</param>
    public static void ScoreAllUsers(
        Bipartite engaged, WalkParameters p, int top, int threads, UserTopItems consume, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        var weights = new WalkWeights(engaged, p);
        var walk = new CoViewerWalk(engaged, weights);
        Rows.ForEach(
            engaged.UserCount, 32, threads,
            () => (Walk: walk.NewScratch(top), Seeds: new float[engaged.ItemCount]),
            (scratch, user) =>
            {
                var items = engaged.ItemsOf(user);
                var seeds = scratch.Seeds.AsSpan(0, items.Length);
                seeds.Fill(weights.UserSeed[user]);
                walk.Top(items, seeds, -1, items, scratch.Walk);
                consume(user, scratch.Walk.Best.Items, scratch.Walk.Best.Scores);
            },
            cancel);
    }
}
