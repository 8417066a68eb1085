using GraphRec.Learning.Data;

namespace GraphRec.Learning.Evaluation;

/// <summary>
/// A weighted sum of other models' scores, each brought to [0, 1] per user by its largest score, because their scales have
/// nothing to do with each other.
/// </summary>
public sealed class BlendModel : IRankingModel
{
    private static readonly double[] Steps = [0, 0.1, 0.25, 0.5, 1, 2];

    private readonly IReadOnlyList<IRankingModel> _parts;
    private readonly IReadOnlyList<double> _weights;

    /// <summary>Blends models fitted on the same matrix; one weight (≥ 0) per model.</summary>
    public BlendModel(IReadOnlyList<IRankingModel> parts, IReadOnlyList<double> weights)
    {
        if (parts.Count != weights.Count)
            throw new ArgumentException($"there are {parts.Count} models but {weights.Count} weights; give one each.", nameof(weights));
        (_parts, _weights) = (parts, weights);
    }

    public string Name => "Blend";

    public void Score(int user, Span<double> scores)
    {
        scores.Clear();
        var part = new double[scores.Length];
        for (var p = 0; p < _parts.Count; p++)
        {
            if (_weights[p] == 0) continue;
            _parts[p].Score(user, part);
            Add(part, _weights[p], scores);
        }
    }

    /// <summary>
    /// The weights with the best NDCG@<paramref name="k"/> on a validation split: one pass over the models, twice, trying a
    /// few steps for each while the others stay. At most <paramref name="users"/> users are looked at, evenly spaced.
    /// </summary>
    public static double[] FitWeights(
        IReadOnlyList<IRankingModel> parts, Split validation, int k = 20, int users = 400, CancellationToken cancel = default)
    {
        var every = Math.Max(1, (validation.Test.Count + users - 1) / users);
        var sample = validation with { Test = [.. validation.Test.Where((_, n) => n % every == 0)] };
        var frozen = parts.Select(part => new FrozenModel(part, sample)).ToArray();
        var weights = Enumerable.Repeat(1.0, parts.Count).ToArray();
        var best = Measure(weights);
        for (var pass = 0; pass < 2; pass++)
        {
            for (var p = 0; p < weights.Length; p++)
            {
                foreach (var step in Steps.Where(step => step != weights[p]).ToArray())
                {
                    var tried = weights.ToArray();
                    tried[p] = step;
                    if (Measure(tried) is var found && found > best) (best, weights) = (found, tried);
                }
            }
        }
        return weights;

        double Measure(double[] tried) => RankingEvaluator.Evaluate(new BlendModel(frozen, tried), sample, k, cancel).Ndcg;
    }

    private static void Add(ReadOnlySpan<double> part, double weight, Span<double> sum)
    {
        var largest = 0.0;
        foreach (var score in part) largest = Math.Max(largest, score);
        if (largest == 0) return;
        for (var item = 0; item < sum.Length; item++) sum[item] += weight * part[item] / largest;
    }

    /// <summary>A model's scores for a few users, computed once: fitting asks for each of them dozens of times.</summary>
    private sealed class FrozenModel : IRankingModel
    {
        private readonly Dictionary<int, float[]> _scores = [];

        public FrozenModel(IRankingModel model, Split sample)
        {
            Name = model.Name;
            var scores = new double[sample.Train.Items.Count];
            foreach (var user in sample.Test)
            {
                model.Score(user.User, scores);
                _scores[user.User] = [.. scores.Select(s => (float)s)];
            }
        }

        public string Name { get; }

        public void Score(int user, Span<double> scores)
        {
            var kept = _scores[user];
            for (var item = 0; item < scores.Length; item++) scores[item] = kept[item];
        }
    }
}
