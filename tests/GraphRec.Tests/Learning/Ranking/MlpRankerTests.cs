using GraphRec.Core;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Simulation;
using GraphRec.Ranking;
using Xunit;

namespace GraphRec.Tests.Learning.Ranking;

public sealed class MlpRankerTests
{
    private static readonly MlpParameters Small = new() { FirstLayer = 16, SecondLayer = 8, Epochs = 12, Batch = 8, LearningRate = 0.01 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void An_order_that_no_single_feature_has_is_learned()
    {
        var (train, test) = (DrawnLists.Of(150, 30, 1), DrawnLists.Of(60, 30, 2));
        var network = MlpRanker.Fit(train, null, Small, 1, 2, cancel: Cancel);
        Assert.InRange(DrawnLists.Ndcg(test, row => network.Score(row)), 0.9, 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_network_for_any_number_of_threads()
    {
        var train = DrawnLists.Of(50, 20, 1);
        var one = Numbers(MlpRanker.Fit(train, train, Small with { Epochs = 3 }, 1, 1, cancel: Cancel));
        Assert.Equal(one, Numbers(MlpRanker.Fit(train, train, Small with { Epochs = 3 }, 1, 3, cancel: Cancel)));
        Assert.NotEqual(one, Numbers(MlpRanker.Fit(train, train, Small with { Epochs = 3 }, 2, 1, cancel: Cancel)));
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        var lists = DrawnLists.Of(3, 6, 4, row => 0.5f + (row % 3));
        var (shape, scale) = (new MlpShape(4, 5, 3), FeatureScale.Of(lists));
        var weights = shape.Draw(new SimulationRandom(3, 0));
        var random = new Random(5);
        // Biases too: at 0 they would leave a row on the corner of a unit.
        foreach (var range in new[] { shape.Bias1, shape.Bias2 })
        {
            foreach (ref var value in weights.AsSpan(range)) value = random.NextSingle() - 0.3f;
        }
        var gradient = new MlpGradient(shape, lists, scale);
        gradient.Sum(weights, [0, 1, 2], 0, 1);
        var told = gradient.Gradient.ToArray();
        var differences = new List<double>();
        for (var n = 0; n <= shape.Bias3; n++)
        {
            const float Step = 1e-3f;
            var was = weights[n];
            weights[n] = was + Step;
            var above = gradient.Sum(weights, [0, 1, 2], 0, 1);
            weights[n] = was - Step;
            var below = gradient.Sum(weights, [0, 1, 2], 0, 1);
            weights[n] = was;
            differences.Add(((above - below) / (2 * Step)) - told[n]);
        }
        Assert.True(told.Count(value => Math.Abs(value) > 0.01) > shape.Bias3 / 3, "the gradient is nearly nothing");
        Assert.All(differences, difference => Assert.InRange(difference, -4e-3, 4e-3));
    }

    [Fact]
    public void Weights_count()
    {
        var lists = DrawnLists.Of(4, 6, 4);
        var twice = DrawnLists.Of(4, 6, 4, _ => 2);
        var (shape, scale) = (new MlpShape(4, 5, 3), FeatureScale.Of(lists));
        var weights = shape.Draw(new SimulationRandom(3, 0));
        var (one, two) = (new MlpGradient(shape, lists, scale), new MlpGradient(shape, twice, scale));
        Assert.Equal(2 * one.Sum(weights, [0, 1, 2, 3], 0, 1), two.Sum(weights, [0, 1, 2, 3], 0, 1), 1e-9);
        for (var n = 0; n < shape.Length; n++) Assert.Equal(2 * one.Gradient[n], two.Gradient[n], 1e-4f);
    }

    [Fact]
    public void The_scale_is_in_the_first_layer()
    {
        var lists = DrawnLists.Of(2, 9, 4);
        var (shape, scale) = (new MlpShape(4, 5, 3), FeatureScale.Of(lists));
        Assert.Equal((5, 0), (scale.Means[3], scale.Inverse[3]));
        var weights = shape.Draw(new SimulationRandom(3, 0));
        var network = shape.Network(weights, scale);
        var scores = new MlpGradient(shape, lists, scale).Scores(weights, 1).ToArray();
        for (var row = 0; row < 9; row++) Assert.Equal(scores[row], network.Score(lists.Row(9 + row)), 1e-5);
    }

    [Fact]
    public void With_validation_the_best_epoch_is_kept()
    {
        var (train, validation) = (DrawnLists.Of(30, 20, 1), DrawnLists.Of(60, 20, 2));
        List<double> told = [];
        var network = MlpRanker.Fit(train, validation, Small with { Epochs = 60, Patience = 3, LearningRate = 0.03 }, 1, 2, new Listener(told), Cancel);
        var best = told.IndexOf(told.Max());
        Assert.InRange(told.Count, 5, 59);
        Assert.Equal(best + 1 + 3, told.Count);
        Assert.Equal(told[best], DrawnLists.Ndcg(validation, row => network.Score(row)), 2e-3);
    }

    [Fact]
    public void What_cannot_be_learned_from_is_refused_and_cancellation_is_heard()
    {
        var train = DrawnLists.Of(20, 10, 1);
        Assert.Throws<InvalidInputException>(() => MlpRanker.Fit(train, null, Small with { Batch = 0 }, 1, 1, cancel: Cancel));
        Assert.Throws<InvalidInputException>(() => MlpRanker.Fit(train, null, Small with { LearningRate = 0 }, 1, 1, cancel: Cancel));
        Assert.Throws<InvalidInputException>(() => MlpRanker.Fit(new(["a"], [1, 2], [1, 1], [1, 1], [0, 2]), null, Small, 1, 1, cancel: Cancel));
        Assert.Throws<OperationCanceledException>(() => MlpRanker.Fit(train, null, Small, 1, 1, cancel: new CancellationToken(true)));
    }

    private static float[] Numbers(DenseNetwork network) => [.. network.Layers.SelectMany(layer => layer.Weights.Concat(layer.Bias))];

    private sealed class Listener(List<double> told) : IProgress<RankerProgress>
    {
        public void Report(RankerProgress value) => told.Add(value.ValidationNdcg!.Value);
    }
}
