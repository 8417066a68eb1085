using CsCheck;
using Google.Protobuf;
using GraphRec.Core;
using GraphRec.Ranking;
using GraphRec.Ranking.Onnx;
using GraphRec.Ranking.Onnx.Format;
using GraphRec.Ranking.Trees;
using GraphRec.Tests.Learning.Data;
using GraphRec.Tests.Ranking.Trees;
using GraphRec.Tests.Rules;
using Xunit;

namespace GraphRec.Tests.Ranking.Onnx;

public sealed class OnnxFileTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "GraphRec.Tests", "Ranking", "Onnx", "Golden");

    private static RankerDescription Description { get; } = new(["popularity", "freshness"], "0011aaff", [0.25f, -1.5f]);

    [Theory]
    [InlineData("trees.v1.onnx")]
    [InlineData("mlp.v1.onnx")]
    public void The_files_are_as_when_the_format_was_made(string name)
    {
        var written = name.StartsWith("trees", StringComparison.Ordinal) ? OnnxFile.Of(TreeEnsembleTests.Two, Description) : OnnxFile.Of(Network, Description);
        var golden = Path.Combine(Golden, name);
        if (Environment.GetEnvironmentVariable("GRAPHREC_UPDATE_GOLDEN") == "1" && !File.Exists(golden))
        {
            Directory.CreateDirectory(Golden);
            File.WriteAllBytes(golden, written);
        }
        Assert.Equal(File.ReadAllBytes(golden), written);
        var said = OnnxFile.Description(golden)!;
        Assert.Equal((Description.Fingerprint, "popularity freshness", "0.25 -1.5"), (said.Fingerprint, string.Join(' ', said.Features), FormattableString.Invariant($"{said.Background[0]} {said.Background[1]}")));
        using var ranker = new OnnxRanker(golden, said);
        var scores = new float[2];
        ranker.Score(new float[] { 1, 3, -1, 4 }, 2, scores);
        Assert.Equal(name.StartsWith("trees", StringComparison.Ordinal) ? [108.25f, 101.25f] : [5, 3.5f], scores);
    }

    /// <summary>Hidden: 2a − b + 1 and a + b, what is below 0 as 0; score: 3 first + second / 2 − 1. At (1, 3): 0 and 4, at (−1, 4): 0 and 3.</summary>
    internal static DenseNetwork Network => new(
        [new DenseLayer(2, 2, [2, 1, -1, 1], [1, 0]), new DenseLayer(2, 1, [3, 1.5f], [-1])]);

    [Fact]
    public void Trees_are_read_back_as_they_were_written() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 5], Gen.Int[0, 20], Gen.Int[0, 10_000]).Sample((features, count, splits, seed) =>
    {
        using var folder = new TempFolder();
        var trees = DrawnTrees.Of(features, count, splits, seed);
        var (read, reason) = OnnxFile.ReadTrees(Write(folder, OnnxFile.Of(trees, new([.. Enumerable.Range(0, features).Select(f => $"f{f}")], "", new float[features]))));
        Assert.Null(reason);
        Assert.Equal((trees.TreeCount, trees.FeatureCount, trees.BaseValue), (read!.TreeCount, read.FeatureCount, read.BaseValue));
        var rows = DrawnTrees.Rows(features, 50, seed + 1);
        for (var tree = 0; tree < count; tree++)
        {
            // Nodes may be numbered anew, so that what they do is compared: where rows end, by value and cover.
            var (own, other) = (trees.Tree(tree).ToArray(), read.Tree(tree).ToArray());
            Assert.Equal(own.Select(node => node.Cover).Order(), other.Select(node => node.Cover).Order());
            for (var row = 0; row < 50; row++)
            {
                var values = rows.AsSpan(row * features, features);
                var (mine, theirs) = (own[TreeEnsemble.LeafOf(own, values)], other[TreeEnsemble.LeafOf(other, values)]);
                Assert.Equal((mine.Value, mine.Cover), (theirs.Value, theirs.Cover));
            }
        }
    }, iter: 100);

    /// <summary>A file made elsewhere: other comparisons, children before parents, a leaf without a weight, no base value. ONNX Runtime is the judge.</summary>
    [Theory]
    [InlineData("BRANCH_LEQ", "SUM")]
    [InlineData("BRANCH_LT", "SUM")]
    [InlineData("BRANCH_GT", "SUM")]
    [InlineData("BRANCH_GTE", "AVERAGE")]
    public void Trees_made_elsewhere_are_read_exactly(string mode, string aggregate)
    {
        using var folder = new TempFolder();
        var path = Write(folder, Foreign(mode, aggregate).ToByteArray());
        Assert.Null(OnnxFile.Description(path));
        var (trees, reason) = OnnxFile.ReadTrees(path);
        Assert.Null(reason);
        using var ranker = new OnnxRanker(path, Description);
        float[] rows = [0.5f, 0, MathF.BitIncrement(0.5f), 0, MathF.BitDecrement(0.5f), 0, 2, -1, -2, 7, 0.5f, MathF.BitIncrement(-1), 0.5f, MathF.BitDecrement(-1), -2, -7];
        var scores = new float[8];
        ranker.Score(rows, 8, scores);
        for (var row = 0; row < 8; row++) Assert.Equal(scores[row], trees!.Score(rows.AsSpan(2 * row, 2)));
        Assert.True(scores.Distinct().Count() > 2);
    }

    [Theory]
    [InlineData("nodes_modes", "BRANCH_EQ")]
    [InlineData("nodes_hitrates", "no counts")]
    [InlineData("no nodes_hitrates", "does not say how many")]
    [InlineData("n_targets", "2 outputs")]
    [InlineData("post_transform", "LOGISTIC")]
    [InlineData("aggregate_function", "MAX")]
    [InlineData("nodes_featureids", "different lengths")]
    [InlineData("nodes_values_as_tensor", "not float32")]
    [InlineData("two nodes", "not a single")]
    [InlineData("no shape", "how many features")]
    [InlineData("circle", "circle")]
    [InlineData("missing child", "not there")]
    public void What_cannot_be_read_exactly_is_not_read_and_the_reason_is_said(string change, string reason)
    {
        var model = Foreign("BRANCH_LEQ", "SUM");
        var node = model.Graph.Node[0];
        AttributeProto Attribute(string name) => node.Attribute.Single(a => a.Name == name);
        switch (change)
        {
            case "nodes_modes": Attribute(change).Strings[2] = ByteString.CopyFromUtf8("BRANCH_EQ"); break;
            case "nodes_hitrates": for (var n = 0; n < 5; n++) Attribute(change).Floats[n] = 1; break;
            case "no nodes_hitrates": node.Attribute.Remove(Attribute("nodes_hitrates")); break;
            case "n_targets": Attribute(change).I = 2; break;
            case "post_transform": node.Attribute.Add(new AttributeProto { Name = change, S = ByteString.CopyFromUtf8("LOGISTIC") }); break;
            case "aggregate_function": Attribute(change).S = ByteString.CopyFromUtf8("MAX"); break;
            case "nodes_featureids": Attribute(change).Ints.Add(0); break;
            case "nodes_values_as_tensor": node.Attribute.Add(new AttributeProto { Name = change, T = new TensorProto() }); break;
            case "two nodes": model.Graph.Node.Add(new NodeProto { OpType = "Relu" }); break;
            case "no shape": model.Graph.Input[0].Type.TensorType.Shape = null; break;
            case "circle": Attribute("nodes_truenodeids").Ints[3] = 5; break;
            case "missing child": Attribute("nodes_truenodeids").Ints[3] = 70; break;
            default: Assert.Fail(change); break;
        }
        using var folder = new TempFolder();
        var (trees, said) = OnnxFile.ReadTrees(Write(folder, model.ToByteArray()));
        Assert.Null(trees);
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_ONNX_file_is_refused()
    {
        using var folder = new TempFolder();
        Refused(folder.Write("text", "hello"), "again");
        Refused(Path.Combine(folder.Path, "missing"), "again");
        Refused(folder.Write("empty", ""), "no graph");
        var whole = OnnxFile.Of(TreeEnsembleTests.Two, Description);
        Refused(Write(folder, whole[..^3]), "again");
        var said = ModelProto.Parser.ParseFrom(whole);
        said.MetadataProps[2].Value = "[1]";
        Assert.Contains("background", Assert.Throws<InvalidInputException>(() => OnnxFile.Description(Write(folder, said.ToByteArray()))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => OnnxFile.Of(TreeEnsembleTests.Two, Description with { Background = [1] }));
    }

    /// <summary>Node 5 is the root, by feature 0 at 0.5; on its false side node 3 by feature 1 at −1. Leaf 1 has no weight.</summary>
    private static ModelProto Foreign(string mode, string aggregate)
    {
        var model = ModelProto.Parser.ParseFrom(OnnxFile.Of(TreeEnsembleTests.Two, Description));
        model.MetadataProps.Clear();
        model.OpsetImport[1].Version = 1;
        var node = model.Graph.Node[0];
        node.Attribute.Clear();
        void Ints(string name, params long[] values) => node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } });
        void Floats(string name, params float[] values) => node.Attribute.Add(new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats, Floats = { values } });
        Ints("nodes_treeids", 4, 4, 4, 4, 4, 6);
        Ints("nodes_nodeids", 5, 1, 4, 3, 2, 0);
        Ints("nodes_featureids", 0, 0, 0, 1, 0, 0);
        Ints("nodes_truenodeids", 4, 0, 0, 1, 0, 0);
        Ints("nodes_falsenodeids", 3, 0, 0, 2, 0, 0);
        Floats("nodes_values", 0.5f, 0, 0, -1, 0, 0);
        Floats("nodes_hitrates", 10, 1, 6, 4, 3, 10);
        node.Attribute.Add(new AttributeProto
        {
            Name = "nodes_modes", Type = AttributeProto.Types.AttributeType.Strings,
            Strings = { new[] { mode, "LEAF", "LEAF", mode, "LEAF", "LEAF" }.Select(ByteString.CopyFromUtf8) },
        });
        Ints("target_treeids", 4, 4, 6);
        Ints("target_nodeids", 4, 2, 0);
        Ints("target_ids", 0, 0, 0);
        Floats("target_weights", 1.5f, -4, 0.25f);
        node.Attribute.Add(new AttributeProto { Name = "n_targets", Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        node.Attribute.Add(new AttributeProto { Name = "aggregate_function", Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(aggregate) });
        return model;
    }

    private static void Refused(string path, string why) => Assert.Contains(why, Assert.Throws<InvalidInputException>(() => OnnxFile.ReadTrees(path)).Message, StringComparison.Ordinal);

    private static string Write(TempFolder folder, byte[] bytes)
    {
        var path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
