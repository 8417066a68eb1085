namespace GraphRec.Learning.Metrics;

/// <summary>
/// Graded NDCG@k = Σ over the places up to k of (2^grade − 1) / log2(1 + place), divided by the same of the ideal list, which
/// has the relevant items first, by falling grade (Burges et al., "Learning to rank using gradient descent", ICML 2005).
/// An item that is not relevant has grade 0. Without grades every relevant item has 1, and it equals <see cref="NdcgAtK"/>.
/// </summary>
public sealed class GradedNdcgAtK : IUserMetric
{
    private readonly double[] _discounts;

    /// <param name="k">How many places count, from 1.</param>
    public GradedNdcgAtK(int k) => _discounts = Discounts.Of(Positive.Of(k));

    public string Name => $"gradedNdcg@{_discounts.Length}";

    public double Of(in JudgedList list)
    {
        var top = list.Top(_discounts.Length);
        var gain = 0.0;
        for (var n = 0; n < top.Length; n++)
        {
            if (list.Relevant.BinarySearch(top[n]) is >= 0 and var at) gain += Gain(GradeOf(list, at)) * _discounts[n];
        }
        return gain / Ideal(list);
    }

    private double Ideal(in JudgedList list)
    {
        var grades = new float[list.Relevant.Length];
        for (var n = 0; n < grades.Length; n++) grades[n] = GradeOf(list, n);
        grades.AsSpan().Sort((a, b) => b.CompareTo(a));
        var ideal = 0.0;
        for (var n = 0; n < Math.Min(_discounts.Length, grades.Length); n++) ideal += Gain(grades[n]) * _discounts[n];
        return ideal;
    }

    private static float GradeOf(in JudgedList list, int relevant) => list.Grades.IsEmpty ? 1 : list.Grades[relevant];

    private static double Gain(float grade) => Math.Pow(2, grade) - 1;
}
