using GraphRec.Core;

namespace GraphRec.EndToEnd;

/// <summary>An export that fails whenever it is told to.</summary>
internal sealed class TroubledExport(IGraphExport export, Func<bool> answers) : IGraphExport
{
    public Task<GraphVersion> VersionAsync(CancellationToken cancel = default) =>
        answers() ? export.VersionAsync(cancel) : throw new StorageException("embedded", "version", true, "secret detail");

    public Task<GraphExport> ReadAsync(CancellationToken cancel = default) => export.ReadAsync(cancel);
}
