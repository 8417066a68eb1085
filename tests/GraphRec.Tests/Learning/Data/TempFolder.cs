namespace GraphRec.Tests.Learning.Data;

/// <summary>A folder for made-up files that goes when the test ends.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("graphrec-data-").FullName;

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, params string[] lines)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, string.Join('\n', lines));
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
