using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>Which ids exist: those of this import, and those that the store is asked for, once each.</summary>
internal sealed class KnownIds(Func<string, CancellationToken, Task<bool>> find)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    public static KnownIds Dramas(ICatalog catalog) =>
        new(async (id, cancel) => await catalog.FindDramaAsync(id, cancel).ConfigureAwait(false) is not null);

    public static KnownIds People(ICatalog catalog) =>
        new(async (id, cancel) => await catalog.FindPersonAsync(id, cancel).ConfigureAwait(false) is not null);

    public void Add(string id) => _known[id] = true;

    public async ValueTask<bool> HasAsync(string id, CancellationToken cancel)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        return _known[id] = await find(id, cancel).ConfigureAwait(false);
    }
}
