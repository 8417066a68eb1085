using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

/// <summary>The neighbour and walk models on data small enough to work out by hand, and against their formulas.</summary>
public sealed class NeighbourModelTests
{
    /// <summary>Users of item 0: {0, 1}; of item 1: {0, 1, 2}; of item 2: {1, 2, 3}; of item 3: {3}.</summary>
    private static readonly int[][] Rows = [[0, 1], [0, 1, 2], [1, 2], [2, 3]];

    private static ModelRecipe Cosine { get; } = ModelRecipe.Default("itemknn").With("shrinkage", 0).With("userAlpha", 0).With("asymmetry", 0.5);

    private static Split Data { get; } = ModelContractTests.Data;

    [Fact]
    public void Item_knn_sums_the_cosines_of_the_history()
    {
        // Of item 3 with items 0, 1, 2: 0, 0, 1/√3; of item 2 with 0, 1: 1/√6, 2/3.
        var recipe = Cosine;
        Near([(1 / Math.Sqrt(6)), 2 / 3.0, 1 / Math.Sqrt(3), 1 / Math.Sqrt(3)], Score(Fit(recipe), [2, 3], [1, 1]));
        // Two units of weight are twice the score; one shared user is believed by half when shrunk by one.
        Near([0, 0, 1 / Math.Sqrt(3), 0], Score(Fit(recipe.With("shrinkage", 1)), [3], [2]));
        // Of the neighbours of item 2 only the nearest is kept, which is item 1.
        Near([0, 2 / 3.0, 0, 0], Score(Fit(recipe.With("neighbours", 1)), [2], [1]));
        // Asymmetry 1: n(2, other) / n(2) = 1/3, 2/3, -, 1/3; asymmetry 0: over n(other).
        Near([1 / 3.0, 2 / 3.0, 0, 1 / 3.0], Score(Fit(recipe.With("asymmetry", 1)), [2], [1]));
        Near([1 / 2.0, 2 / 3.0, 0, 1], Score(Fit(recipe.With("asymmetry", 0)), [2], [1]));
    }

    [Fact]
    public void Users_of_many_items_say_less_when_told_so()
    {
        // Users weigh 1/2, 1/3, 1/2, 1/2: items 0 and 1 share 5/6 of their sizes 5/6 and 4/3.
        var model = Fit(Cosine.With("userAlpha", 1));
        Assert.Equal(5 / 6.0 / Math.Sqrt(5 / 6.0 * 4 / 3), Score(model, [0], [1])[1], 1e-6);
    }

    [Fact]
    public void Jaccard_is_both_over_either()
    {
        Near([1 / 4.0, 2 / 4.0, 0, 1 / 3.0], Score(Fit(ModelRecipe.Default("itemknn-jaccard").With("shrinkage", 0)), [2], [1]));
        Near([1 / 4.0 / 3, 2 / 4.0 / 2, 0, 1 / 3.0 / 3], Score(Fit(ModelRecipe.Default("itemknn-jaccard").With("shrinkage", 2)), [2], [1]));
    }

    [Fact]
    public void Tf_idf_is_the_cosine_with_rare_users_counting_more()
    {
        // idf² of the users: of 4 items they have 2, 3, 2, 2.
        double two = Math.Pow(Math.Log(4 / 3.0), 2), three = 0;
        var model = Fit(ModelRecipe.Default("itemknn-tfidf").With("shrinkage", 0));
        Near([0, two / Math.Sqrt(2 * two * 2 * two), 0, two / Math.Sqrt(2 * two * two)], Score(model, [2], [1]));
        Assert.Equal(three, Score(model, [2], [1])[0]);
    }

    [Fact]
    public void Bm25_is_the_product_of_saturated_weights()
    {
        var (k1, b) = (0.2, 0.5);
        // Degrees 2, 3, 3, 1, mean 2.25; the users weigh idf² over its mean over the nine engagements, of which six count.
        double F(double n) => (k1 + 1) / ((k1 * (1 - b + (b * n / 2.25))) + 1);
        var user = 9 / 6.0;
        var model = Fit(ModelRecipe.Default("itemknn-bm25").With("shrinkage", 0).With("k1", k1).With("b", b));
        Near([0, user * F(3) * F(3), 0, user * F(3) * F(1)], Score(model, [2], [1]));
    }

    [Fact]
    public void User_knn_sums_powers_of_the_cosine_over_neighbours_that_are_others()
    {
        var plain = ModelRecipe.Default("userknn").With("power", 1).With("itemAlpha", 0).With("beta", 0);
        // Of user 0: user 1 with 2/√3, user 2 with 1/√2, user 3 with nothing (the user's own √2 is left out).
        double one = 2 / Math.Sqrt(3), two = 1 / Math.Sqrt(2);
        Near([one, one + two, one + two, 0], Score(Fit(plain), [0, 1], [1, 1], user: 0));
        Near([one, one, one, 0], Score(Fit(plain.With("neighbours", 1)), [0, 1], [1, 1], user: 0));
        Near([one * one, (one * one) + (two * two), (one * one) + (two * two), 0], Score(Fit(plain.With("power", 2)), [0, 1], [1, 1], user: 0));
        // One who was not fitted on has user 0 for a neighbour too, with 2/√2.
        Near([one + Math.Sqrt(2), one + two + Math.Sqrt(2), one + two, 0], Score(Fit(plain), [0, 1], [1, 1]));
    }

    [Theory]
    [InlineData("p3alpha", 0.9, 0.6, 0)]
    [InlineData("rp3beta", 0.8, 1, 0.3)]
    public void Walks_are_the_exact_three_hop_walk(string kind, double alpha, double itemAlpha, double beta)
    {
        var recipe = ModelRecipe.Default(kind).With("alpha", alpha).With("itemAlpha", itemAlpha);
        if (beta > 0) recipe = recipe.With("beta", beta);
        var model = ModelKinds.Fit(recipe, FitInput.Of(Data, 1, 1), TestContext.Current.CancellationToken);
        var relation = Bipartite.Build(Data.Train.Users.Count, Data.Train.Items.Count, user => Data.Train.ItemsOf(user).ToArray());
        var into = new ScoreAccumulator(relation.ItemCount);
        ThreeHopWalk.Score(relation, [new WeightedItem(3, 1), new WeightedItem(8, 2)], new WalkParameters((float)alpha, (float)itemAlpha, (float)beta), into);
        Near([.. Enumerable.Range(0, relation.ItemCount).Select(item => (double)into[item])], Score(model, [3, 8], [1, 2]));
    }

    [Theory]
    [InlineData("itemknn")]
    [InlineData("userknn")]
    [InlineData("rp3beta")]
    [InlineData("slim")]
    [InlineData("pixie")]
    public void Lists_follow_what_users_have_now_and_not_what_they_had_when_it_was_fitted(string kind)
    {
        var model = (ITopItemsModel)ModelKinds.Fit(ModelRecipe.Default(kind), FitInput.Of(Data, 1, 1), TestContext.Current.CancellationToken);
        // User 3 has items 0 and 2 now; there is also a user 60, who was not there before.
        var now = InteractionMatrix.Of(61, 24, [3, 3, 60, 60], [0, 2, 1, 5]);
        var found = new Dictionary<int, int[]>();
        model.TopItems(now, [60, 3], 6, 1, (user, items, _) => found.Add(user, items.ToArray()), TestContext.Current.CancellationToken);
        foreach (var (user, id, items) in new[] { (3, 3, new[] { 0, 2 }), (60, UserBlock.Unknown, [1, 5]) })
        {
            // The walks of pixie are drawn by the number of the user, which one who is unknown does not have.
            if (kind == "pixie" && id == UserBlock.Unknown) continue;
            var scores = Score(model, items, [1, 1], id);
            Assert.Equal(Enumerable.Range(0, 24).Except(items).OrderByDescending(item => scores[item]).ThenBy(item => item).Take(6), found[user]);
        }
        Assert.Equal(6, found[60].Length);
    }

    [Fact]
    public void Slim_finds_the_circle_of_taste()
    {
        var model = ModelKinds.Fit(ModelRecipe.Default("slim"), FitInput.Of(Data, 1, 1), TestContext.Current.CancellationToken);
        var scores = Score(model, [0, 2, 4], [1, 1, 1]);
        var best = Enumerable.Range(0, 24).Except([0, 2, 4]).OrderByDescending(item => scores[item]).Take(5);
        Assert.All(best, item => Assert.Equal(0, item % 2));
        Assert.All(scores, score => Assert.True(score >= 0));
    }

    [Fact]
    public void Random_orders_differ_between_users_and_seeds_and_are_alike_for_strangers()
    {
        var model = ModelKinds.Fit(ModelRecipe.Default("random"), FitInput.Of(Data, 1, 1), TestContext.Current.CancellationToken);
        var other = ModelKinds.Fit(ModelRecipe.Default("random"), FitInput.Of(Data, 2, 1), TestContext.Current.CancellationToken);
        float[] Of(IModel of, int user) => Score(of, [], [], user);
        Assert.NotEqual(Of(model, 0), Of(model, 1));
        Assert.NotEqual(Of(model, 0), Of(other, 0));
        Assert.Equal(Of(model, UserBlock.Unknown), Score(model, [3], [1]));
        var all = Enumerable.Range(0, 60).SelectMany(user => Of(model, user)).ToArray();
        Assert.InRange(all.Average(), 0.47, 0.53);
        Assert.InRange(all.Min(), 0, 0.02);
        Assert.InRange(all.Max(), 0.98, 0.9999999);
        Assert.True(all.Distinct().Count() > all.Length - 5);
    }

    [Fact]
    public void A_restart_above_one_is_refused() => Assert.Contains(
        "set it to 1 or less",
        Assert.Throws<InvalidInputException>(() => Fit(ModelRecipe.Default("pixie").With("restart", 1.5))).Message,
        StringComparison.Ordinal);

    private static IModel Fit(ModelRecipe recipe)
    {
        int[] users = [.. Rows.SelectMany((row, user) => row.Select(_ => user))];
        var pairs = Interactions.Of("by hand", ["a", "b", "c", "d"], ["0", "1", "2", "3"], users, [.. Rows.SelectMany(row => row)]);
        return ModelKinds.Fit(recipe, new FitInput(pairs.Matrix(), pairs, 1, 1), TestContext.Current.CancellationToken);
    }

    private static float[] Score(IModel model, int[] items, float[] weights, int user = UserBlock.Unknown)
    {
        var scores = new float[model.ItemCount];
        scores.AsSpan().Fill(float.NaN);
        model.NewScorer().Score(new UserBlock([user], [0, items.Length], items, weights), scores);
        return scores;
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], 1e-5 * Math.Max(1, expected[n]));
    }
}
