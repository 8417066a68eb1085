using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Learning.Training;

/// <summary>What a trained version is made of, and how good it was: the file beside the model.</summary>
public sealed record ModelManifest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The name of the version, which is that of its folder.</summary>
    public required string Version { get; init; }

    /// <summary>The kind of model.</summary>
    public required string Kind { get; init; }

    /// <summary>What it was fitted with, where that is not the kind's default.</summary>
    public required IReadOnlyDictionary<string, double> Parameters { get; init; }

    /// <summary>Of every random choice.</summary>
    public int Seed { get; init; }

    /// <summary>When it was trained, UTC.</summary>
    public DateTimeOffset TrainedAt { get; init; }

    /// <summary>Which GraphRec trained it.</summary>
    public required string GraphRec { get; init; }

    /// <summary>How many engagements it learned from.</summary>
    public int Engagements { get; init; }

    /// <summary>Of those, XXH3 of users, items and times, in hexadecimal.</summary>
    public required string DataHash { get; init; }

    /// <summary>Engagements from here on were held out while models were compared.</summary>
    public DateTimeOffset Cut { get; init; }

    /// <summary>What was compared, by name as asked for; the chosen one among them.</summary>
    public required IReadOnlyList<ComparedModel> Compared { get; init; }

    /// <summary>Drama ids in the model's numbering.</summary>
    public required IReadOnlyList<string> Dramas { get; init; }

    /// <summary>The manifest as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="InvalidInputException">It is missing or of another form.</exception>
    public static ModelManifest Read(string path)
    {
        try
        {
            var read = JsonSerializer.Deserialize<ModelManifest>(File.ReadAllText(path), Json);
            if (read is { Format: 1 }) return read;
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} is of form {read?.Format}, and this version reads 1; train again.");
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} cannot be read: {e.Message} Train again with 'graphrec train'.");
        }
    }
}

/// <summary>A model that was compared before one was chosen.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Parameters">The best that were found.</param>
/// <param name="Validation">NDCG@20 on the validation part; the choice was made by it.</param>
/// <param name="Ndcg">NDCG@20 on the test part.</param>
/// <param name="Recall">Recall@20 on the test part.</param>
public sealed record ComparedModel(string Name, IReadOnlyDictionary<string, double> Parameters, double Validation, double Ndcg, double Recall);
