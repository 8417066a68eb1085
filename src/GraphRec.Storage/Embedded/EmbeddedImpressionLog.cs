using System.Text;
using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary><see cref="IImpressionLog"/> on SQLite: one row per page; its items are a compact blob.</summary>
internal sealed class EmbeddedImpressionLog(ReaderPool readers, StoreWriter writer, int keep) : IImpressionLog
{
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
            return row.Read() ? PageBlob.Read(row.GetString(0), row.GetString(1), row.Time(2), row.GetFieldValue<byte[]>(3)) : null;
        }));
    }

    public Task<long> CountAsync(CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("count impressions", session => session.Scalar("SELECT count(*) FROM impression")));
    }
}

/// <summary>
/// The blob of a page, format 1: a version byte, both version strings, the number of items; then per item the drama, the
/// row, the position, score, propensity, the number of features and the features. Strings are length-prefixed UTF-8,
/// whole numbers 7-bit encoded, floats 32-bit little-endian. A new format is a new first byte; old ones stay readable.
/// </summary>
internal static class PageBlob
{
    private const byte Format = 1;

    public static byte[] Write(PageImpression page)
    {
        using var bytes = new MemoryStream(64 + (page.Items.Count * 160));
        using var blob = new BinaryWriter(bytes, Encoding.UTF8);
        blob.Write(Format);
        blob.Write(page.GraphVersion);
        blob.Write(page.ModelVersion);
        blob.Write7BitEncodedInt(page.Items.Count);
        foreach (var item in page.Items)
        {
            blob.Write(item.DramaId);
            blob.Write(item.Row);
            blob.Write7BitEncodedInt(item.Position);
            blob.Write(item.Score);
            blob.Write(item.Propensity);
            blob.Write7BitEncodedInt(item.Features.Length);
            foreach (var feature in item.Features) blob.Write(feature);
        }
        blob.Flush();
        return bytes.ToArray();
    }

    public static PageImpression Read(string pageId, string userId, DateTimeOffset at, byte[] body)
    {
        using var blob = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
        var format = blob.ReadByte();
        if (format != Format)
        {
            throw new StorageException(SqlErrors.Store, "find impressions", retryable: false,
                $"page {pageId} has format {format}, this GraphRec knows {Format}; use the newer GraphRec that wrote it.");
        }
        var graphVersion = blob.ReadString();
        var modelVersion = blob.ReadString();
        var items = new Impression[blob.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new Impression(
                blob.ReadString(), blob.ReadString(), blob.Read7BitEncodedInt(), blob.ReadSingle(), blob.ReadSingle(), Features(blob));
        }
        return new PageImpression(pageId, userId, at, graphVersion, modelVersion, items);
    }

    private static float[] Features(BinaryReader blob)
    {
        var features = new float[blob.Read7BitEncodedInt()];
        for (var i = 0; i < features.Length; i++) features[i] = blob.ReadSingle();
        return features;
    }
}
