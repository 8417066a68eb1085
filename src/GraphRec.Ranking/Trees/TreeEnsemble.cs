using GraphRec.Core;

namespace GraphRec.Ranking.Trees;

/// <summary>
/// One node of a regression tree. A row goes <paramref name="Left"/> where its feature is at most the threshold (both
/// float32: ONNX's <c>BRANCH_LEQ</c>), else <paramref name="Right"/>.
/// </summary>
/// <param name="Feature">Which feature decides, from 0; −1: a leaf.</param>
/// <param name="Threshold">Of an inner node; finite.</param>
/// <param name="Left">Number of a node of the same tree, above this node's; −1 of a leaf.</param>
/// <param name="Right">As <paramref name="Left"/>.</param>
/// <param name="Value">What a leaf adds to the score; 0 of an inner node.</param>
/// <param name="Cover">How many training rows came by; at least 0, of an inner node the sum of its children's.</param>
public readonly record struct TreeNode(int Feature, float Threshold, int Left, int Right, float Value, float Cover)
{
    public bool IsLeaf => Feature < 0;

    /// <summary>A leaf.</summary>
    public static TreeNode Leaf(float value, float cover) => new(-1, 0, -1, -1, value, cover);

    /// <summary>An inner node.</summary>
    public static TreeNode Split(int feature, float threshold, int left, int right, float cover) => new(feature, threshold, left, right, 0, cover);
}

/// <summary>A sum of regression trees and a base value: what LambdaMART learns and ONNX's <c>TreeEnsembleRegressor</c> computes. Immutable.</summary>
public sealed class TreeEnsemble
{
    private readonly TreeNode[] _nodes;
    private readonly int[] _roots;

    /// <param name="featureCount">Length of a row.</param>
    /// <param name="trees">The nodes of each tree, its root first, each node before its children; at least one node each.</param>
    /// <param name="baseValue">Added to every score.</param>
    /// <exception cref="InvalidInputException">Nodes do not make trees, or a number is not finite; the message says which.</exception>
    public TreeEnsemble(int featureCount, IReadOnlyList<IReadOnlyList<TreeNode>> trees, float baseValue = 0)
    {
        if (featureCount < 1) throw Bad($"an ensemble of trees has {featureCount} features; give it at least one.");
        if (!float.IsFinite(baseValue)) throw Bad($"the base value is {baseValue}; give a finite one.");
        (FeatureCount, BaseValue) = (featureCount, baseValue);
        _roots = new int[trees.Count + 1];
        for (var tree = 0; tree < trees.Count; tree++)
        {
            if (Problem(trees[tree], featureCount) is { } problem) throw Bad($"tree {tree} {problem}.");
            _roots[tree + 1] = _roots[tree] + trees[tree].Count;
        }
        _nodes = [.. trees.SelectMany(tree => tree)];
    }

    public int FeatureCount { get; }

    public float BaseValue { get; }

    public int TreeCount => _roots.Length - 1;

    /// <summary>The nodes of a tree, its root first; children are numbered within the tree.</summary>
    public ReadOnlySpan<TreeNode> Tree(int tree) => _nodes.AsSpan(_roots[tree].._roots[tree + 1]);

    /// <summary>
    /// The score of one row, summed in double: ONNX Runtime sums in float32 in an order of its own, so that its scores differ by
    /// rounding, and by nothing else.
    /// </summary>
    /// <param name="row">One finite value per feature.</param>
    public double Score(ReadOnlySpan<float> row)
    {
        double sum = BaseValue;
        for (var tree = 0; tree < TreeCount; tree++)
        {
            var nodes = Tree(tree);
            sum += nodes[LeafOf(nodes, row)].Value;
        }
        return sum;
    }

    /// <summary>In which leaf of a tree a row ends: its number within the tree.</summary>
    /// <param name="nodes">One of <see cref="Tree"/>.</param>
    /// <param name="row">One finite value per feature.</param>
    public static int LeafOf(ReadOnlySpan<TreeNode> nodes, ReadOnlySpan<float> row)
    {
        var at = 0;
        while (!nodes[at].IsLeaf) at = row[nodes[at].Feature] <= nodes[at].Threshold ? nodes[at].Left : nodes[at].Right;
        return at;
    }

    /// <summary>The first <paramref name="count"/> trees alone.</summary>
    public TreeEnsemble First(int count) => new(FeatureCount, [.. Enumerable.Range(0, count).Select(tree => Tree(tree).ToArray())], BaseValue);

    /// <summary>The same trees with covers counted anew: how many of the rows come by each node.</summary>
    /// <param name="rows">Row-major, <see cref="FeatureCount"/> values each.</param>
    /// <param name="cancel">Looked at once per tree.</param>
    public TreeEnsemble WithCovers(ReadOnlySpan<float> rows, CancellationToken cancel = default)
    {
        var trees = new TreeNode[TreeCount][];
        for (var tree = 0; tree < TreeCount; tree++)
        {
            cancel.ThrowIfCancellationRequested();
            var nodes = Tree(tree).ToArray();
            var counts = new int[nodes.Length];
            for (var start = 0; start < rows.Length; start += FeatureCount) counts[LeafOf(nodes, rows.Slice(start, FeatureCount))]++;
            // Children come after their parents.
            for (var n = nodes.Length - 1; n >= 0; n--)
            {
                if (!nodes[n].IsLeaf) counts[n] = counts[nodes[n].Left] + counts[nodes[n].Right];
                nodes[n] = nodes[n] with { Cover = counts[n] };
            }
            trees[tree] = nodes;
        }
        return new TreeEnsemble(FeatureCount, trees, BaseValue);
    }

    private static string? Problem(IReadOnlyList<TreeNode> nodes, int featureCount)
    {
        if (nodes.Count == 0) return "has no node; give it at least a leaf";
        var parents = new int[nodes.Count];
        for (var n = 0; n < nodes.Count; n++)
        {
            var node = nodes[n];
            if (!float.IsFinite(node.Threshold) || !float.IsFinite(node.Value)) return $"has a node ({n}) with a threshold or value that is not finite";
            if (!(node.Cover >= 0) || float.IsInfinity(node.Cover)) return $"has a node ({n}) whose cover is {node.Cover}; covers are counts";
            if (node.IsLeaf) continue;
            if (node.Feature >= featureCount) return $"asks for feature {node.Feature} of {featureCount}";
            if (node.Left <= n || node.Right <= n || node.Left >= nodes.Count || node.Right >= nodes.Count || node.Left == node.Right)
                return $"has a node ({n}) with children {node.Left} and {node.Right}; children are two of the nodes after it";
            parents[node.Left]++;
            parents[node.Right]++;
        }
        for (var n = 1; n < nodes.Count; n++)
        {
            if (parents[n] != 1) return $"has a node ({n}) with {parents[n]} parents";
        }
        return null;
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
