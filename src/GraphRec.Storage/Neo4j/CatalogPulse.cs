namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Notices that something was committed, by a question that costs next to nothing. On 4.4 and later GraphRec's own commits
/// are subtracted, except those that changed the catalogue; on 3.x they look like any other.
/// </summary>
internal sealed class CatalogPulse(Neo4jClient client, string database)
{
    private long _newest = -1;
    private (long Foreign, long Revision) _others = (-1, -1);

    /// <summary>The bytes by which the log of 3.x grew with what was noticed last; 0 where that is not known.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether anything was committed since the last time. The first time: yes.</summary>
    /// <param name="settle">Waits until what was committed can be read.</param>
    /// <param name="cancel">Stops asking.</param>
    public async Task<bool> MovedAsync(Func<Task> settle, CancellationToken cancel)
    {
        var newest = await NewestAsync(cancel).ConfigureAwait(false);
        if (newest == _newest) return false;
        (Bytes, _newest) = (client.Dialect == Neo4jDialect.V3 && _newest >= 0 ? Math.Max(0, newest - _newest) : 0, newest);
        await settle().ConfigureAwait(false);
        if (client.Dialect == Neo4jDialect.V3) return true;

        var before = await OwnAsync(cancel).ConfigureAwait(false);
        newest = await NewestAsync(cancel).ConfigureAwait(false);
        var others = (newest - before.Commits, before.Revision);
        // Own commits between the two questions would hide as many of others.
        if (await OwnAsync(cancel).ConfigureAwait(false) != before) return true;
        var moved = others != _others;
        (_newest, _others) = (newest, others);
        return moved;
    }

    private async Task<long> NewestAsync(CancellationToken cancel)
    {
        var question = client.Dialect == Neo4jDialect.V3 ? Cypher.File("export/pulse.v3").With() : Cypher.File("export/pulse.v4").With(new { database });
        return (await client.QueryAsync("ask for commits", question, row => row.Int64(0), cancel).ConfigureAwait(false)).FirstOrDefault();
    }

    private async Task<(long Commits, long Revision)> OwnAsync(CancellationToken cancel) =>
        (await client.QueryAsync("ask for own commits", Cypher.File("export/own-commits").With(), row => (row.Int64(0), row.Int64(1)), cancel).ConfigureAwait(false)).FirstOrDefault();
}
