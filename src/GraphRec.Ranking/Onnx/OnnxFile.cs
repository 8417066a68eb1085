using System.Text.Json;
using Google.Protobuf;
using GraphRec.Core;
using GraphRec.Ranking.Onnx.Format;
using GraphRec.Ranking.Trees;

namespace GraphRec.Ranking.Onnx;

/// <summary>
/// Rankers as ONNX files: input <c>features</c> [N, features] and output <c>score</c> [N, 1], float32. Trees are one
/// <c>TreeEnsembleRegressor</c> of the domain ai.onnx.ml, a network is <c>Gemm</c> and <c>Relu</c>. What a file is about stands
/// in its <c>metadata_props</c>: <c>graphrec.features</c> and <c>graphrec.background</c> (JSON arrays), <c>graphrec.fingerprint</c>.
/// </summary>
public static class OnnxFile
{
    private const string Input = "features", Output = "score";
    private const string FeaturesKey = "graphrec.features", FingerprintKey = "graphrec.fingerprint", BackgroundKey = "graphrec.background";

    /// <summary>The bytes of a file that scores by trees.</summary>
    /// <param name="trees">What scores; its covers are written as <c>nodes_hitrates</c>.</param>
    /// <param name="description">As many features as the trees know.</param>
    public static byte[] Of(TreeEnsemble trees, RankerDescription description)
    {
        var node = new NodeProto { OpType = OnnxTrees.Operator, Domain = OnnxTrees.Domain, Name = "trees", Input = { Input }, Output = { Output } };
        node.Attribute.AddRange(OnnxTrees.Attributes(trees));
        return Bytes(new GraphProto { Name = "lambdamart", Node = { node } }, trees.FeatureCount, description);
    }

    /// <summary>The bytes of a file that scores by a network.</summary>
    /// <param name="network">What scores.</param>
    /// <param name="description">As many features as the network knows.</param>
    public static byte[] Of(DenseNetwork network, RankerDescription description)
    {
        var graph = new GraphProto { Name = "mlp" };
        var value = Input;
        for (var n = 0; n < network.Layers.Count; n++)
        {
            var layer = network.Layers[n];
            var last = n + 1 == network.Layers.Count;
            var (weights, bias, sum) = ($"weights{n}", $"bias{n}", last ? Output : $"sum{n}");
            graph.Initializer.Add(Tensor(weights, layer.Weights, layer.Inputs, layer.Outputs));
            graph.Initializer.Add(Tensor(bias, layer.Bias, layer.Outputs));
            graph.Node.Add(new NodeProto { OpType = "Gemm", Name = $"layer{n}", Input = { value, weights, bias }, Output = { sum } });
            if (last) break;
            value = $"hidden{n}";
            graph.Node.Add(new NodeProto { OpType = "Relu", Name = $"relu{n}", Input = { sum }, Output = { value } });
        }
        return Bytes(graph, network.FeatureCount, description);
    }

    /// <summary>What a file says of itself; null where GraphRec did not write it and it says nothing.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <exception cref="InvalidInputException">It is missing, no ONNX file, or damaged.</exception>
    public static RankerDescription? Description(string path)
    {
        var said = Model(path).MetadataProps.GroupBy(entry => entry.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        if (!said.TryGetValue(FeaturesKey, out var features)) return null;
        try
        {
            var names = JsonSerializer.Deserialize<string[]>(features);
            var background = JsonSerializer.Deserialize<float[]>(said.GetValueOrDefault(BackgroundKey, ""));
            if (names is { Length: > 0 } && background?.Length == names.Length && said.TryGetValue(FingerprintKey, out var fingerprint))
                return new RankerDescription(names, fingerprint, background);
        }
        catch (JsonException)
        {
            // Told below.
        }
        throw Bad($"{path} does not say its features in a way that can be read ({FeaturesKey}, {FingerprintKey}, {BackgroundKey}); export it again.");
    }

    /// <summary>The trees of a file, also of one made elsewhere; null with the reason where they cannot be read exactly.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <exception cref="InvalidInputException">It is missing, no ONNX file, or damaged.</exception>
    public static (TreeEnsemble? Trees, string? Reason) ReadTrees(string path) => OnnxTrees.Read(Model(path));

    private static ModelProto Model(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var model = ModelProto.Parser.ParseFrom(file);
            return model.Graph is null ? throw Bad($"{path} is no ONNX model: it has no graph.") : model;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            throw Bad($"{path} cannot be read as an ONNX model: {e.Message} Export it again, or copy it again.");
        }
    }

    private static byte[] Bytes(GraphProto graph, int features, RankerDescription description)
    {
        if (description.Features.Count != features || description.Background.Count != features)
            throw Bad($"the ranker has {features} features and its description {description.Features.Count} with {description.Background.Count} background values; give one of each per feature.");
        graph.Input.Add(Value(Input, features));
        graph.Output.Add(Value(Output, 1));
        var model = new ModelProto
        {
            // ONNX 1.12 of 2022: old enough for every runtime in use, and ai.onnx.ml 3 is the last whose trees are these attributes.
            IrVersion = 8,
            OpsetImport = { new OperatorSetIdProto { Version = 15 }, new OperatorSetIdProto { Domain = OnnxTrees.Domain, Version = 3 } },
            ProducerName = "GraphRec",
            Graph = graph,
        };
        void Say(string key, string value) => model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        Say(FeaturesKey, JsonSerializer.Serialize(description.Features));
        Say(FingerprintKey, description.Fingerprint);
        Say(BackgroundKey, JsonSerializer.Serialize(description.Background));
        return model.ToByteArray();
    }

    private static ValueInfoProto Value(string name, int columns) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)TensorProto.Types.DataType.Float,
                Shape = new TensorShapeProto
                {
                    Dim = { new TensorShapeProto.Types.Dimension { DimParam = "N" }, new TensorShapeProto.Types.Dimension { DimValue = columns } },
                },
            },
        },
    };

    private static TensorProto Tensor(string name, float[] values, params long[] shape) =>
        new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float, Dims = { shape }, FloatData = { values } };

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
