using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Learning.Embeddings;

/// <summary>What vectors are, where they come from, and by what their files are known to be whole: <c>manifest.json</c> beside them.</summary>
public sealed record EmbeddingManifest
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The version of the files' form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The name of the version, which is that of its folder.</summary>
    public required string Version { get; init; }

    /// <summary>How they were made: <c>node2vec</c>, <c>fastrp</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What they were made with, by name; a list of names or numbers as the text that a person would write.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Of every random choice.</summary>
    public int Seed { get; init; }

    /// <summary>When they were made, UTC.</summary>
    public DateTimeOffset MadeAt { get; init; }

    /// <summary>Which GraphRec made them.</summary>
    public required string GraphRec { get; init; }

    /// <summary>Of which graph: <see cref="EmbeddingGraph.Hash"/>.</summary>
    public required string GraphHash { get; init; }

    /// <summary>Measured values by name, such as <c>auc</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>How long vectors are. Written by <see cref="EmbeddingFolder.Write"/>, as are those that follow.</summary>
    public int Dimensions { get; init; }

    /// <summary>The types of node in the order of their vectors, and how many there are of each.</summary>
    public IReadOnlyList<EmbeddedType> Types { get; init; } = [];

    /// <summary>XXH3 of <c>vectors.f32</c>, in hexadecimal.</summary>
    public string VectorsHash { get; init; } = "";

    /// <summary>XXH3 of <c>ids.jsonl</c>, in hexadecimal.</summary>
    public string IdsHash { get; init; } = "";
}

/// <summary>A type of node and how many nodes it has.</summary>
public sealed record EmbeddedType(string Name, int Count);

/// <summary>
/// Stored vectors in a data directory: <c>embeddings/VERSION/</c> with <c>vectors.f32</c> (a float32 matrix, a row per node, little-endian,
/// nothing else), <c>ids.jsonl</c> (the id of each row's node as a JSON string per line) and <c>manifest.json</c>; and
/// <c>embeddings/current</c>, which names the one that is used. A version is complete before it is named, and naming is one rename.
/// </summary>
public sealed class EmbeddingFolder(string data)
{
    private const string Manifest = "manifest.json", Vectors = "vectors.f32", Ids = "ids.jsonl";

    private readonly string _root = Path.Combine(data, "embeddings");

    private string Pointer => Path.Combine(_root, "current");

    /// <summary>Writes a version and names it the current one; returns its folder.</summary>
    /// <param name="manifest">About them; what it says of the files themselves is filled in.</param>
    /// <param name="vectors">The vectors.</param>
    /// <exception cref="InvalidInputException">There is such a version already, or its name is no file name.</exception>
    public string Write(EmbeddingManifest manifest, NodeVectors vectors)
    {
        if (manifest.Version is "" or "current" or "." or ".." || manifest.Version.IndexOfAny(['/', '\\']) >= 0 || manifest.Version.EndsWith(".writing", StringComparison.Ordinal))
            throw Bad($"'{manifest.Version}' cannot be a version's name; give one that is a file name.");
        var (folder, written) = (Path.Combine(_root, manifest.Version), Path.Combine(_root, manifest.Version + ".writing"));
        if (Directory.Exists(folder)) throw Bad($"{folder} is there already; give another version, or wait a second.");
        if (Directory.Exists(written)) Directory.Delete(written, recursive: true);
        Directory.CreateDirectory(written);
        var complete = manifest with
        {
            Dimensions = vectors.Dimensions,
            Types = [.. vectors.Types.Select(type => new EmbeddedType(type.Name, type.Ids.Count))],
            VectorsHash = WriteFile(Path.Combine(written, Vectors), Rows(vectors)),
            IdsHash = WriteFile(Path.Combine(written, Ids), vectors.Types.SelectMany(type => type.Ids).Select(id => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(id) + "\n"))),
        };
        File.WriteAllText(Path.Combine(written, Manifest), JsonSerializer.Serialize(complete, EmbeddingManifest.Json));
        Directory.Move(written, folder);
        File.WriteAllText(Pointer + ".writing", manifest.Version);
        File.Move(Pointer + ".writing", Pointer, overwrite: true);
        return folder;
    }

    /// <summary>The version that is used; null while none was written.</summary>
    /// <exception cref="InvalidInputException">It cannot be read; the message says what to do.</exception>
    public (EmbeddingManifest Manifest, NodeVectors Vectors)? Current() => File.Exists(Pointer) ? Read(File.ReadAllText(Pointer).Trim()) : null;

    /// <summary>A version by name.</summary>
    /// <exception cref="InvalidInputException">It is missing, of another form, or damaged; the message says what to do.</exception>
    public (EmbeddingManifest Manifest, NodeVectors Vectors) Read(string version)
    {
        var folder = Path.Combine(_root, version);
        try
        {
            var manifest = JsonSerializer.Deserialize<EmbeddingManifest>(File.ReadAllText(Path.Combine(folder, Manifest)), EmbeddingManifest.Json);
            if (manifest is not { Format: 1 }) throw Bad($"{folder} is of form {manifest?.Format}, and this version reads 1; make the embeddings again.");
            if (manifest.Types is null || manifest.Dimensions < 1 || manifest.Types.Any(type => type.Count < 0)) throw Damaged(folder, Manifest);
            var types = ReadTypes(folder, manifest);
            return (manifest, ReadVectors(folder, manifest, types));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            throw Bad($"{folder} cannot be read: {e.Message} Make the embeddings again, or copy them again.");
        }
    }

    private static List<NodeType> ReadTypes(string folder, EmbeddingManifest manifest)
    {
        var bytes = File.ReadAllBytes(Path.Combine(folder, Ids));
        if (Convert.ToHexStringLower(XxHash3.Hash(bytes)) != manifest.IdsHash) throw Damaged(folder, Ids);
        string[] ids = [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<string>(line)!)];
        if (ids.Length != manifest.Types.Sum(type => (long)type.Count)) throw Damaged(folder, Ids);
        var (types, first) = (new List<NodeType>(), 0);
        foreach (var type in manifest.Types)
        {
            types.Add(new NodeType(type.Name, ids[first..(first + type.Count)], first));
            first += type.Count;
        }
        return types;
    }

    private static NodeVectors ReadVectors(string folder, EmbeddingManifest manifest, List<NodeType> types)
    {
        var count = types.Sum(type => type.Ids.Count);
        using var file = File.OpenRead(Path.Combine(folder, Vectors));
        if (file.Length != (long)count * manifest.Dimensions * sizeof(float)) throw Damaged(folder, Vectors);
        var table = new Models.Factors.FactorTable(count, manifest.Dimensions);
        var hash = new XxHash3();
        for (var row = 0; row < count; row++)
        {
            // Little-endian, as this machine is: .NET runs on no other that the product supports.
            var bytes = MemoryMarshal.AsBytes(table[row][..manifest.Dimensions]);
            file.ReadExactly(bytes);
            hash.Append(bytes);
        }
        if (Convert.ToHexStringLower(hash.GetCurrentHash()) != manifest.VectorsHash) throw Damaged(folder, Vectors);
        return new NodeVectors(types, table);
    }

    private static IEnumerable<byte[]> Rows(NodeVectors vectors)
    {
        for (var node = 0; node < vectors.Count; node++) yield return MemoryMarshal.AsBytes(vectors[node]).ToArray();
    }

    private static string WriteFile(string path, IEnumerable<byte[]> pieces)
    {
        using var file = File.Create(path, 1 << 16);
        var hash = new XxHash3();
        foreach (var piece in pieces)
        {
            file.Write(piece);
            hash.Append(piece);
        }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static InvalidInputException Damaged(string folder, string file) => Bad($"{Path.Combine(folder, file)} is damaged; make the embeddings again, or copy them again.");

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
