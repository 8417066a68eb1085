using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Tests.Learning.Linear;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

public sealed class TurboCfTests
{
    // Degrees: users 2, 1; items 1, 2. With alpha 1/2, P = [1/2 1/√8; 1/√8 3/4].
    private static readonly InteractionMatrix Two = TruncatedSvdTests.Pattern(2, 2, [(0, 0), (0, 1), (1, 1)]);

    [Fact]
    public void Two_users_by_hand()
    {
        Close([0.5, 1 / Math.Sqrt(8)], Scores(Fit(Two, Turbo), 0));
        Close([0.25, 0.125], Scores(Fit(Two, Turbo.With("power", 2)), 0));
        // 2P − P²: P² = [3/8 5/(4√8); 5/(4√8) 11/16].
        Close([1 - 0.375, 0.75 / Math.Sqrt(8)], Scores(Fit(Two, Turbo.With("order", 2)), 0));
    }

    [Fact]
    public void It_is_its_formula() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[0, 1000], Gen.Double[0.3, 0.8], Gen.OneOf(Gen.Const(1.0), Gen.Double[0.5, 1.6]), Gen.Int[1, 2]).Sample(
            (users, items, seed, alpha, power, order) =>
            {
                var pattern = TruncatedSvdTests.Random(users, items, 0.3, seed);
                var normalised = TruncatedSvdTests.Dense(pattern, alpha, 1 - alpha);
                var graph = normalised.TransposeThisAndMultiply(normalised).Map(value => value == 0 ? 0 : Math.Pow(value, power), Zeros.Include);
                var expected = order == 1 ? graph : (2 * graph) - (graph * graph);
                var model = Fit(pattern, Turbo.With("alpha", alpha).With("power", power).With("order", order));
                for (var item = 0; item < items; item++) Close([.. expected.Row(item)], Scores(model, item));
            },
            iter: 60);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.7, 1)]
    [InlineData(1, 2)]
    public void Every_form_keeps_what_the_contract_says(double power, int order)
    {
        var pattern = TruncatedSvdTests.Random(30, 25, 0.2, seed: 6);
        var recipe = Turbo.With("power", power).With("order", order);
        var model = Fit(pattern, recipe);
        Assert.Equal(Saved(model), Saved(Fit(pattern, recipe, threads: 1)));
        var read = ModelReader.Read(new MemoryStream(Saved(model)), "model");
        for (var item = 0; item < 25; item++) Assert.Equal(Scores(model, item), Scores(read, item));
        var history = pattern.ItemsOf(4).ToArray();
        var (contributions, scores) = (new float[history.Length], new float[25]);
        var user = new UserBlock([4], [0, history.Length], history, [.. history.Select(n => 0.5f + n)]);
        model.NewScorer().Score(user, scores);
        foreach (var item in new[] { 0, 7, 24 })
        {
            Assert.True(model.TryExplain(user, item, contributions));
            Assert.Equal(scores[item], contributions.Sum(), 1e-4f * Math.Max(1, Math.Abs(scores[item])));
        }
        var found = new int[30][];
        ((ITopItemsModel)model).TopItems(pattern, [.. Enumerable.Range(0, 30)], 3, 2, (who, items, _) => found[who] = items.ToArray(), TestContext.Current.CancellationToken);
        for (var who = 0; who < 30; who++)
        {
            var known = pattern.ItemsOf(who).ToArray();
            var own = new float[25];
            model.NewScorer().Score(new UserBlock([who], [0, known.Length], known, [.. known.Select(_ => 1f)]), own);
            Assert.Equal(3, found[who].Length);
            Assert.Empty(found[who].Intersect(known));
            Assert.Equal(Enumerable.Range(0, 25).Except(known).Select(item => own[item]).OrderDescending().Take(3).Sum(), found[who].Sum(item => own[item]), 1e-4f);
        }
    }

    [Fact]
    public void A_dense_graph_that_does_not_fit_is_refused()
    {
        var pattern = TruncatedSvdTests.Pattern(1, 200_000, [(0, 0), (0, 199_999)]);
        var message = Assert.Throws<InvalidInputException>(() => Fit(pattern, Turbo.With("order", 2))).Message;
        Assert.Contains("set order to 1", message, StringComparison.Ordinal);
        Fit(pattern, Turbo.With("power", 0.7));
    }

    [Fact]
    public void There_is_no_third_order() =>
        Assert.StartsWith("turbocf.order", Assert.Throws<InvalidInputException>(() => Fit(Two, Turbo.With("order", 3))).Message, StringComparison.Ordinal);

    private static ModelRecipe Turbo => ModelRecipe.Default("turbocf");

    private static IModel Fit(InteractionMatrix pattern, ModelRecipe recipe, int threads = 2) => ModelKinds.Fit(
        recipe, new FitInput(pattern, GraphFilterTests.PairsOf(pattern), Seed: 3, threads), TestContext.Current.CancellationToken);

    private static float[] Scores(IModel model, int item)
    {
        var scores = new float[model.ItemCount];
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, 1], [item], [1]), scores);
        return scores;
    }

    private static byte[] Saved(IModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static void Close(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < actual.Length; n++) Assert.Equal(expected[n], actual[n], 1e-4 * Math.Max(1, Math.Abs(expected[n])));
    }
}
