namespace GraphRec.Graph.Kernels;

/// <summary>The offline form of the walk: every user at once (<see cref="ThreeHopWalk.ScoreAllUsers"/>).</summary>
internal static class WalkAllUsers
{
    public static void Run(Bipartite engaged, WalkParameters p, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        var weights = new WalkWeights(engaged, p);
        Rows.ForEach(
            engaged.UserCount, 32, threads,
            () => (Scores: new ScoreAccumulator(engaged.ItemCount), Top: new TopK(top), Seeds: new List<WeightedItem>()),
            (scratch, user) =>
            {
                var (scores, best, seeds) = scratch;
                scores.Clear();
                best.Clear();
                seeds.Clear();
                foreach (var item in engaged.ItemsOf(user)) seeds.Add(new WeightedItem(item, weights.UserSeed[user]));
                ThreeHopWalk.Score(engaged, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(seeds), weights, scores);
                foreach (var item in scores.Touched)
                    if (engaged.ItemsOf(user).BinarySearch(item) < 0) best.Offer(item, scores[item]);
                best.Sort();
                consume(user, best.Items, best.Scores);
            },
            cancel);
    }
}
