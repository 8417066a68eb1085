using System.Runtime.CompilerServices;
using GraphRec.Core;
using Microsoft.Data.Sqlite;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// <see cref="IEventLog"/> on SQLite. Sequences have no gaps. Times are kept to the millisecond (the rest is cut off),
/// and the events that <see cref="AppendAsync"/> returns carry the time as it was kept.
/// </summary>
internal sealed class EmbeddedEventLog(ReaderPool readers, StoreWriter writer) : IEventLog
{
    private const int Page = 2_000;

    private const string Insert =
        """
        INSERT INTO event(id, user_id, kind, target_kind, target_id, value, at, attribution_id, device, region, has_context)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT(id) DO NOTHING RETURNING sequence
        """;

    private const string InsertAt =
        """
        INSERT INTO event(id, user_id, kind, target_kind, target_id, value, at, attribution_id, device, region, has_context, sequence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING
        """;

    /// <summary>The events after $1 up to $2, at most $3.</summary>
    private const string Select =
        """
        SELECT sequence, id, user_id, kind, target_kind, target_id, value, at, attribution_id, device, region, has_context
        FROM event WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3
        """;

    public Task<IReadOnlyList<LoggedEvent>> AppendAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return writer.RunAsync<IReadOnlyList<LoggedEvent>>("append events", session =>
        {
            var appended = new List<LoggedEvent>(events.Count);
            var insert = session.Prepare(Insert);
            foreach (var e in events)
            {
                var at = e.At.ToUnixTimeMilliseconds();
                var sequence = Sequence(insert.Bind(Columns(e)));
                if (sequence > 0) appended.Add(new LoggedEvent(sequence, e with { At = DateTimeOffset.FromUnixTimeMilliseconds(at) }));
            }
            return appended;
        }, cancel);
    }

    public async IAsyncEnumerable<LoggedEvent> ReadAsync(long afterSequence, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        // Page by page, so that a slow reader does not hold a snapshot open, which would stop the WAL from shrinking.
        // What is appended while reading is left for the next call, so that the enumeration ends.
        var last = await LastSequenceAsync(cancel).ConfigureAwait(false);
        while (afterSequence < last)
        {
            cancel.ThrowIfCancellationRequested();
            var from = afterSequence;
            foreach (var logged in readers.Read("read events", session => ReadRange(session, from, last, Page)))
            {
                afterSequence = logged.Sequence;
                yield return logged;
            }
        }
    }

    public Task<long> LastSequenceAsync(CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("last sequence", session => session.Scalar("SELECT max(sequence) FROM event")));
    }

    /// <summary>The events with after &lt; sequence ≤ through, at most <paramref name="limit"/>.</summary>
    internal static List<LoggedEvent> ReadRange(SqlSession session, long after, long through, int limit)
    {
        var events = new List<LoggedEvent>();
        using var row = session.Prepare(Select).Bind(after, through, limit).Query();
        while (row.Read()) events.Add(new LoggedEvent(row.GetInt64(0), Event(row)));
        return events;
    }

    /// <summary>Writes events with the sequences they have; those that are there are passed over. Returns how many were not.</summary>
    internal static int Restore(SqlSession session, IReadOnlyList<LoggedEvent> events)
    {
        var added = 0;
        foreach (var (sequence, e) in events) added += session.Prepare(InsertAt).Bind([.. Columns(e), sequence]).Run();
        return added;
    }

    private static object?[] Columns(ViewerEvent e) =>
    [
        e.Id, e.UserId, Names.Of(e.Kind), Names.Of(e.Target.Kind), e.Target.Id, e.Value, e.At.ToUnixTimeMilliseconds(),
        e.AttributionId, e.Context?.Device, e.Context?.Region, e.Context is null ? 0 : 1,
    ];

    private static ViewerEvent Event(SqliteDataReader row) => new(
        row.GetString(1), row.GetString(2), new NodeRef(Names.Node(row.GetString(4)), row.GetString(5)),
        Names.Event(row.GetString(3)), row.IsDBNull(6) ? null : row.GetDouble(6), row.Time(7))
    {
        AttributionId = row.Text(8),
        Context = row.GetInt32(11) == 0 ? null : new EventContext(row.Text(9), row.Text(10)),
    };

    private static long Sequence(SqlStatement insert)
    {
        using var row = insert.Query();
        return row.Read() ? row.GetInt64(0) : 0;
    }
}
