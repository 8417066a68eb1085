using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models.Ratings;
using GraphRec.Learning.Simulation;
using GraphRec.Tests.Rules;
using Xunit;

namespace GraphRec.Tests.Learning.Models.Ratings;

public sealed class RatingModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Kinds => [.. RatingKinds.All.Select(kind => kind.Name)];

    /// <summary>
    /// Ratings 5 and 3 of one user for two items: μ = 4. Without shrinkage of items and with the user's, the user's bias is 0
    /// and the items' are 1 and −1; with 1 for items they are a half each.
    /// </summary>
    [Fact]
    public void The_baseline_by_hand()
    {
        var data = Interactions.Of("tiny", ["u", "v"], ["a", "b", "c"], [0, 0], [0, 1], [5, 3]);
        var model = BiasBaseline.Fit(new RatingFitInput(data, 1, 1), Cancel, userShrinkage: 1, itemShrinkage: 1);
        Assert.Equal(new RatingParts(4, 0, 0.5, 0), model.Explain(0, 0));
        Assert.Equal(new RatingParts(4, 0, -0.5, 0), model.Explain(1, 1));
        Assert.Equal(4, model.Predict(1, 2));
        Assert.Equal(new RatingScale(3, 5), model.Scale);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_number_of_threads_predicts_the_same_bits(string kind)
    {
        var (one, three) = (Fit(kind, Tastes.Data, 1), Fit(kind, Tastes.Data, 3));
        for (var user = 0; user < 40; user++)
        {
            for (var item = 0; item < 30; item++) Assert.Equal(one.Explain(user, item), three.Explain(user, item));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Predictions_are_the_sum_of_their_parts_on_the_scale(string kind)
    {
        var model = Fit(kind, Tastes.Data, 2);
        for (var user = 0; user < 40; user++)
        {
            for (var item = 0; item < 30; item++)
            {
                Assert.InRange(model.Predict(user, item), 1, 5);
                Assert.Equal(Math.Clamp(model.Explain(user, item).Sum, 1, 5), model.Predict(user, item));
            }
        }
    }

    /// <summary>Ratings are drawn from biases and two tastes with noise of 0.3: only a model of tastes comes near that.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tastes_are_found_by_all_but_the_baseline(string kind)
    {
        var fold = RatingFolds.Of(Tastes.Data, 5, 1)[0];
        var model = Fit(kind, fold.Train, 2);
        double[] predicted = [.. Enumerable.Range(0, fold.Test.Count).Select(n => model.Predict(fold.Test.UserNumbers[n], fold.Test.ItemNumbers[n]))];
        var error = Rmse.Of(predicted, [.. fold.Test.Values.ToArray().Select(v => (double)v)]);
        if (kind == "baseline") Assert.InRange(error, 0.7, 1);
        else Assert.InRange(error, 0.25, 0.62);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Who_and_what_was_never_rated_is_predicted_near_the_mean(string kind)
    {
        var data = Tastes.Data;
        var wider = Interactions.Of("wider", [.. data.Users, "new"], [.. data.Items, "new"], data.UserNumbers.ToArray(), data.ItemNumbers.ToArray(), data.Values.ToArray());
        var parts = Fit(kind, wider, 1).Explain(40, 30);
        Assert.InRange(parts.Sum, parts.Mean - 0.5, parts.Mean + 0.5);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cross_validation_measures_every_fold(string kind)
    {
        var result = RatingEvaluation.CrossValidate(Tastes.Data, kind, 3, 2, 1, Cancel);
        Assert.Equal((kind, 3), (result.Name, result.Folds.Count));
        Assert.All(result.Folds, fold => Assert.True(fold.Mae > 0 && fold.Mae <= fold.Rmse && fold.FitCpuSeconds >= 0));
        var folds = RatingFolds.Of(Tastes.Data, 3, 2);
        var model = RatingKinds.Of(kind).Fit(new RatingFitInput(folds[1].Train, 2, 1), Cancel);
        double[] predicted = [.. Enumerable.Range(0, folds[1].Test.Count).Select(n => model.Predict(folds[1].Test.UserNumbers[n], folds[1].Test.ItemNumbers[n]))];
        Assert.Equal(Rmse.Of(predicted, [.. folds[1].Test.Values.ToArray().Select(v => (double)v)]), result.Folds[1].Rmse);
        Assert.Equal(result.Folds.Average(fold => fold.Rmse), result.Rmse, 12);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fitting_stops_when_told_and_refuses_what_has_no_ratings(string kind)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => RatingKinds.Of(kind).Fit(new RatingFitInput(Tastes.Data, 1, 2), cancelled.Token));
        var without = Interactions.Of("clicks", ["u"], ["a"], [0], [0]);
        var refused = Assert.Throws<InvalidInputException>(() => Fit(kind, without, 1));
        Assert.Equal("clicks has no ratings to learn from; read a data set of ratings.", refused.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_of_every_kind_is_read_as_when_it_was_written_and_damage_is_refused(string kind)
    {
        var file = Path.Combine(Repository.Root, "tests", "GraphRec.Tests", "Learning", "Models", "Golden", "Ratings", $"{kind}.v1.grmodel");
        if (Environment.GetEnvironmentVariable("GRAPHREC_UPDATE_GOLDEN") == "1" && !File.Exists(file))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var written = File.Create(file);
            Fit(kind, Few, 1).Save(written);
        }
        var bytes = File.ReadAllBytes(file);
        var (read, fitted) = (RatingModel.Read(new MemoryStream(bytes), kind), Fit(kind, Few, 2));
        Assert.Equal((kind, fitted.Scale), (read.Kind, read.Scale));
        for (var user = 0; user < Few.Users.Count; user++)
        {
            for (var item = 0; item < Few.Items.Count; item++) Assert.Equal(fitted.Predict(user, item), read.Predict(user, item), 1e-4);
        }
        bytes[^12] ^= 1;
        Assert.Throws<InvalidInputException>(() => RatingModel.Read(new MemoryStream(bytes), kind));
        Assert.Throws<InvalidInputException>(() => RatingModel.Read(new MemoryStream(bytes[..^3]), kind));
    }

    [Fact]
    public void An_unknown_kind_is_refused_with_those_there_are() => Assert.StartsWith(
        "There is no rating model x; choose from baseline, ", Assert.Throws<InvalidInputException>(() => RatingKinds.Of("x")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0.6)]
    [InlineData(2.0)]
    [InlineData(50.0)]
    public void Gamma_draws_have_the_mean_and_variance_of_their_shape(double shape)
    {
        var random = new SimulationRandom(5, 0);
        var draws = Enumerable.Range(0, 40_000).Select(_ => random.Gamma(shape)).ToArray();
        var mean = draws.Average();
        // Both are the shape; a mean of 40,000 draws lies within 5 √(shape / 40,000) of it.
        Assert.Equal(shape, mean, 5 * Math.Sqrt(shape / 40_000));
        Assert.Equal(shape, draws.Average(x => (x - mean) * (x - mean)), 0.1 * shape);
    }

    private static Interactions Few => Interactions.Of("few", ["u", "v", "w"], ["a", "b", "c"], [0, 0, 1, 1, 2], [0, 1, 1, 2, 0], [5, 3, 4, 2, 1]);

    private static RatingModel Fit(string kind, Interactions data, int threads) => RatingKinds.Of(kind).Fit(new RatingFitInput(data, 7, threads), Cancel);
}
