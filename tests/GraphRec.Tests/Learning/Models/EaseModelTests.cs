using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

public sealed class EaseModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Two users have both of two items and one has the second only; with λ = 1, G = (3 2; 2 4), P = (4 −2; −2 3) / 8, so
    /// the weight from item 0 to item 1 is 2/3 and the other way 2/4.
    /// </summary>
    [Fact]
    public void Two_items_by_hand()
    {
        var model = EaseModel.Fit(Input(3, 2, [(0, 0), (0, 1), (1, 0), (1, 1), (2, 1)]), lambda: 1, cancel: Cancel);
        var scores = new float[2 * 2];
        model.NewScorer().Score(new UserBlock([2, UserBlock.Unknown], [0, 1, 3], [1, 0, 1], [1, 0.5f, 2]), scores);
        Close([0.5, 0, 1, 1d / 3], scores, 1e-6);
        var contributions = new float[2];
        Assert.True(model.TryExplain(new UserBlock([0], [0, 2], [0, 1], [0.5f, 2]), 1, contributions));
        Close([1d / 3, 0], contributions, 1e-6);
    }

    [Fact]
    public void Any_data_give_the_weights_of_the_closed_form_in_double_precision_over_items_and_over_users() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Double[0.5, 50], Gen.Int[0, 1000]).Sample(
            (users, items, lambda, seed) =>
            {
                var input = Drawn(users, items, seed);
                var model = EaseModel.Fit(input, lambda, cancel: Cancel);
                var x = Matrix<double>.Build.Dense(users, items);
                for (var user = 0; user < users; user++)
                    foreach (var item in input.Train.ItemsOf(user)) x[user, item] = 1;
                var p = ((x.Transpose() * x) + (lambda * Matrix<double>.Build.DenseIdentity(items))).Inverse();
                var weights = Matrix<double>.Build.Dense(items, items, (j, i) => i == j ? 0 : -p[j, i] / p[i, i]);
                var scores = new float[items];
                for (var user = 0; user < users; user++)
                {
                    Score(model, input.Train.ItemsOf(user), scores);
                    Close([.. (x.Row(user) * weights)], scores, 2e-4);
                }
            },
            iter: 60);

    [Fact]
    public void Few_users_are_inverted_over_users_and_few_items_over_items()
    {
        Assert.True(EaseFit.Of(Drawn(20, 40, 1).Train, 10, 0, long.MaxValue).IsOverUsers);
        Assert.False(EaseFit.Of(Drawn(40, 20, 1).Train, 10, 0, long.MaxValue).IsOverUsers);
        // With a tiny ridge the way over users would lose too many digits, and it needs room for both inverses.
        Assert.False(EaseFit.Of(Drawn(20, 40, 1).Train, 0.001, 0, long.MaxValue).IsOverUsers);
        Assert.False(EaseFit.Of(Drawn(20, 40, 1).Train, 10, 0, 4 * 40 * 40).IsOverUsers);
    }

    [Fact]
    public void More_items_than_a_piece_are_scored_alike_by_all_three_ways()
    {
        // 1,300 items are more than a piece of 1,024 columns; 500 users: over users.
        var input = Drawn(500, 1300, 2);
        Assert.True(EaseFit.Of(input.Train, 20, 0, long.MaxValue).IsOverUsers);
        var model = EaseModel.Fit(input, lambda: 20, cancel: Cancel);
        var scores = new float[1300];
        var lists = Lists(model, input.Train, 7, 2);
        for (var user = 0; user < 500; user += 37)
        {
            var items = input.Train.ItemsOf(user);
            Score(model, items, scores);
            var best = Enumerable.Range(0, 1300).Except(items.ToArray()).OrderByDescending(item => scores[item]).Take(7).ToArray();
            Close([.. best.Select(item => (double)scores[item])], lists[user].Scores, 1e-6);
            Close([.. lists[user].Items.Select(item => (double)scores[item])], lists[user].Scores, 1e-6);
            var contributions = new float[items.Length];
            model.TryExplain(new UserBlock([user], [0, items.Length], items, Ones(items.Length)), best[0], contributions);
            Assert.Equal(scores[best[0]], contributions.Sum(), 1e-6);
        }
        var again = Lists(model, input.Train, 7, 3);
        Assert.All(lists, list => Assert.Equal(list.Scores, again[Array.IndexOf(lists, list)].Scores));
    }

    [Fact]
    public void The_most_popular_items_alone_are_scored_when_told_so()
    {
        var input = Drawn(30, 50, 3);
        var model = EaseModel.Fit(input, lambda: 5, maxItems: 20, Cancel);
        Assert.Equal((50, 20), (model.ItemCount, model.ScoredItems));
        int[] kept = [.. Enumerable.Range(0, 50).OrderByDescending(item => input.Train.UsersOf(item).Length).ThenBy(item => item).Take(20)];
        var scores = new float[50];
        var lists = Lists(model, input.Train, 45, 2);
        for (var user = 0; user < 30; user++)
        {
            var items = input.Train.ItemsOf(user);
            Score(model, items, scores);
            Assert.All(Enumerable.Range(0, 50).Except(kept), item => Assert.Equal(0, scores[item]));
            // Scores of less than 0 are below those of items that are not scored.
            var best = Enumerable.Range(0, 50).Except(items.ToArray()).OrderByDescending(item => scores[item]).Take(45).ToArray();
            Close([.. best.Select(item => (double)scores[item])], [.. lists[user].Items.Select(item => scores[item])], 1e-6);
            Assert.Equal(best.Length, lists[user].Items.Distinct().Count());
        }
        var rest = new float[1];
        Assert.True(model.TryExplain(new UserBlock([0], [0, 1], [kept[0]], [1]), Enumerable.Range(0, 50).Except(kept).First(), rest));
        Assert.Equal(0, rest[0]);
    }

    [Fact]
    public void What_does_not_fit_into_memory_is_refused_with_what_would()
    {
        var train = Drawn(600, 500, 4).Train;
        const long needed = (4 * 500 * 500) + (2 * 4 * 500 * 384);
        var fit = EaseFit.Of(train, 10, 0, needed);
        Assert.Equal(needed, fit.MemoryEstimate);
        fit.CheckMemory();
        var message = Assert.Throws<InvalidInputException>(() => EaseFit.Of(train, 10, 0, 1_000_000).CheckMemory()).Message;
        Assert.StartsWith("ease of 500 items needs 0.0 GB of memory", message);
        Assert.Contains("set maxItems to 246 or less", message);
        EaseFit.Of(train, 10, 246, 1_000_000).CheckMemory();
        Assert.Throws<InvalidInputException>(() => EaseFit.Of(train, 10, 247, 1_000_000).CheckMemory());
        var many = EaseFit.Of(InteractionMatrix.Of(1, EaseFit.MostItems + 1, [0], [0]), 10, 0, long.MaxValue);
        Assert.Contains($"set maxItems to {EaseFit.MostItems} or less", Assert.Throws<InvalidInputException>(() => many.CheckMemory()).Message);
    }

    [Fact]
    public void A_ridge_too_small_for_single_precision_is_refused()
    {
        // All users have all items: without the ridge the matrix has rank 1.
        var input = Input(40, 5, [.. from user in Enumerable.Range(0, 40) from item in Enumerable.Range(0, 5) select (user, item)]);
        Assert.StartsWith("ease.lambda is 1E-05, too small", Assert.Throws<InvalidInputException>(() => EaseModel.Fit(input, 1e-5, cancel: Cancel)).Message);
    }

    private static FitInput Drawn(int users, int items, int seed)
    {
        var random = new Random(seed);
        var pairs = Enumerable.Range(0, users * 6).Select(_ => (random.Next(users), Math.Min(random.Next(items), random.Next(items))));
        return Input(users, items, [.. pairs.Distinct()]);
    }

    private static FitInput Input(int users, int items, (int User, int Item)[] pairs)
    {
        var data = Interactions.Of("made up", new NumberIds(users), new NumberIds(items), [.. pairs.Select(p => p.User)], [.. pairs.Select(p => p.Item)]);
        return new FitInput(data.Matrix(), data, Seed: 1, Threads: 2);
    }

    private static (int[] Items, float[] Scores)[] Lists(EaseModel model, InteractionMatrix known, int top, int threads)
    {
        var lists = new (int[], float[])[known.Users.Count];
        model.TopItems(known, [.. Enumerable.Range(0, lists.Length)], top, threads, (user, items, scores) => lists[user] = (items.ToArray(), scores.ToArray()), Cancel);
        return lists;
    }

    private static void Score(EaseModel model, ReadOnlySpan<int> items, float[] scores) =>
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, items.Length], items, Ones(items.Length)), scores);

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];

    private static void Close(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], tolerance);
    }
}
