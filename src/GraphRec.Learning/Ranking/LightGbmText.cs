using System.Globalization;
using GraphRec.Ranking.Trees;

namespace GraphRec.Learning.Ranking;

/// <summary>Reads the trees of a model as LightGBM writes it: lines <c>name=value value …</c>, a block of them per tree, which begins with <c>Tree=</c>.</summary>
internal static class LightGbmText
{
    public static List<TreeNode[]> Trees(string text)
    {
        List<TreeNode[]> trees = [];
        foreach (var block in text.Split("\nTree=").Skip(1))
        {
            var lines = block.Split('\n').Skip(1).TakeWhile(line => line.Length > 0)
                .Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            trees.Add(Tree(lines));
        }
        return trees;
    }

    private static TreeNode[] Tree(Dictionary<string, string[]> lines)
    {
        var leaves = Array.ConvertAll(lines["leaf_value"], value => (float)Double(value));
        if (leaves.Length == 1) return [TreeNode.Leaf(leaves[0], 0)];
        var (features, left, right) = (Ints(lines["split_feature"]), Ints(lines["left_child"]), Ints(lines["right_child"]));
        var thresholds = Array.ConvertAll(lines["threshold"], Threshold);
        // Children that are leaves are written as −1 − their number.
        List<int> order = [0];
        List<TreeNode> nodes = [];
        for (var n = 0; n < order.Count; n++)
        {
            var at = order[n];
            if (at < 0)
            {
                nodes.Add(TreeNode.Leaf(leaves[-1 - at], 0));
                continue;
            }
            nodes.Add(TreeNode.Split(features[at], thresholds[at], order.Count, order.Count + 1, 0));
            order.Add(left[at]);
            order.Add(right[at]);
        }
        return [.. nodes];
    }

    /// <summary>The largest float32 that is not above: every float32 stays on its side of the threshold, which is float64.</summary>
    private static float Threshold(string text)
    {
        var exact = Double(text);
        var rounded = (float)Math.Clamp(exact, float.MinValue, float.MaxValue);
        return rounded > exact ? MathF.BitDecrement(rounded) : rounded;
    }

    private static int[] Ints(string[] values) => Array.ConvertAll(values, value => int.Parse(value, CultureInfo.InvariantCulture));

    private static double Double(string value) => double.Parse(value, CultureInfo.InvariantCulture);
}
