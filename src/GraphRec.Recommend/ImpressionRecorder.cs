using System.Threading.Channels;
using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>
/// Step 10 of the read line: what was shown, with features, propensity and versions, is queued here and written in
/// batches beside the requests. When the store cannot keep up the queue drops pages and counts them: an answer never
/// waits for its own record.
/// </summary>
/// <param name="log">Where they are kept.</param>
/// <param name="delivery">Takes along what was written, where the graph is in another store; else null.</param>
public sealed class ImpressionRecorder(IImpressionLog log, ImpressionDelivery? delivery = null)
{
    private const int Capacity = 4096;
    private const int BatchSize = 64;

    private readonly Channel<PageImpression> _queue = Channel.CreateBounded<PageImpression>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;
    private long _written;

    /// <summary>What was shown to whom lately.</summary>
    public ShownLately Shown { get; } = new();

    /// <summary>Pages that were not recorded because the queue was full or the store failed.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Pages written.</summary>
    public long Written => Interlocked.Read(ref _written);

    public void Record(string pageId, UserContext user, string graphVersion, string modelVersion, RankedList list, IReadOnlyList<Row> rows)
    {
        var items = new List<Impression>();
        foreach (var row in rows) Add(items, list, row.Id, row.Items);
        Enqueue(new PageImpression(pageId, user.UserId, user.Now, graphVersion, modelVersion, items) { FeatureSet = list.Model.Features.Fingerprint });
    }

    public void Record(string pageId, UserContext user, string graphVersion, string modelVersion, RankedList list, string row, IReadOnlyList<Recommendation> shown)
    {
        var items = new List<Impression>(shown.Count);
        Add(items, list, row, shown);
        Enqueue(new PageImpression(pageId, user.UserId, user.Now, graphVersion, modelVersion, items) { FeatureSet = list.Model.Features.Fingerprint });
    }

    /// <summary>Writes until cancelled, then what is left.</summary>
    /// <param name="failed">Told of every failed batch; writing goes on.</param>
    /// <param name="cancel">Stops after the queue is empty.</param>
    public async Task RunAsync(Action<Exception> failed, CancellationToken cancel)
    {
        using var stop = cancel.Register(() => _queue.Writer.TryComplete());
        var batch = new List<PageImpression>(BatchSize);
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (batch.Count < BatchSize && _queue.Reader.TryRead(out var page)) batch.Add(page);
            try
            {
                await log.AppendAsync(batch, CancellationToken.None).ConfigureAwait(false);
                Interlocked.Add(ref _written, batch.Count);
                delivery?.Notice(batch);
            }
            catch (Exception e)
            {
                Interlocked.Add(ref _dropped, batch.Count);
                failed(e);
            }
            batch.Clear();
        }
    }

    private static void Add(List<Impression> items, RankedList list, string row, IReadOnlyList<Recommendation> shown)
    {
        var (dramas, matrix) = (list.Snapshot.Graph.Nodes(NodeKind.Drama), list.Matrix);
        for (var i = 0; i < shown.Count; i++)
        {
            // The page is deterministic, so each item was shown with certainty: propensity 1.
            // What is no candidate of the ranker has no features, and teaches nothing.
            var candidate = matrix.RowOf(dramas.Find(shown[i].Drama.Id));
            items.Add(new Impression(shown[i].Drama.Id, row, i, (float)shown[i].Score, 1, candidate < 0 ? [] : matrix.Row(candidate).ToArray())
            {
                Via = Via(shown[i].Reason),
            });
        }
    }

    /// <summary>The first path is of what contributed most, and its last edge is the one that reaches the drama.</summary>
    private static EdgeType? Via(Reason reason) => reason.Paths is [var strongest, ..] ? strongest.Edges[^1].Type : null;

    private void Enqueue(PageImpression page)
    {
        Shown.Note(page.UserId, page.Items.Select(item => item.DramaId), page.At);
        if (!_queue.Writer.TryWrite(page)) Interlocked.Increment(ref _dropped);
    }
}
