using System.Text.Json;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Models;
using GraphRec.Learning.Training;
using GraphRec.Tests.Rules;

namespace GraphRec.Tests.Learning.Training;

/// <summary>Versions of 24 dramas in a data directory of their own: the collaborative part is the golden SLIM model.</summary>
internal static class Examples
{
    public static string Golden { get; } = Path.Combine(Repository.Root, "tests", "GraphRec.Tests", "Learning", "Training", "Golden");

    /// <summary>The golden SLIM model.</summary>
    public static IModel Slim()
    {
        var path = Path.Combine(Repository.Root, "tests", "GraphRec.Tests", "Learning", "Models", "Golden", "slim.v1.grmodel");
        using var file = File.OpenRead(path);
        return ModelReader.Read(file, path);
    }

    public static ModelManifest Manifest(string version) => new()
    {
        Version = version,
        TrainedAt = new DateTimeOffset(2026, 11, 2, 4, 0, 0, TimeSpan.Zero),
        Seed = 7,
        GraphRec = "0.2.0",
        Commit = "0123456789abcdef",
        Packages = new Dictionary<string, string> { [".NET"] = "10.0.0" },
        Engagements = 300,
        Through = new DateTimeOffset(2026, 11, 1, 23, 0, 0, TimeSpan.Zero),
        DataHash = "7373404db82ca4f4",
        Cut = new DateTimeOffset(2026, 9, 21, 15, 24, 0, TimeSpan.Zero),
        Compared = [new ComparedModel("slim", new Dictionary<string, double> { ["l1"] = 0.3 }, 0.045, 0.052, 0.081), new ComparedModel("20261101-120000-slim", new Dictionary<string, double>(), null, 0.05, 0.08)],
        Gate = new GateVerdict(true, "It is better.", [new GateComparison("20261101-120000-slim", 0.05, 0.002, 0.001, 0.003, 0.01, 100, 0.001)]) { Outcome = "promoted" },
    };

    public static PartContent[] Parts(int dramas = 24, int listed = 24)
    {
        var model = Slim();
        var lists = listed == 24 ? ItemLists.Of(model, 5, 1) : new ItemNeighbours(new int[listed + 1], [], [], []);
        return
        [
            new(new ModelPart(ModelPart.Dramas, "ids", "dramas.jsonl"), file =>
            {
                for (var n = 0; n < dramas; n++) file.Write([.. JsonSerializer.SerializeToUtf8Bytes($"i{n:00}"), (byte)'\n']);
            }),
            new(
                new ModelPart(ModelPart.Collaborative, "slim", "model.grmodel")
                {
                    Parameters = new Dictionary<string, double> { ["l1"] = 0.3 }, Metrics = new Dictionary<string, double> { ["ndcg@20"] = 0.052 },
                },
                model.Save),
            new(new ModelPart(ModelPart.Lists, "lists", "lists.grmodel"), file => ItemLists.Save(lists, file)),
        ];
    }

    /// <summary>Writes a version of this name.</summary>
    public static void Write(this ModelFolder models, string version) => models.Write(Manifest(version), Parts());

    /// <summary>Copies a golden version into a data directory.</summary>
    public static void CopyGolden(string version, string data)
    {
        var target = Directory.CreateDirectory(Path.Combine(data, "models", version)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Golden, version))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }
}
