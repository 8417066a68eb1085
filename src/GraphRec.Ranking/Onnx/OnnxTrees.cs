using Google.Protobuf;
using GraphRec.Core;
using GraphRec.Ranking.Onnx.Format;
using GraphRec.Ranking.Trees;
using AttributeType = GraphRec.Ranking.Onnx.Format.AttributeProto.Types.AttributeType;

namespace GraphRec.Ranking.Onnx;

/// <summary>
/// Trees to and from the attributes of ONNX's <c>TreeEnsembleRegressor</c> (ai.onnx.ml, versions 1 and 3). Covers are its
/// <c>nodes_hitrates</c>, which nothing that scores looks at.
/// </summary>
internal static class OnnxTrees
{
    public const string Operator = "TreeEnsembleRegressor", Domain = "ai.onnx.ml";

    private const string Leaf = "LEAF", AtMost = "BRANCH_LEQ";

    /// <summary>The operator's attributes.</summary>
    public static IEnumerable<AttributeProto> Attributes(TreeEnsemble trees)
    {
        var nodes = (from tree in Enumerable.Range(0, trees.TreeCount)
                     from node in trees.Tree(tree).ToArray().Select((node, number) => (Tree: (long)tree, Number: (long)number, Node: node))
                     select node).ToArray();
        var leaves = nodes.Where(n => n.Node.IsLeaf).ToArray();
        yield return Ints("nodes_treeids", nodes.Select(n => n.Tree));
        yield return Ints("nodes_nodeids", nodes.Select(n => n.Number));
        yield return Ints("nodes_featureids", nodes.Select(n => (long)Math.Max(0, n.Node.Feature)));
        yield return Floats("nodes_values", nodes.Select(n => n.Node.Threshold));
        yield return Strings("nodes_modes", nodes.Select(n => n.Node.IsLeaf ? Leaf : AtMost));
        yield return Ints("nodes_truenodeids", nodes.Select(n => (long)Math.Max(0, n.Node.Left)));
        yield return Ints("nodes_falsenodeids", nodes.Select(n => (long)Math.Max(0, n.Node.Right)));
        yield return Ints("nodes_missing_value_tracks_true", nodes.Select(_ => 0L));
        yield return Floats("nodes_hitrates", nodes.Select(n => n.Node.Cover));
        yield return Ints("target_treeids", leaves.Select(n => n.Tree));
        yield return Ints("target_nodeids", leaves.Select(n => n.Number));
        yield return Ints("target_ids", leaves.Select(_ => 0L));
        yield return Floats("target_weights", leaves.Select(n => n.Node.Value));
        yield return new AttributeProto { Name = "n_targets", Type = AttributeType.Int, I = 1 };
        yield return Text("post_transform", "NONE");
        yield return Text("aggregate_function", "SUM");
        yield return Floats("base_values", [trees.BaseValue]);
    }

    /// <summary>The trees of a model that is one such operator between its input and its output, or why there are none.</summary>
    public static (TreeEnsemble? Trees, string? Reason) Read(ModelProto model)
    {
        try
        {
            if (model.Graph.Node.Count != 1 || model.Graph.Node[0] is not { OpType: Operator } node)
                return (null, $"it is not a single {Operator}, but {string.Join(", ", model.Graph.Node.Take(5).Select(n => n.OpType))}");
            var shape = model.Graph.Input.FirstOrDefault(input => node.Input.Contains(input.Name))?.Type?.TensorType?.Shape;
            if (shape?.Dim.Count != 2 || shape.Dim[1].DimValue is < 1 or > int.MaxValue) return (null, "it does not say how many features it has");
            return (new Reader(node).Trees((int)shape.Dim[1].DimValue), null);
        }
        catch (InvalidInputException e)
        {
            return (null, e.Message.TrimEnd('.'));
        }
    }

    private static AttributeProto Ints(string name, IEnumerable<long> values) => new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    private static AttributeProto Floats(string name, IEnumerable<float> values) => new() { Name = name, Type = AttributeType.Floats, Floats = { values } };

    private static AttributeProto Strings(string name, IEnumerable<string> values) =>
        new() { Name = name, Type = AttributeType.Strings, Strings = { values.Select(ByteString.CopyFromUtf8) } };

    private static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private static InvalidInputException Unreadable(string reason) => new(ErrorCodes.BadUserInput, reason);

    /// <summary>One operator's attributes by name.</summary>
    private sealed class Reader
    {
        private readonly Dictionary<string, AttributeProto> _attributes;
        private readonly Dictionary<(long Tree, long Node), int> _numbers = [];
        private readonly Dictionary<(long Tree, long Node), float> _weights = [];
        private readonly long[] _features, _true, _false;
        private readonly float[] _values, _covers;
        private readonly string[] _modes;
        private readonly float _share;
        private readonly List<(long Tree, long Node)> _roots = [];

        public Reader(NodeProto node)
        {
            _attributes = node.Attribute.GroupBy(a => a.Name).ToDictionary(g => g.Key, g => g.Last());
            if (_attributes.Keys.FirstOrDefault(name => name.EndsWith("_as_tensor", StringComparison.Ordinal)) is { } doubles) throw Unreadable($"it has numbers as a tensor ({doubles}), which are not float32");
            if (_attributes.TryGetValue("n_targets", out var targets) && targets.I != 1) throw Unreadable($"it has {targets.I} outputs");
            if (TextOf("post_transform", "NONE") is not "NONE" and var transform) throw Unreadable($"it transforms its sum by {transform}");
            var treeIds = IntsOf("nodes_treeids");
            var ids = IntsOf("nodes_nodeids");
            var count = ids.Length;
            (_features, _true, _false) = (IntsOf("nodes_featureids"), IntsOf("nodes_truenodeids"), IntsOf("nodes_falsenodeids"));
            (_values, _covers) = (FloatsOf("nodes_values"), FloatsOf("nodes_hitrates"));
            _modes = _attributes.TryGetValue("nodes_modes", out var modes) ? [.. modes.Strings.Select(mode => mode.ToStringUtf8())] : [];
            if (_covers.Length == 0) throw Unreadable("it does not say how many training rows came by its nodes (nodes_hitrates)");
            int[] lengths = [treeIds.Length, _features.Length, _true.Length, _false.Length, _values.Length, _modes.Length, _covers.Length];
            if (lengths.Any(length => length != count)) throw Unreadable("its lists of nodes have different lengths");
            for (var n = 0; n < count; n++)
            {
                if (!_numbers.TryAdd((treeIds[n], ids[n]), n)) throw Unreadable($"it has node {ids[n]} of tree {treeIds[n]} twice");
                // ONNX: a tree's root is the first of its nodes.
                if (n == 0 || treeIds[n] != treeIds[n - 1]) _roots.Add((treeIds[n], ids[n]));
            }
            if (_roots.DistinctBy(root => root.Tree).Count() != _roots.Count) throw Unreadable("the nodes of a tree do not stand together");
            _share = TextOf("aggregate_function", "SUM") switch
            {
                "SUM" => 1,
                "AVERAGE" => 1f / Math.Max(1, _roots.Count),
                var other => throw Unreadable($"it aggregates its trees by {other}"),
            };
            ReadWeights();
        }

        public TreeEnsemble Trees(int features)
        {
            List<TreeNode[]> trees = [];
            foreach (var root in _roots) trees.Add(Tree(root));
            var bases = FloatsOf("base_values");
            if (bases.Length > 1) throw Unreadable($"it has {bases.Length} base values for one output");
            return new TreeEnsemble(features, trees, bases.FirstOrDefault());
        }

        private void ReadWeights()
        {
            var (trees, nodes, ids, weights) = (IntsOf("target_treeids"), IntsOf("target_nodeids"), IntsOf("target_ids"), FloatsOf("target_weights"));
            if (trees.Length != weights.Length || nodes.Length != weights.Length || ids.Length != weights.Length) throw Unreadable("its lists of leaf weights have different lengths");
            for (var n = 0; n < weights.Length; n++)
            {
                if (ids[n] != 0) throw Unreadable($"it has a weight for output {ids[n]} of one");
                var leaf = (trees[n], nodes[n]);
                _weights[leaf] = _weights.GetValueOrDefault(leaf) + (weights[n] * _share);
            }
        }

        /// <summary>A tree's nodes with parents first, which a file made elsewhere need not have.</summary>
        private TreeNode[] Tree((long Tree, long Node) root)
        {
            List<(long Tree, long Node)> order = [root];
            List<TreeNode> nodes = [];
            for (var n = 0; n < order.Count; n++)
            {
                if (order.Count > _numbers.Count) throw Unreadable($"tree {root.Tree} has a circle");
                if (!_numbers.TryGetValue(order[n], out var at)) throw Unreadable($"tree {root.Tree} names a node that is not there");
                if (_modes[at] == Leaf)
                {
                    nodes.Add(TreeNode.Leaf(_weights.GetValueOrDefault(order[n]), _covers[at]));
                    continue;
                }
                if (_features[at] is < 0 or > int.MaxValue) throw Unreadable($"it asks for feature {_features[at]}");
                var (threshold, swapped) = Threshold(_modes[at], _values[at]);
                var (left, right) = swapped ? (_false[at], _true[at]) : (_true[at], _false[at]);
                nodes.Add(TreeNode.Split((int)_features[at], threshold, order.Count, order.Count + 1, _covers[at]));
                order.Add((root.Tree, left));
                order.Add((root.Tree, right));
            }
            foreach (var node in nodes) RequireCounts(node, nodes);
            return [.. nodes];
        }

        /// <summary>
        /// Some converters write 1 for every node (onnxmltools does for LightGBM): such covers would make explanations that add up
        /// and are wrong.
        /// </summary>
        private static void RequireCounts(TreeNode node, List<TreeNode> nodes)
        {
            if (node.IsLeaf) return;
            var below = nodes[node.Left].Cover + nodes[node.Right].Cover;
            if (!(Math.Abs(below - node.Cover) <= 1e-3f * Math.Max(1, node.Cover))) throw Unreadable($"its nodes_hitrates are no counts of training rows: {node.Cover} above, {below} below");
        }

        /// <summary>A comparison as "at most"; whether the branches change places. Exact for every number that is not NaN.</summary>
        private static (float Threshold, bool Swapped) Threshold(string mode, float value) => mode switch
        {
            AtMost => (value, false),
            "BRANCH_LT" => (MathF.BitDecrement(value), false),
            "BRANCH_GT" => (value, true),
            "BRANCH_GTE" => (MathF.BitDecrement(value), true),
            _ => throw Unreadable($"it has nodes that decide by {mode}"),
        };

        private long[] IntsOf(string name) => _attributes.TryGetValue(name, out var attribute) ? [.. attribute.Ints] : [];

        private float[] FloatsOf(string name) => _attributes.TryGetValue(name, out var attribute) ? [.. attribute.Floats] : [];

        private string TextOf(string name, string otherwise) => _attributes.TryGetValue(name, out var attribute) && attribute.HasS ? attribute.S.ToStringUtf8() : otherwise;
    }
}
