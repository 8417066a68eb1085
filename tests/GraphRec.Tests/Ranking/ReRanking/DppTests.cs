using CsCheck;
using GraphRec.Ranking.ReRanking;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace GraphRec.Tests.Ranking.ReRanking;

public sealed class DppTests
{
    /// <summary>Similarities are products of unit vectors, so that the kernel is positive semidefinite.</summary>
    private static readonly Gen<(double[] Base, double[][] Vectors, double Weight)> Windows =
        from n in Gen.Int[1, 9]
        from vectors in Gen.Double[0.05, 1].Array[4].Array[n]
        from scores in Gen.Double[-1, 1].Array[n]
        from weight in Gen.Double[0, 1]
        select (scores, vectors.Select(Unit).ToArray(), weight);

    [Fact]
    public void What_all_above_span_together_counts_as_none_of_them_would_alone()
    {
        // 2 is half 0 and half 1: to each the similarity is √½, and nothing of it is new to the two together.
        double[][] vectors = [[1, 0], [0, 1], [Math.Sqrt(0.5), Math.Sqrt(0.5)]];
        var order = Order([1, 0.9, 0.5], vectors, 0.5);
        Assert.Equal([0, 1, 2], order.Select(r => r.Item));
        Assert.Equal([0.5, 0.5, 0], order.Select(r => r.Diversity));
        Assert.Equal([1.5, 1.4, 0.5], order.Select(r => r.Score));
    }

    [Fact]
    public void Equals_determinants_worked_out_anew_at_every_place() => Windows.Sample(w =>
    {
        var order = Order(w.Base, w.Vectors, w.Weight);
        var above = new List<int>();
        foreach (var placed in order)
        {
            var left = Enumerable.Range(0, w.Base.Length).Except(above).ToArray();
            var scores = left.ToDictionary(i => i, i => w.Base[i] + Diversity(w, above, i));
            Assert.Equal(scores[placed.Item], placed.Score, 1e-6);
            Assert.Equal(scores.Values.Max(), placed.Score, 1e-6);
            Assert.Equal(placed.Score, w.Base[placed.Item] + placed.Diversity, 1e-12);
            above.Add(placed.Item);
        }
        Assert.Equal(w.Base.Length, above.Distinct().Count());
    });

    /// <summary>1 + ln d, where d² is the determinant with the item over that without it.</summary>
    private static double Diversity((double[] Base, double[][] Vectors, double Weight) w, List<int> above, int item)
    {
        // More vectors than dimensions: nothing is new.
        var without = Determinant(w.Vectors, above);
        return without < 1e-7 ? w.Weight * Math.Max(0, 1 + (0.5 * Math.Log(Left(w.Vectors, above, item)))) : w.Weight * Math.Max(0, 1 + (0.5 * Math.Log(Math.Max(0, Determinant(w.Vectors, [.. above, item]) / without))));
    }

    /// <summary>The squared length that is left of a vector beside a span, by an orthonormal base of it.</summary>
    private static double Left(double[][] vectors, List<int> above, int item)
    {
        var rest = Vector<double>.Build.DenseOfArray(vectors[item]);
        var svd = Matrix<double>.Build.DenseOfRowArrays(above.Select(a => vectors[a])).Svd();
        for (var k = 0; k < Math.Min(svd.S.Count, 4); k++)
            if (svd.S[k] > 1e-6) rest -= svd.VT.Row(k) * svd.VT.Row(k).DotProduct(rest);
        return rest.DotProduct(rest);
    }

    private static double Determinant(double[][] vectors, List<int> items) => items.Count == 0 ? 1
        : Matrix<double>.Build.Dense(items.Count, items.Count, (a, b) => vectors[items[a]].Zip(vectors[items[b]], (x, y) => x * y).Sum()).Determinant();

    private static double[] Unit(double[] vector)
    {
        var length = Math.Sqrt(vector.Sum(x => x * x));
        return [.. vector.Select(x => x / length)];
    }

    private static RankedItem[] Order(double[] scores, double[][] vectors, double weight)
    {
        var into = new RankedItem[scores.Length];
        Dpp.Order([.. scores.Select((s, i) => new RankItem(i, s))], weight, new Products(vectors), null, into);
        return into;
    }

    private readonly struct Products(double[][] vectors) : ISimilarity
    {
        public double Of(int a, int b) => vectors[a].Zip(vectors[b], (x, y) => x * y).Sum();
    }
}
