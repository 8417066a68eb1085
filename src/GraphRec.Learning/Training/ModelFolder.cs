using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Models;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;

namespace GraphRec.Learning.Training;

/// <summary>A file of a version that is about to be written.</summary>
/// <param name="Part">What the manifest says of it; its length and hash are filled in.</param>
/// <param name="Write">Writes its content.</param>
public sealed record PartContent(ModelPart Part, Action<Stream> Write);

/// <summary>What serving reads of a version, checked.</summary>
/// <param name="Manifest">What the version says of itself.</param>
/// <param name="Dramas">Drama ids in the lists' numbering.</param>
/// <param name="Lists">For each drama the dramas it speaks for; see <see cref="ItemLists"/>.</param>
/// <param name="Ranker">The ranker; null for the linear one.</param>
public sealed record ServedVersion(ModelManifest Manifest, IReadOnlyList<string> Dramas, ItemNeighbours Lists, LearnedRanker? Ranker = null);

/// <summary>
/// Trained versions in a data directory: <c>models/VERSION/</c> with <c>manifest.json</c> and the files that it lists, and
/// <see cref="Promotions"/>, which names the one that is served. A version is complete before it is there, and is never changed.
/// </summary>
public sealed class ModelFolder
{
    /// <summary>What to do about a version that cannot be served, as the end of a sentence.</summary>
    internal const string WayOut = "go back with 'graphrec models rollback', or train again with 'graphrec train'";

    private const string ManifestFile = "manifest.json", Writing = ".writing";

    private readonly string _root;

    /// <param name="data">The data directory; it need not exist yet.</param>
    public ModelFolder(string data) => (_root, Promotions) = (Path.Combine(data, "models"), new Promotions(Path.Combine(data, "models")));

    /// <summary>Which version is served, and which were before.</summary>
    public Promotions Promotions { get; }

    /// <summary>Whether a version was ever written here, whatever became of it.</summary>
    public bool Exists => Versions().Count > 0 || Promotions.Current is not null;

    /// <summary>The names of the versions that are there, in order of name, which is that of time.</summary>
    public IReadOnlyList<string> Versions() => !Directory.Exists(_root) ? [] :
    [
        .. Directory.GetDirectories(_root).Where(folder => File.Exists(Path.Combine(folder, ManifestFile)) && !folder.EndsWith(Writing, StringComparison.Ordinal))
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
    ];

    /// <summary>Writes a version and returns its folder. It is not served until it is promoted.</summary>
    /// <param name="manifest">About it; <see cref="ModelManifest.Parts"/> are filled in.</param>
    /// <param name="parts">Its files.</param>
    /// <exception cref="InvalidInputException">There is such a version already.</exception>
    public string Write(ModelManifest manifest, IReadOnlyList<PartContent> parts)
    {
        var (folder, written) = (FolderOf(manifest.Version), FolderOf(manifest.Version) + Writing);
        if (Directory.Exists(folder)) throw Bad($"{folder} is there already; wait a second, and train again.");
        if (Directory.Exists(written)) Directory.Delete(written, recursive: true);
        Directory.CreateDirectory(written);
        var complete = manifest with { Parts = [.. parts.Select(part => WritePart(written, part))] };
        WriteFile(Path.Combine(written, ManifestFile), file => file.Write(Encoding.UTF8.GetBytes(complete.ToJson())));
        Directory.Move(written, folder);
        return folder;
    }

    /// <summary>What a version says of itself.</summary>
    /// <exception cref="InvalidInputException">There is no such version, or its manifest cannot be read; the message says what to do.</exception>
    public ModelManifest Manifest(string version)
    {
        var folder = FolderOf(version);
        if (Directory.Exists(folder)) return ModelManifest.Read(Path.Combine(folder, ManifestFile));
        throw Bad($"There is no version {version} in {_root}{(Versions() is { Count: > 0 } there ? $"; there are {string.Join(", ", there)}" : "")}. To serve something else, {WayOut}.");
    }

    /// <summary>What serving reads of the version that is served; null while none is.</summary>
    /// <exception cref="InvalidInputException">It cannot be read; the message says what to do.</exception>
    public ServedVersion? Current(CancellationToken cancel = default) => Promotions.Current is { } current ? Load(current, cancel) : null;

    /// <summary>What serving reads of a version. Every part is checked against the manifest, also those that are not read.</summary>
    /// <exception cref="InvalidInputException">
    /// A part is missing, damaged or of another version, or the manifest is of a later form; the message says what to do.
    /// </exception>
    public ServedVersion Load(string version, CancellationToken cancel = default)
    {
        var manifest = Manifest(version);
        foreach (var part in manifest.Parts)
        {
            cancel.ThrowIfCancellationRequested();
            CheckFile(version, part);
        }
        var dramas = manifest.Dramas ?? ReadDramas(version, manifest);
        // Form 1 had no lists: they are made as they were made for it then.
        var lists = manifest.Format > 1 ? ReadLists(version, manifest) : ItemLists.Of(Model(version), ItemLists.ServedLength, 1, cancel);
        return lists.ItemCount == dramas.Count ? new ServedVersion(manifest, dramas, lists, ReadRanker(version, manifest))
            : throw Bad($"{FolderOf(version)} has lists of {lists.ItemCount} dramas and the ids of {dramas.Count}: its parts do not belong together; {WayOut}.");
    }

    /// <summary>The collaborative model of a version itself, as it was fitted.</summary>
    /// <exception cref="InvalidInputException">It cannot be read; the message says what to do.</exception>
    public IModel Model(string version)
    {
        var part = Manifest(version).Part(ModelPart.Collaborative);
        CheckFile(version, part);
        var path = Path.Combine(FolderOf(version), part.File);
        using var file = File.OpenRead(path);
        var model = ModelReader.Read(file, path);
        return model.Kind == part.Kind ? model : throw Bad($"{path} is a model of the kind {model.Kind}, but its manifest says {part.Kind}; {WayOut}.");
    }

    /// <summary>Refuses a version that cannot be promoted, for a part of it is not what it should be.</summary>
    /// <exception cref="InvalidInputException">It is such a one; the message says what to do.</exception>
    public void Check(string version, CancellationToken cancel = default)
    {
        var (served, model) = (Load(version, cancel), Model(version));
        if (model.ItemCount != served.Dramas.Count)
            throw Bad($"{FolderOf(version)} has a model of {model.ItemCount} dramas and the ids of {served.Dramas.Count}: its parts do not belong together; {WayOut}.");
    }

    /// <summary>Tells one state of a version's files from another without reading them: names, lengths and times of change.</summary>
    public string Stamp(string? version)
    {
        var folder = version is null ? null : new DirectoryInfo(FolderOf(version));
        return folder is not { Exists: true } ? $"{version}" : $"{version} " + string.Join(' ', folder.GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Select(file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
    }

    /// <summary>Removes a version for good.</summary>
    /// <exception cref="InvalidInputException">There is no such version, or it is the one that is served.</exception>
    public void Remove(string version)
    {
        if (!Directory.Exists(FolderOf(version))) Manifest(version);
        if (version == Promotions.Current) throw Bad($"{version} is served, and stays; promote another version first.");
        // Renamed first, so that a reader finds the version whole or not at all.
        var removed = FolderOf(version) + Writing;
        Directory.Move(FolderOf(version), removed);
        Directory.Delete(removed, recursive: true);
    }

    /// <summary>
    /// Removes old versions: what stays is the version that is served, the <paramref name="keep"/> that were served before it, and the
    /// <paramref name="keep"/> newest of the others. Returns the names of those that went.
    /// </summary>
    public IReadOnlyList<string> RemoveOld(int keep)
    {
        var served = Promotions.Served.Take(keep + 1).ToHashSet(StringComparer.Ordinal);
        string[] old = [.. Versions().Where(version => !served.Contains(version)).SkipLast(keep)];
        foreach (var version in old) Remove(version);
        return old;
    }

    private string FolderOf(string version) => IsName(version) ? Path.Combine(_root, version)
        : throw Bad($"'{version}' is no name of a version; 'graphrec models list' shows the names.");

    private static bool IsName(string version) => version.Length is > 0 and <= 200 && version[0] != '.' && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static ModelPart WritePart(string folder, PartContent content)
    {
        var path = Path.Combine(folder, content.Part.File);
        WriteFile(path, content.Write);
        // Hashed as it can be read back.
        using var file = File.OpenRead(path);
        return content.Part with { Bytes = file.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)) };
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        using var file = File.Create(path, 1 << 16);
        write(file);
        file.Flush(flushToDisk: true);
    }

    private void CheckFile(string version, ModelPart part)
    {
        var path = Path.Combine(FolderOf(version), part.File);
        if (!File.Exists(path)) throw Bad($"{path} is missing; copy it there again, or {WayOut}.");
        using var file = File.OpenRead(path);
        if (part.Bytes is { } bytes && file.Length != bytes) throw Bad($"{path} has {file.Length} bytes, but its manifest says {bytes}: it is damaged, or of another version; {WayOut}.");
        if (part.Sha256 is { } hash && Convert.ToHexStringLower(SHA256.HashData(file)) != hash) throw Bad($"{path} is damaged, or of another version: its SHA-256 is not that of the manifest; {WayOut}.");
    }

    private IReadOnlyList<string> ReadDramas(string version, ModelManifest manifest)
    {
        var path = Path.Combine(FolderOf(version), manifest.Part(ModelPart.Dramas).File);
        try
        {
            return [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<string>(line)!)];
        }
        catch (JsonException e)
        {
            throw Bad($"{path} cannot be read: {e.Message} To serve something else, {WayOut}.");
        }
    }

    private ItemNeighbours ReadLists(string version, ModelManifest manifest)
    {
        var path = Path.Combine(FolderOf(version), manifest.Part(ModelPart.Lists).File);
        using var file = File.OpenRead(path);
        return ItemLists.Read(file, path);
    }

    /// <exception cref="InvalidInputException">It was trained on other features than this GraphRec computes.</exception>
    private LearnedRanker? ReadRanker(string version, ModelManifest manifest)
    {
        if (manifest.Parts.FirstOrDefault(part => part.Name == ModelPart.Ranker) is not { } part) return null;
        var path = Path.Combine(FolderOf(version), part.File);
        try
        {
            return new LearnedRanker(path, new FeatureSet(SourceNames.All));
        }
        catch (InvalidInputException e)
        {
            throw Bad($"{e.Message} To serve something else, {WayOut}.");
        }
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
