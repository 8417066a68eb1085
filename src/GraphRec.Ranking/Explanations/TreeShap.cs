using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GraphRec.Ranking.Trees;

namespace GraphRec.Ranking.Explanations;

/// <summary>
/// Path-dependent TreeSHAP (Lundberg, Erion, Lee, "Consistent individualized feature attribution for tree ensembles", 2018,
/// algorithm 2): the Shapley values of a row's score, where an absent feature sends a row down both branches by their covers.
/// <para>
/// Computed in the way of Linear TreeSHAP (Yu, Xu, Chen, Wu, Khoa, Mudassir, "Linear TreeShap", NeurIPS 2022): one pass down and one up a tree.
/// A leaf of value v whose path asks the features j, of which each lets the share r of the rows through and the row itself o (0 or 1), gives
/// feature i <code>v (oᵢ − rᵢ) ∫₀¹ Π over j ≠ i of (oⱼ t + rⱼ (1 − t)) dt</code>, because ∫ tᵃ (1 − t)ᵇ dt = a! b! / (a + b + 1)! is
/// Shapley's weight. The integrand is a polynomial of a degree below the features on the path, and Gauss–Legendre quadrature with half as many
/// points is exact for it; all factors are positive, so that nothing cancels. Eight rows go through a tree at once, one in each lane.
/// Immutable, for concurrent use.
/// </para>
/// </summary>
public sealed class TreeShap
{
    private const int Lanes = 8;

    private readonly TreePaths[] _trees;
    private readonly int _products;
    private readonly int _nodes;

    /// <param name="trees">What scores; its covers decide the shares of the branches.</param>
    public TreeShap(TreeEnsemble trees)
    {
        FeatureCount = trees.FeatureCount;
        _trees = [.. Enumerable.Range(0, trees.TreeCount).Select(tree => new TreePaths(trees.Tree(tree)))];
        ExpectedValue = trees.BaseValue + _trees.Sum(tree => tree.Expected);
        _products = _trees.Select(tree => tree.Count * tree.Points).Append(0).Max();
        _nodes = _trees.Select(tree => tree.Count).Append(0).Max();
    }

    public int FeatureCount { get; }

    /// <summary>The score before anything is known of a row: each leaf's value by its share of the covers.</summary>
    public double ExpectedValue { get; }

    /// <summary>
    /// The contribution of every feature to the score of every row; with <see cref="ExpectedValue"/> they sum to the row's score within 1e-9. What
    /// a served score differs by rounding (ONNX Runtime sums in float32; 1e-6 with 300 trees) is added to the row's largest contribution.
    /// </summary>
    /// <param name="rows">Row-major, <see cref="FeatureCount"/> finite values each.</param>
    /// <param name="scores">One score per row, as served; of the same trees.</param>
    /// <param name="contributions">Receives <see cref="FeatureCount"/> values per row.</param>
    /// <param name="cancel">Looked at once per tree.</param>
    /// <exception cref="ArgumentException">A score is not that of its row by these trees.</exception>
    public void Explain(ReadOnlySpan<float> rows, ReadOnlySpan<float> scores, Span<double> contributions, CancellationToken cancel = default)
    {
        var blocks = (scores.Length + Lanes - 1) / Lanes;
        var vectors = blocks * FeatureCount;
        var rented = ArrayPool<double>.Shared.Rent(Lanes * ((2 * vectors) + (2 * _products) + _nodes));
        var all = MemoryMarshal.Cast<double, Vector512<double>>(rented.AsSpan())[..((2 * vectors) + (2 * _products) + _nodes)];
        var columns = all[..vectors];
        var sums = all[vectors..(2 * vectors)];
        var scratch = all[(2 * vectors)..];
        all[..(2 * vectors)].Clear();
        Transpose(rows, scores.Length, columns);
        foreach (var tree in _trees)
        {
            cancel.ThrowIfCancellationRequested();
            // A tree's numbers stay in the first cache while all rows go through it.
            for (var block = 0; block < blocks; block++)
                tree.Add(columns.Slice(block * FeatureCount, FeatureCount), sums.Slice(block * FeatureCount, FeatureCount), scratch[..^_nodes], scratch[^_nodes..]);
        }
        for (var row = 0; row < scores.Length; row++)
        {
            var own = contributions.Slice(row * FeatureCount, FeatureCount);
            for (var f = 0; f < FeatureCount; f++) own[f] = sums[(row / Lanes * FeatureCount) + f][row % Lanes];
            GiveRest(own, ExpectedValue, scores[row]);
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Adds what the contributions lack of the score to the largest of them, where it changes least.</summary>
    internal static void GiveRest(Span<double> contributions, double expected, float score)
    {
        var (sum, largest) = (expected, 0);
        for (var f = 0; f < contributions.Length; f++)
        {
            sum += contributions[f];
            if (Math.Abs(contributions[f]) > Math.Abs(contributions[largest])) largest = f;
        }
        var rest = score - sum;
        if (!(Math.Abs(rest) <= 1e-4 * Math.Max(1, Math.Abs(score))))
            throw new ArgumentException($"a score is {score}, and what its row's contributions sum to is {sum}; explain a row with the score and the ranker that served it.");
        contributions[largest] += rest;
    }

    private void Transpose(ReadOnlySpan<float> rows, int count, Span<Vector512<double>> into)
    {
        Span<double> values = MemoryMarshal.Cast<Vector512<double>, double>(into);
        for (var row = 0; row < count; row++)
        {
            for (var f = 0; f < FeatureCount; f++) values[(((row / Lanes * FeatureCount) + f) * Lanes) + (row % Lanes)] = rows[(row * FeatureCount) + f];
        }
    }
}
