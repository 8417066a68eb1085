using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;
using GraphRec.Ranking;
using GraphRec.Recommend;

namespace GraphRec.Benchmarks.PageQuality;

/// <summary>
/// What every source says of every drama that each test viewer may be shown. Weights do not enter it, so that it is worked out
/// once (0.4 GB for the seed), and hundreds of weights are tried on it: 0.1 s each instead of 2.
/// </summary>
public sealed class SourceFeatures
{
    private readonly Dictionary<int, (int[] Dramas, float[][] BySource)> _viewers = [];
    private readonly int _dramas;

    public SourceFeatures(PipelineModel pipeline, HeldOut held)
    {
        _dramas = pipeline.ItemCount;
        foreach (var test in held.Split.Test)
        {
            using var list = pipeline.Rank(test.User);
            int[] dramas = [.. Enumerable.Range(0, _dramas).Where(list.IsEligible)];
            float[][] bySource = [.. Enumerable.Range(0, list.Model.Sources.Count).Select(s => Array.ConvertAll(dramas, drama => list.Feature(s, drama)))];
            _viewers.Add(test.User, (dramas, bySource));
        }
    }

    /// <summary>The pipeline in order of relevance alone, with these weights.</summary>
    public IRankingModel Weighted(IReadOnlyDictionary<string, float> weights) =>
        new Relevance(this, [.. SourceNames.All.Select(name => weights.GetValueOrDefault(name))]);

    private sealed class Relevance(SourceFeatures features, float[] weights) : IRankingModel
    {
        public string Name => "relevance";

        public int ItemCount => features._dramas;

        public IScorer NewScorer() => new Scorer(features, weights);
    }

    private sealed class Scorer(SourceFeatures features, float[] weights) : IScorer
    {
        private readonly float[] _sums = new float[features._dramas];

        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            scores.Fill(float.NegativeInfinity);
            for (var row = 0; row < users.Count; row++)
            {
                var (dramas, bySource) = features._viewers[users.Users[row]];
                var sums = _sums.AsSpan(0, dramas.Length);
                sums.Clear();
                for (var s = 0; s < weights.Length; s++)
                    if (weights[s] > 0) TensorPrimitives.MultiplyAdd(bySource[s], weights[s], sums, sums);
                for (var n = 0; n < dramas.Length; n++) scores[(row * features._dramas) + dramas[n]] = sums[n];
            }
        }
    }
}
