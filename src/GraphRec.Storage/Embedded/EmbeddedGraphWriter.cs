using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// <see cref="IGraphWriter"/> on SQLite. Calls may arrive out of order (two requests append one after the other, and
/// apply the other way round): what a call leaves out is taken from the log in the same file, so that
/// <see cref="AppliedThroughAsync"/> never passes over an event.
/// </summary>
internal sealed class EmbeddedGraphWriter(ReaderPool readers, StoreWriter writer) : IGraphWriter
{
    internal const string AppliedSql = "SELECT value FROM meta WHERE key = 'applied_through'";

    private const string Find =
        """
        SELECT value, first_at, last_at, times FROM behaviour
        WHERE user_id = $1 AND type = $2 AND target_kind = $3 AND target_id = $4
        """;

    private const string Put =
        """
        INSERT INTO behaviour(user_id, type, target_kind, target_id, value, first_at, last_at, times)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT(user_id, type, target_kind, target_id) DO UPDATE SET
        value = excluded.value, first_at = excluded.first_at, last_at = excluded.last_at, times = excluded.times
        """;

    private const string Delete = "DELETE FROM behaviour WHERE user_id = $1 AND type = $2 AND target_kind = $3 AND target_id = $4";

    private const string PutRegion =
        """
        INSERT INTO viewer(user_id, region, at) VALUES ($1, $2, $3)
        ON CONFLICT(user_id) DO UPDATE SET region = excluded.region, at = excluded.at WHERE excluded.at >= viewer.at
        """;

    public Task ApplyAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return writer.RunAsync("apply events", session =>
        {
            var applied = session.Scalar(AppliedSql);
            var due = Due(session, events, applied);
            if (due.Count == 0) return 0;
            Fold(session, due);
            NoteRegions(session, due);
            session.Prepare("UPDATE meta SET value = $1 WHERE key = 'applied_through'").Bind(due[^1].Sequence).Run();
            return due.Count;
        }, cancel);
    }

    public Task<long> AppliedThroughAsync(CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("applied through", session => session.Scalar(AppliedSql)));
    }

    /// <summary>Writes an edge over the one under its key.</summary>
    internal static void PutEdge(SqlSession session, in BehaviourEdge edge) => session.Prepare(Put).Bind(
        edge.UserId, edge.Type.Name(), Names.Of(edge.Target.Kind), edge.Target.Id, edge.Value, edge.FirstAt.ToUnixTimeMilliseconds(),
        edge.LastAt.ToUnixTimeMilliseconds(), edge.Times).Run();

    /// <summary>The events beyond <paramref name="applied"/>, in log order and without holes, which the log fills.</summary>
    private static IReadOnlyList<LoggedEvent> Due(SqlSession session, IReadOnlyList<LoggedEvent> events, long applied)
    {
        var due = new DueEvents(events, applied);
        if (due.Skipped > 0) due.Fill(EmbeddedEventLog.ReadRange(session, applied, due.Last, int.MaxValue));
        return due.Whole(SqlErrors.Store);
    }

    private static void Fold(SqlSession session, IReadOnlyList<LoggedEvent> due)
    {
        // Each edge is read and written once per call, however many events touch it.
        var edges = new Dictionary<(string User, EdgeType Type, NodeRef Target), (BehaviourEdge? Edge, bool Stored)>();
        foreach (var (_, e) in due)
        {
            if (BehaviourFold.EdgeOf(e.Kind) is not { } type) continue;
            var key = (e.UserId, type, e.Target);
            if (!edges.TryGetValue(key, out var state))
            {
                var edge = FindEdge(session, key);
                state = (edge, edge is not null);
            }
            edges[key] = (BehaviourFold.Apply(state.Edge, e), state.Stored);
        }
        // In the table's own order, so that neighbours on a page are written together.
        foreach (var (key, (edge, stored)) in edges.OrderBy(e => e.Key.User, StringComparer.Ordinal))
        {
            if (edge is { } present)
            {
                PutEdge(session, present);
            }
            else if (stored)
            {
                session.Prepare(Delete).Bind(key.User, key.Type.Name(), Names.Of(key.Target.Kind), key.Target.Id).Run();
            }
        }
    }

    private static void NoteRegions(SqlSession session, IReadOnlyList<LoggedEvent> due)
    {
        foreach (var e in DueEvents.LatestInRegions(due))
            session.Prepare(PutRegion).Bind(e.UserId, e.Context!.Region, e.At.ToUnixTimeMilliseconds()).Run();
    }

    private static BehaviourEdge? FindEdge(SqlSession session, (string User, EdgeType Type, NodeRef Target) key)
    {
        using var row = session.Prepare(Find).Bind(key.User, key.Type.Name(), Names.Of(key.Target.Kind), key.Target.Id).Query();
        return row.Read()
            ? new BehaviourEdge(key.User, key.Type, key.Target, row.GetDouble(0), row.Time(1), row.Time(2), row.GetInt32(3))
            : null;
    }
}
