using GraphRec.Learning.Data;
using GraphRec.Learning.Models;

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

    public int ItemCount => _parts[0].ItemCount;

    public IScorer NewScorer() => new Scorer([.. _parts.Select(part => part.NewScorer())], _weights, ItemCount);

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

    private sealed class Scorer(IScorer[] parts, IReadOnlyList<double> weights, int items) : IScorer
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
                for (var row = 0; row < users.Count; row++) Add(_part.AsSpan(row * items, items), weights[p], scores.Slice(row * items, items));
            }
        }

        private static void Add(ReadOnlySpan<float> part, double weight, Span<float> sum)
        {
            var largest = 0f;
            foreach (var score in part) largest = Math.Max(largest, score);
            if (largest == 0) return;
            for (var item = 0; item < sum.Length; item++) sum[item] += (float)(weight * part[item] / largest);
        }
    }

    /// <summary>A model's scores for a few users, computed once: fitting asks for each of them dozens of times.</summary>
    private sealed class FrozenModel : IRankingModel
    {
        private readonly Dictionary<int, float[]> _scores = [];

        public FrozenModel(IRankingModel model, Split sample)
        {
            (Name, ItemCount) = (model.Name, model.ItemCount);
            var scorer = model.NewScorer();
            foreach (var user in sample.Test)
            {
                var known = sample.Train.ItemsOf(user.User);
                var ones = new float[known.Length];
                ones.AsSpan().Fill(1);
                var scores = new float[ItemCount];
                scorer.Score(new UserBlock([user.User], [0, known.Length], known, ones), scores);
                _scores[user.User] = scores;
            }
        }

        public string Name { get; }

        public int ItemCount { get; }

        public IScorer NewScorer() => new UserScorer(ItemCount, (user, scores) =>
        {
            var kept = _scores[user];
            for (var item = 0; item < scores.Length; item++) scores[item] = kept[item];
        });
    }
}
