namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Notices that something was committed, by a question that costs next to nothing. The watch's own commits do not count:
/// they are made through here. On 4.4 and later none of GraphRec's counts, except those that changed the catalogue.
/// </summary>
internal sealed class CatalogPulse(Neo4jClient client, string database)
{
    /// <summary>Held while asking and while committing, so that no answer has half of a commit of its own.</summary>
    private readonly SemaphoreSlim _asking = new(1, 1);

    private bool _known;
    private (long Foreign, long Revision) _others;
    private long _ownBytes;
    private long _ownRevisions;

    // 3.x: the fewest bytes by which a raise made the log grow, and whether they were nobody else's.
    private long _raiseBytes = long.MaxValue;
    private bool _certain;

    /// <summary>The bytes by which the log of 3.x grew with what was noticed last; 0 where that is not known.</summary>
    public long Bytes { get; private set; }

    /// <summary>Makes the next question say that something was committed.</summary>
    public void Forget() => _known = false;

    /// <summary>Whether anything was committed since the last time. The first time: yes.</summary>
    /// <param name="settle">Waits until what was committed can be read.</param>
    /// <param name="cancel">Stops asking.</param>
    public async Task<bool> MovedAsync(Func<Task> settle, CancellationToken cancel)
    {
        var v3 = client.Dialect == Neo4jDialect.V3;
        var others = await OthersAsync(cancel).ConfigureAwait(false);
        if (_known && others == _others) return false;
        Bytes = v3 && _known ? Math.Max(0, others.Foreign - _others.Foreign) : 0;
        (_others, _known) = (others, true);
        await settle().ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Raises the catalogue's revision, without a movement of the pulse. On 3.x only the size of the log tells of a
    /// commit, and a raise always makes it grow by the same, which is found out by measuring: what is more is somebody
    /// else's, and moves the pulse.
    /// </summary>
    /// <returns>The revision.</returns>
    public async Task<long> RaiseAsync(CancellationToken cancel)
    {
        var (before, held, measures) = (0L, false, false);
        try
        {
            var revision = await client.TransactAsync("raise the catalogue's revision", async transaction =>
            {
                // Only here: other writers are waited for before this runs, and meanwhile the pulse goes on asking.
                if (!held) await _asking.WaitAsync(cancel).ConfigureAwait(false);
                held = true;
                measures = client.Dialect == Neo4jDialect.V3 && !_certain;
                if (measures) before = await LogSizeAsync(cancel).ConfigureAwait(false);
                var raised = 0L;
                await transaction.CommitAsync([Cypher.File("write/lock").With(), Cypher.File("write/catalog-revision").With()], (statement, row) =>
                {
                    if (statement == 1) raised = row.Int64(0);
                }).ConfigureAwait(false);
                return raised;
            }, cancel).ConfigureAwait(false);
            _ownRevisions++;
            if (measures) _raiseBytes = Math.Min(_raiseBytes, await LogSizeAsync(cancel).ConfigureAwait(false) - before);
            else if (_certain) _ownBytes += _raiseBytes;
            return revision;
        }
        finally
        {
            if (held) _asking.Release();
        }
    }

    /// <summary>
    /// Told that everything was read after the last movement, and nothing was new: then what a raise was seen to add to the
    /// log held no edit of anybody's.
    /// </summary>
    public void FoundNothing() => _certain = _raiseBytes is > 0 and < long.MaxValue;

    private async Task<(long Foreign, long Revision)> OthersAsync(CancellationToken cancel)
    {
        await _asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (client.Dialect == Neo4jDialect.V3)
            {
                var foreign = await LogSizeAsync(cancel).ConfigureAwait(false) - _ownBytes;
                // More was taken for own than was, or the log was rotated: it is measured again.
                if (_known && foreign < _others.Foreign) (_raiseBytes, _certain) = (long.MaxValue, false);
                return (foreign, 0);
            }
            var before = await OwnAsync(cancel).ConfigureAwait(false);
            var newest = await FirstAsync("export/pulse.v4", new { database }, cancel).ConfigureAwait(false);
            // Commits of GraphRec's between the two questions would hide as many of others: then it has moved, to nowhere.
            return await OwnAsync(cancel).ConfigureAwait(false) == before ? (newest - before.Commits, before.Revision - _ownRevisions) : (newest, -1);
        }
        finally
        {
            _asking.Release();
        }
    }

    private Task<long> LogSizeAsync(CancellationToken cancel) => FirstAsync("export/pulse.v3", null, cancel);

    private async Task<long> FirstAsync(string file, object? parameters, CancellationToken cancel) =>
        (await client.QueryAsync("ask for commits", Cypher.File(file).With(parameters), row => row.Int64(0), cancel).ConfigureAwait(false)).FirstOrDefault();

    private async Task<(long Commits, long Revision)> OwnAsync(CancellationToken cancel) =>
        (await client.QueryAsync("ask for own commits", Cypher.File("export/own-commits").With(), row => (row.Int64(0), row.Int64(1)), cancel).ConfigureAwait(false)).FirstOrDefault();
}
