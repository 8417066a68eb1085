using GraphRec.Core;

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

    // 3.x: the fewest bytes by which a raise made the log grow, how often it was that many, whether a movement came since
    // that was last measured, and whether they were surely nobody else's.
    private long _raiseBytes = long.MaxValue;
    private int _measured;
    private bool _movedSince;
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
        (_others, _known, _movedSince) = (others, true, true);
        await settle().ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Raises the catalogue's revision to at least this, without a movement of the pulse. On 3.x only the size of the log
    /// tells of a commit, and a raise always makes it grow by the same, which is found out by measuring: what is more is
    /// somebody else's, and moves the pulse.
    /// </summary>
    public async Task RaiseAsync(long revision, CancellationToken cancel)
    {
        var (size, held, measures) = (0L, false, false);
        try
        {
            _ownRevisions += await client.TransactAsync("raise the catalogue's revision", async transaction =>
            {
                // Only here: other writers are waited for before this runs, and meanwhile the pulse goes on asking.
                if (!held) await _asking.WaitAsync(cancel).ConfigureAwait(false);
                held = true;
                measures = client.Dialect == Neo4jDialect.V3 && !_certain;
                if (measures) size = await LogSizeAsync(cancel).ConfigureAwait(false);
                var by = 0L;
                await transaction.CommitAsync([Cypher.File("write/lock").With(), Cypher.File("write/raise-revision").With(new { revision })], (statement, row) =>
                {
                    if (statement == 1) by = row.Int64(1) - row.Int64(0);
                }).ConfigureAwait(false);
                return by;
            }, cancel).ConfigureAwait(false);
            if (measures) Measure(await LogSizeAsync(cancel).ConfigureAwait(false) - size);
            else if (_certain) _ownBytes += _raiseBytes;
        }
        finally
        {
            if (held) _asking.Release();
        }
    }

    /// <summary>
    /// Told that everything was read after the last movement, and nothing was new: then what a raise before it was seen to add
    /// to the log held no edit of anybody's. Once may have been chance: somebody may write what is not of the catalogue.
    /// </summary>
    public void FoundNothing() => _certain = _measured >= 2 && _movedSince;

    private void Measure(long bytes)
    {
        if (bytes > 0 && bytes < _raiseBytes) (_raiseBytes, _measured) = (bytes, 0);
        if (bytes == _raiseBytes) _measured++;
        _movedSince = false;
    }

    private async Task<(long Foreign, long Revision)> OthersAsync(CancellationToken cancel)
    {
        await _asking.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (client.Dialect == Neo4jDialect.V3)
            {
                var foreign = await LogSizeAsync(cancel).ConfigureAwait(false) - _ownBytes;
                // More was taken for own than was, or the log was rotated: it is measured again.
                if (_known && foreign < _others.Foreign) (_raiseBytes, _measured, _certain) = (long.MaxValue, 0, false);
                return (foreign, 0);
            }
            var before = await OwnAsync(cancel).ConfigureAwait(false);
            var newest = await NewestAsync("export/pulse.v4", new { database }, cancel).ConfigureAwait(false);
            // Commits of GraphRec's between the two questions would hide as many of others: then it has moved, to nowhere.
            return await OwnAsync(cancel).ConfigureAwait(false) == before ? (newest - before.Commits, before.Revision - _ownRevisions) : (newest, -1);
        }
        finally
        {
            _asking.Release();
        }
    }

    private Task<long> LogSizeAsync(CancellationToken cancel) => NewestAsync("export/pulse.v3", null, cancel);

    private async Task<long> NewestAsync(string file, object? parameters, CancellationToken cancel)
    {
        var found = await client.QueryAsync("ask for commits", Cypher.File(file).With(parameters), row => row.Whole(0), cancel).ConfigureAwait(false);
        return found is [{ } newest, ..] ? newest : throw new StorageException(Neo4jClient.Store, "ask for commits", retryable: true,
            $"the server does not tell the newest commit of the database '{database}'. Give the database's own name, no alias, in lower case.");
    }

    private async Task<(long Commits, long Revision)> OwnAsync(CancellationToken cancel) =>
        (await client.QueryAsync("ask for own commits", Cypher.File("export/own-commits").With(), row => (row.Whole(0) ?? 0, row.Whole(1) ?? 0), cancel).ConfigureAwait(false)).FirstOrDefault();
}
