namespace GraphRec.Learning.Metrics;

/// <summary>The discount of places in DCG, for both NDCGs.</summary>
internal static class Discounts
{
    /// <summary>1 / log2(1 + place) for the places 1 to <paramref name="k"/>.</summary>
    public static double[] Of(int k)
    {
        var discounts = new double[k];
        for (var n = 0; n < k; n++) discounts[n] = 1 / Math.Log2(2 + n);
        return discounts;
    }
}
