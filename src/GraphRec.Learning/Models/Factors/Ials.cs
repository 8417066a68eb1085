using GraphRec.Learning.Evaluation;
using MathNet.Numerics.LinearAlgebra;

namespace GraphRec.Learning.Models.Factors;

/// <summary>What iALS is fitted with.</summary>
internal readonly record struct IalsParameters(int Factors, int Epochs, double Alpha0, double Regularization, double Nu, double Deviation)
{
    /// <summary>λ of a row whose observed weights sum to <paramref name="weight"/>, the other side having <paramref name="others"/> vectors.</summary>
    public float Lambda(double weight, int others) => (float)(Regularization * Math.Pow(weight + (Alpha0 * others), Nu));
}

/// <summary>Vectors that stand still while the other side is solved for: rotated so that their Gram matrix is diagonal.</summary>
internal sealed record IalsSide(FactorTable Table, float[] Diagonal)
{
    /// <summary>
    /// Rotates the vectors in place by the eigenvectors of their Gram matrix: no score changes when both sides are rotated
    /// alike, and the other side is solved for next, in the rotated frame.
    /// </summary>
    public static IalsSide Of(FactorTable table, double alpha0, int threads, CancellationToken cancel)
    {
        var gram = table.Gram(threads, cancel);
        var eigen = Matrix<double>.Build.DenseOfArray(gram).Evd(Symmetricity.Symmetric);
        table.Multiply(eigen.EigenVectors.ToArray(), threads, cancel);
        var diagonal = new float[table.Stride];
        // Rounding can make the least ones a little negative.
        for (var k = 0; k < table.Factors; k++) diagonal[k] = (float)(alpha0 * Math.Max(0, eigen.EigenValues[k].Real));
        return new IalsSide(table, diagonal);
    }
}

/// <summary>Fits iALS by alternating exact least squares.</summary>
internal static class IalsFit
{
    /// <summary>The items' vectors after all epochs, each of which solves for the users and then for the items.</summary>
    public static IalsSide Run(InteractionMatrix train, IalsParameters p, int seed, int threads, IProgress<double>? progress, CancellationToken cancel)
    {
        var (users, items) = (new FactorTable(train.Users.Count, p.Factors), new FactorTable(train.Items.Count, p.Factors));
        items.Draw(seed, p.Deviation / Math.Sqrt(p.Factors), threads, cancel);
        for (var epoch = 0; epoch < p.Epochs; epoch++)
        {
            Solve(users, IalsSide.Of(items, p.Alpha0, threads, cancel), train.ItemsOf, p, threads, cancel);
            Solve(items, IalsSide.Of(users, p.Alpha0, threads, cancel), train.UsersOf, p, threads, cancel);
            progress?.Report((epoch + 1.0) / p.Epochs);
        }
        return IalsSide.Of(items, p.Alpha0, threads, cancel);
    }

    private delegate ReadOnlySpan<int> RowOf(int row);

    private static void Solve(FactorTable into, IalsSide side, RowOf observed, IalsParameters p, int threads, CancellationToken cancel) =>
        ParallelRows.ForEach(into.Count, 32, threads, () => new IalsSolver(side.Table, side.Diagonal), (solver, row) =>
        {
            var others = observed(row);
            solver.Solve(others, [], p.Lambda(others.Length, side.Table.Count), into[row]);
        }, cancel);
}
