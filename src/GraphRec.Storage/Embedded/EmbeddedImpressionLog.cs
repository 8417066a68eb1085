using System.Runtime.CompilerServices;
using GraphRec.Core;
using Microsoft.Data.Sqlite;

namespace GraphRec.Storage.Embedded;

/// <summary><see cref="IImpressionLog"/> on SQLite: one row per page; its items are a compact blob.</summary>
internal sealed class EmbeddedImpressionLog(ReaderPool readers, StoreWriter writer, int keep) : IImpressionLog
{
    private const int Stretch = 500;

    private const string Insert =
        "INSERT INTO impression(page_id, user_id, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT(page_id) DO NOTHING";

    public Task AppendAsync(IReadOnlyList<PageImpression> pages, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pages);
        return writer.RunAsync("append impressions", session =>
        {
            var added = 0;
            foreach (var page in pages)
            {
                added += session.Prepare(Insert)
                    .Bind(page.PageId, page.UserId, page.At.ToUnixTimeMilliseconds(), PageBlob.Write(page)).Run();
            }
            // Positions are consecutive: only the oldest are ever removed, so the newest position says how many to drop.
            if (added > 0)
                session.Prepare("DELETE FROM impression WHERE position <= (SELECT max(position) FROM impression) - $1").Bind(keep).Run();
            return added;
        }, cancel);
    }

    public Task<PageImpression?> FindAsync(string pageId, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("find impressions", session =>
        {
            using var row = session.Prepare("SELECT page_id, user_id, at, body FROM impression WHERE page_id = $1").Bind(pageId).Query();
            return row.Read() ? Page(row) : null;
        }));
    }

    public async IAsyncEnumerable<PageImpression> ReadAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        // Stretch by stretch, as the event log is read.
        for (var after = 0L; ;)
        {
            cancel.ThrowIfCancellationRequested();
            var stretch = readers.Read("read impressions", session =>
            {
                var pages = new List<(long Position, PageImpression Page)>();
                using var row = session.Prepare("SELECT page_id, user_id, at, body, position FROM impression WHERE position > $1 ORDER BY position LIMIT $2").Bind(after, Stretch).Query();
                while (row.Read()) pages.Add((row.GetInt64(4), Page(row)));
                return pages;
            });
            if (stretch.Count == 0) yield break;
            foreach (var (position, page) in stretch)
            {
                after = position;
                yield return page;
            }
        }
    }

    public Task<long> CountAsync(CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("count impressions", session => session.Scalar("SELECT count(*) FROM impression")));
    }

    private static PageImpression Page(SqliteDataReader row) => PageBlob.Read(SqlErrors.Store, row.GetString(0), row.GetString(1), row.Time(2), row.GetFieldValue<byte[]>(3));
}
