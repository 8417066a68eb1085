using System.Collections.Concurrent;
using CsCheck;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;
using Xunit;

namespace GraphRec.Tests.Learning.Linear;

public sealed class FactorTopItemsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>User (1, 2) scores the items (1, 0), (0, 1), (1, 1) and (2, 0.5) 1, 2, 3 and 3, and has the third.</summary>
    [Fact]
    public void One_user_by_hand()
    {
        var known = InteractionMatrix.Of(1, 4, [0], [2]);
        var lists = Lists(take => FactorTopItems.Run([1, 2], [1, 0, 0, 1, 1, 1, 2, 0.5f], 2, known, [0], 2, threads: 1, take, Cancel));
        Assert.Equal([3, 1], lists[0].Items);
        Assert.Equal([3f, 2f], lists[0].Scores);
    }

    [Fact]
    public void Ties_go_to_the_lower_number()
    {
        var known = InteractionMatrix.Of(2, 100, [1, 1], [0, 3]);
        var lists = Lists(take => FactorTopItems.Run([1, 1], [.. Enumerable.Repeat(1f, 100)], 1, known, [0, 1], 4, threads: 2, take, Cancel));
        Assert.Equal([0, 1, 2, 3], lists[0].Items);
        Assert.Equal([1, 2, 4, 5], lists[1].Items);
    }

    [Fact]
    public void Any_size_finds_what_sorting_all_scores_finds()
    {
        // Small whole numbers: sums are exact in any order, and there are many ties.
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 120], Gen.Int[1, 40], Gen.Int[0, 12], Gen.Int[0, 1000]).Sample(
            (users, items, factors, top, seed) =>
            {
                var random = new Random(seed);
                var userVectors = Numbers(random, users * factors);
                var itemVectors = Numbers(random, items * factors);
                var known = Known(random, users, items);
                int[] asked = [.. Enumerable.Range(0, users).Where(_ => random.Next(4) > 0)];
                Check(asked, userVectors, itemVectors, factors, known, top, Lists(take => Run<Tile512>(userVectors, itemVectors, factors, known, asked, top, take)));
                Check(asked, userVectors, itemVectors, factors, known, top, Lists(take => Run<Tile256>(userVectors, itemVectors, factors, known, asked, top, take)));
            },
            iter: 60);
    }

    [Fact]
    public void Any_number_of_threads_and_any_company_gives_the_same_bits()
    {
        var random = new Random(8);
        float[] Vectors(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        var (userVectors, itemVectors) = (Vectors(700 * 33), Vectors(900 * 33));
        var known = Known(random, 700, 900);
        var one = Lists(take => FactorTopItems.Run(userVectors, itemVectors, 33, known, [.. Enumerable.Range(0, 700)], 10, 1, take, Cancel));
        var three = Lists(take => FactorTopItems.Run(userVectors, itemVectors, 33, known, [.. Enumerable.Range(0, 700)], 10, 3, take, Cancel));
        var alone = Lists(take => FactorTopItems.Run(userVectors, itemVectors, 33, known, [501], 10, 2, take, Cancel));
        Assert.Equal(700, three.Count);
        foreach (var (user, list) in one)
        {
            Assert.Equal(list.Items, three[user].Items);
            Assert.Equal(list.Scores, three[user].Scores);
        }
        Assert.Equal(one[501].Scores, alone[501].Scores);
        Assert.Single(alone);
    }

    [Fact]
    public void Vectors_of_another_length_are_refused()
    {
        var known = InteractionMatrix.Of(2, 3, [], []);
        Assert.Throws<ArgumentException>(() => FactorTopItems.Run(new float[5], new float[6], 2, known, [0], 1, 1, (_, _, _) => { }, Cancel));
        Assert.Throws<ArgumentException>(() => FactorTopItems.Run(new float[4], new float[5], 2, known, [0], 1, 1, (_, _, _) => { }, Cancel));
    }

    [Fact]
    public void Stops_when_told()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var known = InteractionMatrix.Of(1, 1, [], []);
        Assert.Throws<OperationCanceledException>(() => FactorTopItems.Run([1], [1], 1, known, [0], 1, 1, (_, _, _) => { }, cancelled.Token));
    }

    private static void Run<TTile>(float[] userVectors, float[] itemVectors, int factors, InteractionMatrix known, int[] users, int top, UserTopItems take)
        where TTile : struct, ITile
    {
        void Fill(ReadOnlySpan<int> block, Span<float> vectors)
        {
            for (var row = 0; row < block.Length; row++) userVectors.AsSpan(block[row] * factors, factors).CopyTo(vectors[(row * factors)..]);
        }
        FactorTopItems.Run<TTile>(Fill, itemVectors, factors, known, users, top, 2, take, Cancel);
    }

    private static void Check(
        int[] users, float[] userVectors, float[] itemVectors, int factors, InteractionMatrix known, int top,
        IReadOnlyDictionary<int, (int[] Items, float[] Scores)> lists)
    {
        Assert.Equal(users.Length, lists.Count);
        foreach (var user in users)
        {
            var scores = Enumerable.Range(0, itemVectors.Length / factors)
                .Select(item => Enumerable.Range(0, factors).Sum(f => userVectors[(user * factors) + f] * itemVectors[(item * factors) + f])).ToArray();
            var best = Enumerable.Range(0, scores.Length).Where(item => !known.ItemsOf(user).Contains(item)).OrderByDescending(item => scores[item]).Take(top).ToArray();
            Assert.Equal(best, lists[user].Items);
            Assert.Equal(best.Select(item => scores[item]), lists[user].Scores);
        }
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.Next(-2, 3))];

    private static InteractionMatrix Known(Random random, int users, int items)
    {
        var pairs = Enumerable.Range(0, users * 3).Select(_ => (User: random.Next(users), Item: random.Next(items))).ToArray();
        return InteractionMatrix.Of(users, items, [.. pairs.Select(p => p.User)], [.. pairs.Select(p => p.Item)]);
    }

    private static ConcurrentDictionary<int, (int[] Items, float[] Scores)> Lists(Action<UserTopItems> run)
    {
        var lists = new ConcurrentDictionary<int, (int[], float[])>();
        run((user, items, scores) => Assert.True(lists.TryAdd(user, (items.ToArray(), scores.ToArray()))));
        return lists;
    }
}
