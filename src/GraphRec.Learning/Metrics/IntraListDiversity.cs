namespace GraphRec.Learning.Metrics;

/// <summary>
/// Intra-list diversity@k = mean of 1 − cosine over the pairs of the first k items (Smyth, McClave, "Similarity vs. diversity",
/// ICCBR 2001; Ziegler et al., "Improving recommendation lists through topic diversification", WWW 2005). The cosine of two
/// sets of features is |A ∩ B| / √(|A|·|B|), and 0 when one of them is empty. In 0 … 1. Time: the sum over pairs of their
/// features.
/// </summary>
/// <param name="by">What the features are, for the name: genres.</param>
/// <param name="features">The features of every item.</param>
/// <param name="k">How many places count, from 1.</param>
public sealed class IntraListDiversity(string by, ItemFeatures features, int k) : IUserMetric
{
    private readonly int _k = Positive.Of(k);

    public string Name => $"intraListDiversity({by})@{_k}";

    /// <summary>The diversity of a list; 0 when it has fewer than two items.</summary>
    public double Of(in JudgedList list)
    {
        var top = list.Top(_k);
        if (top.Length < 2) return 0;
        var sum = 0.0;
        for (var a = 1; a < top.Length; a++)
        {
            for (var b = 0; b < a; b++) sum += 1 - Cosine(features(top[a]), features(top[b]));
        }
        return sum / (top.Length * (top.Length - 1L) / 2);
    }

    private static double Cosine(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
    {
        if (a.IsEmpty || b.IsEmpty) return 0;
        int common = 0, i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
            {
                common++;
                i++;
                j++;
            }
            else if (a[i] < b[j]) i++;
            else j++;
        }
        return common / Math.Sqrt((double)a.Length * b.Length);
    }
}
