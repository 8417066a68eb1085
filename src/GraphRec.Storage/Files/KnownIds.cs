using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>Which dramas or people exist: those of this import, and those of the store, which is asked once.</summary>
internal sealed class KnownIds(ICatalog catalog, NodeKind kind)
{
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);
    private IReadOnlySet<string>? _stored;

    public void Add(string id) => _added.Add(id);

    public async ValueTask<bool> HasAsync(string id, CancellationToken cancel)
    {
        if (_added.Contains(id)) return true;
        _stored ??= await catalog.IdsAsync(kind, cancel).ConfigureAwait(false);
        return _stored.Contains(id);
    }
}
