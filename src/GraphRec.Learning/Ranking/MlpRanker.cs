using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Graphs;
using GraphRec.Learning.Simulation;
using GraphRec.Ranking;

namespace GraphRec.Learning.Ranking;

/// <summary>What the multilayer perceptron is fitted with.</summary>
public sealed record MlpParameters
{
    /// <summary>Units of the first hidden layer.</summary>
    public int FirstLayer { get; init; } = 64;

    /// <summary>Units of the second.</summary>
    public int SecondLayer { get; init; } = 32;

    /// <summary>How often all lists are gone through at most; with validation the best epoch is kept.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>How many lists make a step.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>The size of a step (Adam).</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>Times each weight is added to its gradient.</summary>
    public double L2 { get; init; } = 1e-5;

    /// <summary>After so many epochs without a better NDCG@10 of the lists for validation it ends.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>What is wrong, as a sentence that says what to change; null when nothing is.</summary>
    public string? Problem()
    {
        if (FirstLayer is < 1 or > 4096 || SecondLayer is < 1 or > 4096 || Epochs < 1 || Batch < 1 || Patience < 1) return "layers must have from 1 to 4,096 units; epochs, batch and patience must be at least 1.";
        return LearningRate is > 0 and <= 1 && L2 is >= 0 and <= 1 ? null : "learning rate must be above 0 and at most 1, L2 from 0 to 1.";
    }
}

/// <summary>
/// A multilayer perceptron with two hidden layers (ReLU) and one output, on standardised features, fitted with the listwise softmax loss (Cao, Qin, Liu,
/// Tsai, Li, "Learning to rank: from pairwise approach to listwise approach", ICML 2007, top one probabilities; gains as targets: Bruch, Wang, Bendersky, Najork,
/// "An analysis of the softmax cross entropy loss for learning-to-rank with binary relevance", ICTIR 2019) and Adam. The same seed gives the same numbers for any
/// count of threads.
/// </summary>
public static class MlpRanker
{
    // Lists of a batch are dealt to so many sums whatever the number of threads is, and these are added in their order.
    private const int Shards = 8;

    /// <summary>Fits a network; it takes features as they are, not standardised.</summary>
    /// <param name="train">The lists; their weights are used.</param>
    /// <param name="validation">By whose mean NDCG@10 the epoch is chosen; null: the last.</param>
    /// <param name="parameters">See there.</param>
    /// <param name="seed">Of the first weights and the order of lists.</param>
    /// <param name="threads">How many, from 1.</param>
    /// <param name="progress">Told of every epoch.</param>
    /// <param name="cancel">Looked at in every step.</param>
    /// <exception cref="InvalidInputException">A parameter is out of range, or there is nothing to learn from.</exception>
    public static DenseNetwork Fit(
        RankingLists train, RankingLists? validation, MlpParameters parameters, int seed, int threads,
        IProgress<RankerProgress>? progress = null, CancellationToken cancel = default)
    {
        if (parameters.Problem() is { } problem) throw new InvalidInputException(ErrorCodes.BadUserInput, $"MLP: {problem}");
        RankerLists.Require(train, validation);
        var scale = FeatureScale.Of(train);
        var shape = new MlpShape(train.FeatureCount, parameters.FirstLayer, parameters.SecondLayer);
        var random = new SimulationRandom(seed, -1);
        var weights = shape.Draw(random);
        var best = weights;
        var bestNdcg = double.NegativeInfinity;
        int[] order = [.. Enumerable.Range(0, train.ListCount).Where(list => MlpGradient.Teaches(train, list))];
        var (adam, shards) = (new Adam(weights.Length), new MlpGradient[Shards]);
        for (var n = 0; n < Shards; n++) shards[n] = new MlpGradient(shape, train, scale);
        for (var (epoch, bestEpoch) = (1, 0); epoch <= parameters.Epochs && epoch - bestEpoch <= parameters.Patience; epoch++)
        {
            for (var n = order.Length - 1; n > 0; n--)
            {
                var other = random.Below(n + 1);
                (order[n], order[other]) = (order[other], order[n]);
            }
            foreach (var batch in order.Chunk(parameters.Batch))
            {
                Tasks.ForEach(Shards, threads, n => shards[n].Sum(weights, batch, n, Shards), cancel);
                adam.Step(weights, Gradient(shards, batch.Length), parameters.LearningRate, parameters.L2, threads, cancel);
            }
            double? ndcg = validation is null ? null : RankingEvaluation.Ndcg(validation, Scores(shape, weights, scale, validation, threads, cancel)).Average();
            progress?.Report(new RankerProgress(epoch, parameters.Epochs, ndcg));
            if (ndcg is not null && !(ndcg > bestNdcg)) continue;
            (best, bestEpoch, bestNdcg) = ([.. weights], epoch, ndcg ?? bestNdcg);
        }
        return shape.Network(best, scale);
    }

    private static float[] Gradient(MlpGradient[] shards, int lists)
    {
        var gradient = shards[0].Gradient;
        foreach (var shard in shards[1..]) TensorPrimitives.Add(gradient, shard.Gradient, gradient);
        TensorPrimitives.Multiply(gradient, 1f / lists, gradient);
        return gradient;
    }

    private static float[] Scores(MlpShape shape, float[] weights, FeatureScale scale, RankingLists lists, int threads, CancellationToken cancel)
    {
        var scores = new float[lists.RowCount];
        Tasks.ForEach(lists.ListCount, threads, () => new MlpGradient(shape, lists, scale), (own, list) => own.Scores(weights, list).CopyTo(scores.AsSpan(lists.List(list))), cancel);
        return scores;
    }
}

/// <summary>Mean and inverse deviation of each feature in training; 0 for one that is the same everywhere, so that it does not count.</summary>
internal sealed record FeatureScale(double[] Means, double[] Inverse)
{
    public static FeatureScale Of(RankingLists lists)
    {
        var means = new double[lists.FeatureCount];
        var squares = new double[lists.FeatureCount];
        for (var row = 0; row < lists.RowCount; row++)
        {
            var values = lists.Row(row);
            // Welford's update: a sum of squares less the square of the sum would cancel for years.
            for (var f = 0; f < means.Length; f++)
            {
                var distance = values[f] - means[f];
                means[f] += distance / (row + 1);
                squares[f] += distance * (values[f] - means[f]);
            }
        }
        return new FeatureScale(means, Array.ConvertAll(squares, sum => sum > 0 ? 1 / Math.Sqrt(sum / lists.RowCount) : 0));
    }
}
