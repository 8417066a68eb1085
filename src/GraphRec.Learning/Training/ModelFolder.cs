using GraphRec.Core;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Training;

/// <summary>
/// Trained versions in a data directory: <c>models/VERSION/</c> with <c>manifest.json</c> and <c>model.grmodel</c>, and
/// <c>models/current</c>, which names the one that is served. A version is complete before it is named, and naming is one
/// rename, so that a reader finds the one before or the one after.
/// </summary>
public sealed class ModelFolder(string data)
{
    private const string Manifest = "manifest.json", Model = "model.grmodel";

    private readonly string _root = Path.Combine(data, "models");

    private string Pointer => Path.Combine(_root, "current");

    /// <summary>Writes a version and names it the current one; returns its folder.</summary>
    public string Write(ModelManifest manifest, IModel model)
    {
        var (folder, written) = (Path.Combine(_root, manifest.Version), Path.Combine(_root, manifest.Version + ".writing"));
        if (Directory.Exists(folder)) throw new InvalidInputException(ErrorCodes.BadUserInput, $"{folder} is there already; wait a second, and train again.");
        if (Directory.Exists(written)) Directory.Delete(written, recursive: true);
        Directory.CreateDirectory(written);
        using (var file = File.Create(Path.Combine(written, Model)))
        {
            model.Save(file);
            file.Flush(flushToDisk: true);
        }
        File.WriteAllText(Path.Combine(written, Manifest), manifest.ToJson());
        Directory.Move(written, folder);
        File.WriteAllText(Pointer + ".writing", manifest.Version);
        File.Move(Pointer + ".writing", Pointer, overwrite: true);
        return folder;
    }

    /// <summary>Whether a version was ever written here, whatever became of it.</summary>
    public bool Exists => Directory.Exists(_root);

    /// <summary>The name of the version that is served; null while none was trained.</summary>
    public string? CurrentName() => File.Exists(Pointer) ? File.ReadAllText(Pointer).Trim() : null;

    /// <summary>The version that is served; null while none was trained.</summary>
    /// <exception cref="InvalidInputException">It cannot be read; the message says what to do.</exception>
    public (ModelManifest Manifest, IModel Model)? Current()
    {
        if (CurrentName() is not { } name) return null;
        var folder = Path.Combine(_root, name);
        var path = Path.Combine(folder, Model);
        var manifest = ModelManifest.Read(Path.Combine(folder, Manifest));
        if (!File.Exists(path)) throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} is missing; train again with 'graphrec train', or delete {Pointer} to serve without a model.");
        using var file = File.OpenRead(path);
        var model = ModelReader.Read(file, path);
        return model.ItemCount == manifest.Dramas.Count ? (manifest, model) : throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"{path} has {model.ItemCount} dramas, but its manifest {manifest.Dramas.Count}; train again with 'graphrec train'.");
    }
}
