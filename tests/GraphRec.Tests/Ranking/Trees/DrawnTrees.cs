using GraphRec.Ranking.Trees;

namespace GraphRec.Tests.Ranking.Trees;

/// <summary>Made-up ensembles and rows. Values, thresholds and rows are multiples of 1/4, so that rows often stand on a threshold.</summary>
internal static class DrawnTrees
{
    /// <summary>Trees that split again and again, the same feature too, some branches without a training row.</summary>
    public static TreeEnsemble Of(int features, int trees, int splits, int seed)
    {
        var random = new Random(seed);
        return new TreeEnsemble(features, [.. Enumerable.Range(0, trees).Select(_ => Tree(features, random.Next(splits + 1), random))], Quarter(random));
    }

    public static float[] Rows(int features, int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, features * count).Select(_ => Quarter(random))];
    }

    /// <summary>A multiple of 1/4 from −1 to 1.</summary>
    private static float Quarter(Random random) => random.Next(-4, 5) / 4f;

    private static TreeNode[] Tree(int features, int splits, Random random)
    {
        List<TreeNode> nodes = [TreeNode.Leaf(Quarter(random), 0)];
        for (var n = 0; n < splits; n++)
        {
            var leaves = Enumerable.Range(0, nodes.Count).Where(at => nodes[at].IsLeaf).ToArray();
            nodes[leaves[random.Next(leaves.Length)]] = TreeNode.Split(random.Next(features), Quarter(random), nodes.Count, nodes.Count + 1, 0);
            nodes.Add(TreeNode.Leaf(Quarter(random), 0));
            nodes.Add(TreeNode.Leaf(Quarter(random), 0));
        }
        for (var at = nodes.Count - 1; at >= 0; at--)
        {
            var node = nodes[at];
            nodes[at] = node with { Cover = node.IsLeaf ? random.Next(4) : nodes[node.Left].Cover + nodes[node.Right].Cover };
        }
        return [.. nodes];
    }
}
