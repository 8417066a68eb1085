using System.Runtime.CompilerServices;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// <see cref="IImpressionLog"/> on Neo4j: <c>(:Page)</c> with the whole page as a blob, and <c>[:SHOWED]</c> to the dramas on
/// it, for people who ask what was shown.
/// </summary>
internal sealed class Neo4jImpressionLog(Neo4jClient client, int keep) : IImpressionLog
{
    private const int Stretch = 500;

    public async Task AppendAsync(IReadOnlyList<PageImpression> pages, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pages);
        cancel.ThrowIfCancellationRequested();
        if (pages.Count == 0) return;
        await client.TransactAsync("append impressions", async transaction =>
        {
            var (last, known) = (0L, new HashSet<string>(StringComparer.Ordinal));
            await transaction.RunAsync(
                [Cypher.File("write/lock").With(), Cypher.File("write/known-pages").With(new { ids = pages.Select(p => p.PageId) })],
                (statement, row) =>
                {
                    if (statement == 0) last = row.Int64(3);
                    else known.Add(row.String(0));
                }).ConfigureAwait(false);
            var fresh = pages.Where(page => known.Add(page.PageId)).ToList();
            if (fresh.Count == 0) return 0;
            // Positions are consecutive: only the oldest are ever removed, so the newest position says how many to drop.
            var newest = last + fresh.Count;
            await transaction.CommitAsync(
                Cypher.File("write/put-pages").With(new { pages = fresh.Select((page, i) => Properties(page, last + 1 + i)) }),
                Cypher.File("write/put-shown").With(new { shown = fresh.SelectMany(Shown) }),
                Cypher.File("write/page-count").With(new { position = newest, through = newest - keep })).ConfigureAwait(false);
            return fresh.Count;
        }, cancel, idempotent: true).ConfigureAwait(false);
    }

    public async Task<PageImpression?> FindAsync(string pageId, CancellationToken cancel = default) =>
        (await client.QueryAsync("find impressions", Cypher.File("export/page").With(new { id = pageId }), Page, cancel).ConfigureAwait(false)).FirstOrDefault();

    public async IAsyncEnumerable<PageImpression> ReadAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        for (var after = 0L; ;)
        {
            var stretch = await client.QueryAsync(
                "read impressions", Cypher.File("export/pages").With(new { after, first = Stretch }), row => (Position: row.Int64(4), Page: Page(row)), cancel).ConfigureAwait(false);
            if (stretch.Count == 0) yield break;
            foreach (var (position, page) in stretch)
            {
                after = position;
                yield return page;
            }
        }
    }

    public async Task<long> CountAsync(CancellationToken cancel = default) =>
        (await client.QueryAsync("count impressions", Cypher.File("export/page-count").With(), row => row.Int64(0), cancel).ConfigureAwait(false))[0];

    private static PageImpression Page(Row row) => PageBlob.Read(Neo4jClient.Store, row.String(0), row.String(1), row.Time(2), row[3].GetBytesFromBase64());

    private static object Properties(PageImpression page, long position) => new
    {
        id = page.PageId,
        position,
        page.UserId,
        at = page.At.ToUnixTimeMilliseconds(),
        page.GraphVersion,
        page.ModelVersion,
        body = Convert.ToBase64String(PageBlob.Write(page)),
    };

    private static IEnumerable<object> Shown(PageImpression page) => page.Items.Select((shown, item) => new
    {
        page = page.PageId,
        drama = shown.DramaId,
        item,
        shown.Row,
        shown.Position,
        // JSON has no word for what is no number; the blob has.
        score = float.IsFinite(shown.Score) ? shown.Score : (float?)null,
        via = shown.Via?.Name(),
    });
}
