using GraphRec.Ranking;
using GraphRec.Ranking.Features;

namespace GraphRec.Recommend;

/// <summary>
/// What a learned ranker says of a request's candidates, brought to the scale of the linear one, on which the other objectives are
/// weighed: its best candidate has relevance 1, and its 50th what the 50th has by the linear ranker.
/// <code>
/// relevance(d) = 1 − (max f − f(d)) · (1 − linear relevance of its 50th) / (max f − 50th f)
/// f(d)         = expected + Σ_features shap(d)                        (path-dependent TreeSHAP, or Shapley values of groups)
/// </code>
/// Both are linear, so that each feature's part of the relevance is its Shapley value times one factor, and parts sum to it.
/// </summary>
internal sealed class LearnedScores
{
    /// <summary>
    /// The place at which both scales agree. With the worst candidates in its stead the best ones differ by so little that freshness and
    /// diversity decide: on MovieLens NDCG@10 fell from .186 by relevance alone to .146 as served.
    /// </summary>
    public const int Anchor = 50;

    private readonly CandidateMatrix _matrix;
    private readonly LearnedRanker _ranker;
    private readonly FeatureSet _features;
    private readonly float[] _scores;
    private readonly double[] _linearMeans;
    private readonly Func<int, int, double> _linear;
    private readonly double _scale;
    private readonly double _shift;
    private readonly Dictionary<int, double[]> _parts = [];

    /// <param name="matrix">The candidates.</param>
    /// <param name="ranker">Who scores them.</param>
    /// <param name="features">What the columns are.</param>
    /// <param name="anchor">The linear relevance of the 50th candidate, or of the last of fewer; at most 1.</param>
    /// <param name="linear">The linear ranker's term by source and drama; the linear score's Shapley value is divided by them.</param>
    public LearnedScores(CandidateMatrix matrix, LearnedRanker ranker, FeatureSet features, double anchor, Func<int, int, double> linear)
    {
        (_matrix, _ranker, _features, _linear) = (matrix, ranker, features, linear);
        _scores = new float[matrix.Candidates.Length];
        ranker.Score(matrix.Values, _scores.Length, _scores);
        var sorted = _scores[..];
        Array.Sort(sorted);
        var (best, other) = ((double)sorted[^1], (double)sorted[^Math.Min(Anchor, sorted.Length)]);
        _scale = best > other ? (1 - anchor) / (best - other) : 0;
        _shift = 1 - (_scale * best);
        _linearMeans = new double[features.SourceCount];
        foreach (var drama in matrix.Candidates)
            for (var s = 0; s < _linearMeans.Length; s++) _linearMeans[s] += linear(s, drama) / matrix.Candidates.Length;
    }

    /// <summary>At most 1.</summary>
    public double Relevance(int row) => (_scale * _scores[row]) + _shift;

    /// <summary>By group of features (<see cref="FeatureSet.Groups"/>): its part of the relevance. With <see cref="Baseline"/> they sum to it.</summary>
    public double[] Parts(int row)
    {
        if (!_parts.ContainsKey(row)) Explain([row]);
        return _parts[row];
    }

    /// <summary>What is left of the relevance when all parts are taken away: what the ranker expects of anything, on this list's scale.</summary>
    public double Baseline(int row) => Relevance(row) - Parts(row).Sum();

    /// <summary>Works out the parts of several candidates together, which takes less than one after the other.</summary>
    public void Explain(IEnumerable<int> rows)
    {
        int[] wanted = [.. rows.Where(row => !_parts.ContainsKey(row)).Distinct()];
        if (wanted.Length == 0) return;
        var (width, groups) = (_features.Count, _features.Groups.Count + 1);
        var (values, byGroup) = (new float[wanted.Length * width], new double[wanted.Length * groups]);
        for (var n = 0; n < wanted.Length; n++) _matrix.Row(wanted[n]).CopyTo(values.AsSpan(n * width));
        _ranker.Explain(values, Array.ConvertAll(wanted, row => _scores[row]), byGroup);
        for (var n = 0; n < wanted.Length; n++)
        {
            var own = byGroup.AsSpan(n * groups, groups);
            var parts = new double[groups - 1];
            for (var g = 0; g < parts.Length; g++) parts[g] = _scale * own[g];
            Divide(_scale * own[^1], _matrix.Candidates[wanted[n]], parts);
            _parts.Add(wanted[n], parts);
        }
    }

    /// <summary>
    /// Divides the linear score's part among the sources by how far their terms are above the candidates' mean, or below it where
    /// the part is negative. Where none is, it stays with the baseline.
    /// </summary>
    private void Divide(double part, int drama, double[] parts)
    {
        Span<double> beyond = stackalloc double[_linearMeans.Length];
        double all = 0;
        for (var s = 0; s < beyond.Length; s++) all += beyond[s] = Math.Max(0, Math.Sign(part) * (_linear(s, drama) - _linearMeans[s]));
        if (all <= 0) return;
        for (var s = 0; s < beyond.Length; s++) parts[s] += part * (beyond[s] / all);
    }
}
