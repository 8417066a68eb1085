using GraphRec.Core;

namespace GraphRec.Learning.Evaluation;

/// <summary>How far a log of behaviour can be learned: the split it was measured on, and simple models on it.</summary>
/// <param name="Cut">Where test begins.</param>
/// <param name="TrainPairs">Engagements to learn from.</param>
/// <param name="TestPairs">Engagements to find.</param>
/// <param name="TestUsers">Users with at least one of each.</param>
/// <param name="K">Length of the lists.</param>
/// <param name="Rows">One per model, in a fixed order; the blend is last.</param>
/// <param name="BlendWeights">What the blend is made of, by model.</param>
public sealed record Learnability(
    DateTimeOffset Cut, int TrainPairs, int TestPairs, int TestUsers, int K, IReadOnlyList<EvaluationRow> Rows,
    IReadOnlyDictionary<string, double> BlendWeights);

/// <summary>
/// Runs simple models on a log of behaviour, to see whether there is something to learn in it and how much: simulated
/// behaviour must be learnable but not trivial.
/// </summary>
public static class LearnabilityCheck
{
    private static readonly double[] Betas = [0.1, 0.2, 0.3, 0.4, 0.6];
    private const int RecentDays = 30;

    /// <summary>
    /// Splits by time (the last 20 % of engagements are the test) and measures every model. β of the walk and the
    /// blend's weights are chosen on a second split inside training; nothing of the test is used to choose anything.
    /// </summary>
    public static Learnability Run(CatalogBatch catalogue, IReadOnlyList<ViewerEvent> events, int k = 20, CancellationToken cancel = default)
    {
        string[] items = [.. catalogue.Dramas.Select(d => d.Id)];
        var split = TemporalSplit.Of(items, events);
        var validation = split.Validation(seed: 0);
        var beta = Betas.MaxBy(b => RankingEvaluator.Evaluate(new WalkModel(validation.Train, beta: b), validation, k, cancel).Ndcg);
        var weights = BlendModel.FitWeights(Blended(catalogue, validation, beta), validation, k, cancel: cancel);
        var parts = Blended(catalogue, split, beta);
        IRankingModel[] models = [new PopularityModel(split.Train), .. parts, new WalkModel(split.Train), new BlendModel(parts, weights)];
        return new Learnability(
            split.Cut, split.Train.Count, split.TestPairs, split.Test.Count, k,
            [.. models.Select(model => RankingEvaluator.Evaluate(model, split, k, cancel))],
            parts.Zip(weights).ToDictionary(p => p.First.Name, p => p.Second));
    }

    private static IRankingModel[] Blended(CatalogBatch catalogue, TemporalSplit split, double beta) =>
    [
        new PopularityModel(split.Train, Engagements.Of(split.TrainEvents), split.Cut, RecentDays),
        new ContentModel(split.Train, catalogue),
        new ItemKnnModel(split.Train),
        new WalkModel(split.Train, beta: beta),
    ];
}
