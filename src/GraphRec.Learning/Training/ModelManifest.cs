using System.Text.Json;
using System.Text.Json.Serialization;
using GraphRec.Core;
using GraphRec.Learning.Ranking;

namespace GraphRec.Learning.Training;

/// <summary>What a trained version is made of, how good it was, and whether it was promoted: the file beside its parts.</summary>
public sealed record ModelManifest
{
    /// <summary>The form that this code writes. It reads 1 too: one model without a hash, and the dramas in the manifest.</summary>
    public const int WrittenFormat = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = WrittenFormat;

    /// <summary>The name of the version, which is that of its folder.</summary>
    public required string Version { get; init; }

    /// <summary>When it was trained, UTC.</summary>
    public DateTimeOffset TrainedAt { get; init; }

    /// <summary>Of every random choice.</summary>
    public int Seed { get; init; }

    /// <summary>Which GraphRec trained it.</summary>
    public required string GraphRec { get; init; }

    /// <summary>The commit of its code; null where the build knew of none.</summary>
    public string? Commit { get; init; }

    /// <summary>Versions of what computes, by name: the runtime and the packages of linear algebra.</summary>
    public IReadOnlyDictionary<string, string> Packages { get; init; } = new Dictionary<string, string>();

    /// <summary>How many engagements it learned from.</summary>
    public int Engagements { get; init; }

    /// <summary>The newest of them; null in form 1.</summary>
    public DateTimeOffset? Through { get; init; }

    /// <summary>Of those, XXH3 of users, items and times, in hexadecimal.</summary>
    public required string DataHash { get; init; }

    /// <summary>Engagements from here on were held out while models were compared.</summary>
    public DateTimeOffset Cut { get; init; }

    /// <summary>The files of the version, this one left out.</summary>
    public IReadOnlyList<ModelPart> Parts { get; init; } = [];

    /// <summary>What was compared, by name as asked for; the chosen one among them.</summary>
    public required IReadOnlyList<ComparedModel> Compared { get; init; }

    /// <summary>What the gate said, and what became of the version when it was trained; null in form 1, which knew no gate.</summary>
    public GateVerdict? Gate { get; init; }

    /// <summary>Whether it has a learned ranker, and why; null where none was asked for.</summary>
    public RankerVerdict? Ranker { get; init; }

    /// <summary>Drama ids in the model's numbering, in form 1 alone; since then they are the part <see cref="ModelPart.Dramas"/>.</summary>
    public IReadOnlyList<string>? Dramas { get; init; }

    /// <summary>The part of this name.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public ModelPart Part(string name) => Parts.FirstOrDefault(part => part.Name == name) ?? throw new InvalidInputException(
        ErrorCodes.BadUserInput, $"{Version} has no part {name}; {ModelFolder.WayOut}.");

    /// <summary>The manifest as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidInputException">It is missing or of another form; the message says what to do.</exception>
    public static ModelManifest Read(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            var format = JsonSerializer.Deserialize<FormatAlone>(text, Json)?.Format;
            return (format switch
            {
                1 => JsonSerializer.Deserialize<FirstForm>(text, Json)!.Manifest(),
                WrittenFormat => JsonSerializer.Deserialize<ModelManifest>(text, Json)!,
                _ => throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} is of form {format}, and this version of GraphRec reads up to {WrittenFormat}; use the one that wrote it. Or {ModelFolder.WayOut}."),
            }).Checked(path);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} cannot be read: {e.Message} To serve something else, {ModelFolder.WayOut}.");
        }
    }

    private ModelManifest Checked(string path) =>
        Version == Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) && Parts.All(part => part.File == Path.GetFileName(part.File)) ? this
            : throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} is the manifest of {Version}, of another folder; copy the whole version again, or {ModelFolder.WayOut}.");

    private sealed record FormatAlone(int Format);

    /// <summary>The form of GraphRec before versions had parts.</summary>
    private sealed record FirstForm(
        string Version, string Kind, IReadOnlyDictionary<string, double> Parameters, int Seed, DateTimeOffset TrainedAt, string GraphRec, int Engagements,
        string DataHash, DateTimeOffset Cut, IReadOnlyList<ComparedModel> Compared, IReadOnlyList<string> Dramas)
    {
        public ModelManifest Manifest() => new()
        {
            Format = 1,
            Version = Version,
            TrainedAt = TrainedAt,
            Seed = Seed,
            GraphRec = GraphRec,
            Engagements = Engagements,
            DataHash = DataHash,
            Cut = Cut,
            Compared = Compared,
            Dramas = Dramas,
            Parts = [new ModelPart(ModelPart.Collaborative, Kind, "model.grmodel") { Parameters = Parameters }],
        };
    }
}

/// <summary>A file of a version.</summary>
/// <param name="Name">What it is for; of each name there is one.</param>
/// <param name="Kind">What is in it: a kind of model, <c>lists</c>, <c>ids</c>.</param>
/// <param name="File">Its name in the version's folder.</param>
public sealed record ModelPart(string Name, string Kind, string File)
{
    /// <summary>The part that holds the collaborative model.</summary>
    public const string Collaborative = "collaborative";

    /// <summary>The part that serving reads of it.</summary>
    public const string Lists = "lists";

    /// <summary>The part that holds drama ids in the order in which the other parts number them.</summary>
    public const string Dramas = "dramas";

    /// <summary>The part that orders candidates, an ONNX file; a version without it is served with the linear ranker.</summary>
    public const string Ranker = "ranker";

    /// <summary>How long the file is; null in form 1.</summary>
    public long? Bytes { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal, as <c>sha256sum</c> prints it; null in form 1.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Of which features it is, by their fingerprint; null where it reads none.</summary>
    public string? Features { get; init; }

    /// <summary>What it was fitted with, where that is not the kind's default.</summary>
    public IReadOnlyDictionary<string, double> Parameters { get; init; } = new Dictionary<string, double>();

    /// <summary>What was measured of it on the test part, by name, such as <c>ndcg@20</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}

/// <summary>A model that was compared before one was chosen.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Parameters">The best that were found.</param>
/// <param name="Validation">NDCG@20 on the validation part, by which the choice was made; null where nothing was tried there.</param>
/// <param name="Ndcg">NDCG@20 on the test part.</param>
/// <param name="Recall">Recall@20 on the test part.</param>
public sealed record ComparedModel(string Name, IReadOnlyDictionary<string, double> Parameters, double? Validation, double Ndcg, double Recall);
