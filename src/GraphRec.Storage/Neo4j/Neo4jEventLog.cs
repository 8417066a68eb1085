using System.Runtime.CompilerServices;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// <see cref="IEventLog"/> on Neo4j: <c>(:Event)</c>, numbered under the graph's lock, so that sequences have no gaps.
/// Times are kept to the millisecond (the rest is cut off). When the answer to a commit is lost and the call is made
/// again, its events are duplicates; they are in the log, and a later <see cref="IGraphWriter.ApplyAsync"/> takes them there.
/// </summary>
internal sealed class Neo4jEventLog(Neo4jClient client) : IEventLog
{
    private const int Page = 2_000;

    public async Task<IReadOnlyList<LoggedEvent>> AppendAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        cancel.ThrowIfCancellationRequested();
        if (events.Count == 0) return [];
        return await client.TransactAsync<IReadOnlyList<LoggedEvent>>("append events", async transaction =>
        {
            var (last, known) = (0L, new HashSet<string>(StringComparer.Ordinal));
            await transaction.RunAsync(
                [Cypher.File("write/lock").With(), Cypher.File("write/known-events").With(new { ids = events.Select(e => e.Id) })],
                (statement, row) =>
                {
                    if (statement == 0) last = row.Int64(2);
                    else known.Add(row.String(0));
                }).ConfigureAwait(false);
            var appended = new List<LoggedEvent>(events.Count);
            foreach (var e in events)
                if (known.Add(e.Id)) appended.Add(new LoggedEvent(++last, DueEvents.Kept(e)));
            if (appended.Count > 0) await transaction.CommitAsync(EventRows.Log(appended)).ConfigureAwait(false);
            return appended;
        }, cancel).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<LoggedEvent> ReadAsync(long afterSequence, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // What is appended while reading is left for the next call, so that the enumeration ends.
        var last = await LastSequenceAsync(cancel).ConfigureAwait(false);
        for (var after = Math.Max(0, afterSequence); after < last; after += Page)
        {
            var stretch = EventRows.Stretch(after, Math.Min(after + Page, last));
            foreach (var logged in await client.QueryAsync("read events", stretch, EventRows.Read, cancel).ConfigureAwait(false)) yield return logged;
        }
    }

    public async Task<long> LastSequenceAsync(CancellationToken cancel = default) =>
        (await client.QueryAsync("last sequence", Cypher.File("export/log").With(), row => row.Int64(0), cancel).ConfigureAwait(false)).FirstOrDefault();
}

/// <summary>How logged events and <c>(:Event)</c> nodes correspond: shared by the log and the writer.</summary>
internal static class EventRows
{
    /// <summary>Writes events, in order of their sequence, and notes how far the log goes.</summary>
    public static IReadOnlyList<Statement> Log(IReadOnlyList<LoggedEvent> events) =>
    [
        Cypher.File("write/log-events").With(new { events = events.Select(Properties) }),
        Cypher.File("write/log-length").With(new { events[^1].Sequence }),
    ];

    /// <summary>Asks for the events with after &lt; sequence ≤ through.</summary>
    public static Statement Stretch(long after, long through) => Cypher.File("export/events").With(new { after, through });

    /// <summary>The event of a row whose only column is its node.</summary>
    /// <exception cref="StorageException">It is not as GraphRec wrote it.</exception>
    public static LoggedEvent Read(Row row)
    {
        var node = row[0];
        var id = Text("id");
        return new LoggedEvent(Whole("sequence"), new ViewerEvent(
            id, Text("userId"), new NodeRef(Names.Node(Text("targetKind")), Text("targetId")), Names.Event(Text("kind")),
            node.Property("value").NumberOrNull(), DateTimeOffset.FromUnixTimeMilliseconds(Whole("at")))
        {
            AttributionId = node.Property("attributionId").TextOrNull(),
            Context = node.Property("hasContext").ValueKind == JsonValueKind.True
                ? new EventContext(node.Property("device").TextOrNull(), node.Property("region").TextOrNull())
                : null,
        });

        string Text(string name) => node.Property(name).TextOrNull() ?? throw Spoilt(name);
        long Whole(string name) => node.Property(name).WholeOrNull() ?? throw Spoilt(name);
        StorageException Spoilt(string name) => new(Neo4jClient.Store, "read events", retryable: false, $"an event of the log has no {name} any more: {node.GetRawText()}");
    }

    private static object Properties(LoggedEvent logged)
    {
        var (sequence, e) = logged;
        return new
        {
            e.Id,
            sequence,
            e.UserId,
            kind = Names.Of(e.Kind),
            targetKind = Names.Of(e.Target.Kind),
            targetId = e.Target.Id,
            e.Value,
            at = e.At.ToUnixTimeMilliseconds(),
            e.AttributionId,
            e.Context?.Device,
            e.Context?.Region,
            hasContext = e.Context is not null,
        };
    }
}
