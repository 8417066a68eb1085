using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>How far a log of behaviour can be learned: the split it was measured on, and simple models on it.</summary>
/// <param name="Cut">Where test begins.</param>
/// <param name="TrainPairs">Engagements to learn from.</param>
/// <param name="TestPairs">Engagements to find.</param>
/// <param name="TestUsers">Users with at least one of each.</param>
/// <param name="K">Length of the lists.</param>
/// <param name="Rows">One per model, in a fixed order; the sum of the others is last.</param>
/// <param name="Weights">What the sum is made of, by model.</param>
public sealed record Learnability(
    DateTimeOffset Cut, int TrainPairs, int TestPairs, int TestUsers, int K, IReadOnlyList<EvaluationRow> Rows,
    IReadOnlyDictionary<string, double> Weights);

/// <summary>
/// Runs simple models on a log of behaviour, to see whether there is something to learn in it and how much: simulated
/// behaviour must be learnable but not trivial.
/// </summary>
public static class LearnabilityCheck
{
    /// <summary>The name of the sum of facts and behaviour in <see cref="Learnability.Rows"/>.</summary>
    public const string SumName = "facts and behaviour";

    private const int SampledUsers = 400;

    private static readonly ModelRecipe Popularity = ModelRecipe.Default("popularity");
    private static readonly ModelRecipe Recent = Popularity.With("halfLifeDays", 15);
    private static readonly double[] Betas = [0.1, 0.2, 0.3, 0.4, 0.6];
    private static readonly double[] Steps = [0, 0.1, 0.25, 0.5, 1, 2];

    /// <summary>
    /// Splits by time (the last 20 % of engagements are the test) and measures every model, with the defaults of its kind. β of
    /// the walk and the weights of the sum are chosen on a second split inside training; nothing of the test is used to choose
    /// anything.
    /// </summary>
    public static Learnability Run(CatalogBatch catalogue, IReadOnlyList<ViewerEvent> events, int k = 20, CancellationToken cancel = default)
    {
        string[] items = [.. catalogue.Dramas.Select(d => d.Id)];
        var split = TemporalSplit.Of(items, events);
        var validation = split.Validation(seed: 0);
        var walk = Betas.Select(beta => ModelRecipe.Default("rp3beta").With("beta", beta))
            .MaxBy(recipe => RankingEvaluator.Evaluate(Fit(recipe, validation, cancel), validation, k, cancel).Ndcg)!;
        var weights = Weights(Parts(catalogue, validation, walk, cancel), validation, k, cancel);
        var parts = Parts(catalogue, split, walk, cancel);
        IRankingModel[] models =
        [
            Fit(Popularity, split, cancel), .. parts, Fit(ModelRecipe.Default("p3alpha"), split, cancel), new ScaledSum(parts, weights),
        ];
        return new Learnability(
            split.Cut, split.Train.Count, split.TestPairs, split.Test.Count, k,
            [.. models.Select(model => RankingEvaluator.Evaluate(model, split, k, cancel))],
            parts.Zip(weights).ToDictionary(p => p.First.Name, p => p.Second));
    }

    private static IModel Fit(ModelRecipe recipe, Split split, CancellationToken cancel) =>
        ModelKinds.Fit(recipe, FitInput.Of(split, seed: 1, Environment.ProcessorCount), cancel);

    private static IRankingModel[] Parts(CatalogBatch catalogue, Split split, ModelRecipe walk, CancellationToken cancel) =>
    [
        new Named("popularity, half-life 15 days", Fit(Recent, split, cancel)),
        new ContentModel(split.Train, catalogue),
        Fit(ModelRecipe.Default("itemknn"), split, cancel),
        Fit(walk, split, cancel),
    ];

    /// <summary>
    /// The weights with the best NDCG@<paramref name="k"/> on a validation split: one pass over the models, twice, trying a few
    /// steps for each while the others stay. At most <see cref="SampledUsers"/> users are looked at, evenly spaced.
    /// </summary>
    internal static double[] Weights(IRankingModel[] parts, Split validation, int k, CancellationToken cancel)
    {
        var every = Math.Max(1, (validation.Test.Count + SampledUsers - 1) / SampledUsers);
        var sample = validation with { Test = [.. validation.Test.Where((_, n) => n % every == 0)] };
        var weights = Enumerable.Repeat(1.0, parts.Length).ToArray();
        var best = Measure(weights);
        for (var n = 0; n < 2 * parts.Length; n++)
        {
            var part = n % parts.Length;
            foreach (var step in Steps.Where(step => step != weights[part]).ToArray())
            {
                var tried = weights.ToArray();
                tried[part] = step;
                if (Measure(tried) is var found && found > best) (best, weights) = (found, tried);
            }
        }
        return weights;

        double Measure(double[] tried) => RankingEvaluator.Evaluate(new ScaledSum(parts, tried), sample, k, cancel).Ndcg;
    }

    /// <summary>A model under another name, where one kind stands twice in a table.</summary>
    private sealed class Named(string name, IModel model) : IRankingModel
    {
        public string Name => name;

        public int ItemCount => model.ItemCount;

        public IScorer NewScorer() => model.NewScorer();
    }

    /// <summary>A weighted sum of scores, each brought to at most 1 per user by its largest, because their scales have nothing to do with each other.</summary>
    internal sealed class ScaledSum(IRankingModel[] parts, double[] weights) : IRankingModel
    {
        public string Name => SumName;

        public int ItemCount => parts[0].ItemCount;

        public IScorer NewScorer() => new Scorer([.. parts.Select(part => part.NewScorer())], weights, ItemCount);

        private sealed class Scorer(IScorer[] parts, double[] weights, int items) : IScorer
        {
            private float[] _part = [];

            public int BlockSize => parts.Max(part => part.BlockSize);

            public void Score(in UserBlock users, Span<float> scores)
            {
                scores.Clear();
                if (_part.Length < scores.Length) _part = new float[scores.Length];
                for (var p = 0; p < parts.Length; p++)
                {
                    if (weights[p] == 0) continue;
                    parts[p].Score(users, _part.AsSpan(0, scores.Length));
                    for (var row = 0; row < users.Count; row++)
                    {
                        var part = _part.AsSpan(row * items, items);
                        var largest = TensorPrimitives.Max<float>(part);
                        if (largest <= 0) continue;
                        var sum = scores.Slice(row * items, items);
                        TensorPrimitives.MultiplyAdd(part, (float)(weights[p] / largest), sum, sum);
                    }
                }
            }
        }
    }
}
