using GraphRec.Core;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Graphs;
using Xunit;

namespace GraphRec.Tests.Learning.Models.Graphs;

public sealed class LightGcnTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Contrast_fits_the_same_bits_for_any_number_of_threads()
    {
        var recipe = ModelRecipe.Default("lightgcn").With("contrast", 0.2).With("epochs", 3);
        Assert.Equal(Bytes(1), Bytes(3));

        byte[] Bytes(int threads)
        {
            using var stream = new MemoryStream();
            ModelKinds.Fit(recipe, FitInput.Of(ModelContractTests.Data, 1, threads), Cancel).Save(stream);
            return stream.ToArray();
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void Those_who_were_fitted_and_those_who_were_not_have_their_own_items_before_others(int userVectors, int pairwise)
    {
        var model = Fit(userVectors, pairwise, pairwise == 0 ? 30 : 200);
        Assert.InRange(Auc(model, user => user), 0.8, 1);
        Assert.InRange(Auc(model, _ => UserBlock.Unknown), 0.7, 1);
    }

    /// <summary>The vector folded in for a user of the training data is what the layers gave them; softmax makes items' vectors of length 1.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void Scores_are_those_of_the_layers(int userVectors, int pairwise)
    {
        var train = ModelContractTests.Data.Train;
        var p = new LightGcnParameters(20, 3, 2, 8, 0.01, 0) { UserVectors = userVectors == 1, Pairwise = pairwise == 1 };
        var fit = new LightGcnFit(train, p, 1, 1, Cancel);
        fit.Epoch(null);
        var model = LightGcnModel.Of(train, p, fit, 1, Cancel);
        var (final, width) = (fit.Final(), fit.Width);
        for (var user = 0; user < 5; user++)
        {
            var u = final.Users.AsSpan(user * width, width);
            var scores = Scores(model, user, train.ItemsOf(user).ToArray());
            for (var item = 0; item < scores.Length; item++)
            {
                var v = final.Items.AsSpan(item * width, width);
                var expected = LightGcnKernelTests.Dot(u, v) / (pairwise == 1 ? 1 : Math.Sqrt(LightGcnKernelTests.Dot(v, v)));
                Assert.Equal(expected, scores[item], 1e-5 + (1e-4 * Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void Without_learned_vectors_of_users_an_event_counts_for_those_who_were_fitted_as_for_others()
    {
        var model = Fit(0, 0, 10);
        Assert.Equal(Scores(model, UserBlock.Unknown, [1, 6, 9]), Scores(model, 3, [1, 6, 9]));
        Assert.NotEqual(Scores(model, 3, [1, 6]), Scores(model, 3, [1, 6, 9]));
        // With them their own vector counts besides.
        var other = Fit(1, 0, 10);
        Assert.NotEqual(Scores(other, UserBlock.Unknown, [1, 6, 9]), Scores(other, 3, [1, 6, 9]));
        Assert.False(other.TryExplain(new UserBlock([3], [0, 1], [1], [1]), 2, new float[1]));
    }

    [Fact]
    public void Drawn_candidates_fit_too()
    {
        var recipe = ModelRecipe.Default("lightgcn").With("candidates", 12).With("epochs", 30);
        Assert.InRange(Auc(ModelKinds.Fit(recipe, FitInput.Of(ModelContractTests.Data, 1, 1), Cancel), user => user), 0.8, 1);
    }

    /// <summary>The singular vectors are orthogonal, and of one length.</summary>
    [Fact]
    public void Layer_0_may_start_from_singular_vectors()
    {
        var train = ModelContractTests.Data.Train;
        var p = new LightGcnParameters(4, 3, 2, 8, 0.01, 0) { Spectral = true, UserVectors = true };
        var (fit, other) = (new LightGcnFit(train, p, 1, 1, Cancel), new LightGcnFit(train, p, 1, 3, Cancel));
        Assert.Equal(fit.Learned.Items, other.Learned.Items);
        for (var k = 0; k < 4; k++)
        {
            for (var l = 0; l < 4; l++)
            {
                var dot = Enumerable.Range(0, train.Items.Count).Sum(item => (double)fit.Learned.Items[(item * fit.Width) + k] * fit.Learned.Items[(item * fit.Width) + l]);
                Assert.Equal(k == l ? 0.01 * train.Items.Count : 0, dot, 1e-3);
            }
        }
        // A user starts as what the layers would give them.
        var mean = NodeValues.Of(train, fit.Width);
        new GraphLayers(train, 1, fit.Width, 1, Cancel).Forward(fit.Learned, hasUsers: false, mean);
        for (var n = 0; n < mean.Users.Length; n++) Assert.Equal(2 * mean.Users[n], fit.Learned.Users[n], 1e-5f);
    }

    /// <summary>score = vectors' + a factor · the walk's, with one factor for all users and items.</summary>
    [Fact]
    public void A_walk_is_added_to_the_vectors()
    {
        var recipe = ModelRecipe.Default("lightgcn-walk").With("epochs", 3);
        var input = FitInput.Of(ModelContractTests.Data, 1, 1);
        var (without, with) = (ModelKinds.Fit(recipe.With("walk", 0), input, Cancel), ModelKinds.Fit(recipe.With("walk", 2), input, Cancel));
        var (vectors, walk) = (ModelKinds.Fit(new ModelRecipe("lightgcn", recipe.Parameters), input, Cancel), ModelKinds.Fit(ModelRecipe.Default("p3alpha"), input, Cancel));
        List<double> factors = [];
        foreach (var items in new int[][] { [1, 6], [2, 3, 9] })
        {
            var (sum, alone, learned, walked) = (Scores(with, -1, items), Scores(without, -1, items), Scores(vectors, -1, items), Scores(walk, -1, items));
            for (var item = 0; item < sum.Length; item++)
            {
                Assert.Equal(learned[item] * Math.Sqrt(items.Length), alone[item], 1e-5);
                if (walked[item] > 0.01) factors.Add((sum[item] - alone[item]) / walked[item]);
            }
        }
        Assert.True(factors.Count > 10 && factors[0] > 0);
        Assert.All(factors, factor => Assert.Equal(factors[0], factor, 1e-3 * factors[0]));
    }

    [Fact]
    public void Data_without_a_pair_is_refused() => Assert.StartsWith(
        "There is no pair to learn from",
        Assert.Throws<InvalidInputException>(() => new LightGcnFit(InteractionMatrix.Of(2, 2, [], []), new LightGcnParameters(8, 2, 1, 8, 0.01, 0), 1, 1, Cancel)).Message,
        StringComparison.Ordinal);

    private static IModel Fit(int userVectors, int pairwise, int epochs) => ModelKinds.Fit(
        ModelRecipe.Default("lightgcn").With("userVectors", userVectors).With("pairwise", pairwise).With("epochs", epochs),
        FitInput.Of(ModelContractTests.Data, 1, 2), Cancel);

    /// <summary>How often an item of a user is scored above one that is not.</summary>
    private static double Auc(IModel model, Func<int, int> numberOf)
    {
        var train = ModelContractTests.Data.Train;
        var (right, all) = (0, 0);
        for (var user = 0; user < train.Users.Count; user++)
        {
            var items = train.ItemsOf(user).ToArray();
            var scores = Scores(model, numberOf(user), items);
            foreach (var item in items)
            {
                foreach (var other in Enumerable.Range(0, scores.Length).Except(items)) (right, all) = (right + (scores[item] > scores[other] ? 1 : 0), all + 1);
            }
        }
        return (double)right / all;
    }

    private static float[] Scores(IModel model, int user, int[] items)
    {
        var scores = new float[model.ItemCount];
        model.NewScorer().Score(new UserBlock([user], [0, items.Length], items, [.. items.Select(_ => 1f)]), scores);
        return scores;
    }
}
