namespace GraphRec.Ranking;

/// <summary>
/// Scores a drama as a weighted sum of its features. It needs no training, explains itself exactly (the contribution of
/// a feature is weight × value), and is what serving falls back to when no learned ranker can be used.
/// </summary>
public sealed class LinearRanker
{
    private readonly float[] _weights;

    /// <param name="weights">One weight per feature; features must be in [0, 1] apart from penalties.</param>
    public LinearRanker(ReadOnlySpan<float> weights) => _weights = weights.ToArray();

    /// <summary>The version that answers name.</summary>
    public const string Version = "linear-1";

    public int FeatureCount => _weights.Length;

    /// <summary>The weight of a feature.</summary>
    public float Weight(int feature) => _weights[feature];

    /// <summary>The score of one drama.</summary>
    /// <param name="features">One value per feature.</param>
    public double Score(ReadOnlySpan<float> features)
    {
        double sum = 0;
        for (var f = 0; f < _weights.Length; f++) sum += (double)_weights[f] * features[f];
        return sum;
    }
}
