using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// <see cref="IGraphWriter"/> on Neo4j. Every event that it applies is kept in the log of the same database, in the same
/// transaction, so that the database holds the whole log whichever log the events come from.
/// </summary>
internal sealed class Neo4jGraphWriter(Neo4jClient client) : IGraphWriter
{
    public async Task ApplyAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        cancel.ThrowIfCancellationRequested();
        if (events.Count == 0) return;
        await client.TransactAsync("apply events", async transaction =>
        {
            var applied = await LockAsync(transaction, events).ConfigureAwait(false);
            var due = await DueAsync(transaction, events, applied).ConfigureAwait(false);
            if (due.Count == 0) return 0;
            var edges = new TouchedEdges(due);
            await edges.LoadAsync(transaction).ConfigureAwait(false);
            edges.Fold(due);
            await transaction.CommitAsync(
            [
                .. edges.Changes(), .. Regions(due), .. EventRows.Log(due),
                Cypher.File("write/applied-through").With(new { due[^1].Sequence }),
            ]).ConfigureAwait(false);
            return due.Count;
        }, cancel, idempotent: true).ConfigureAwait(false);
    }

    public async Task<long> AppliedThroughAsync(CancellationToken cancel = default) =>
        (await client.QueryAsync("applied through", Cypher.File("export/log").With(), row => row.Int64(1), cancel).ConfigureAwait(false)).FirstOrDefault();

    /// <summary>Takes the lock; returns the sequence up to which events are applied. Refuses events of another log.</summary>
    private static async Task<long> LockAsync(Neo4jTransaction transaction, IReadOnlyList<LoggedEvent> events)
    {
        var (applied, conflict) = (0L, (string?)null);
        var (byId, bySequence) = (new Dictionary<string, long>(StringComparer.Ordinal), new Dictionary<long, string>());
        foreach (var (sequence, e) in events) (byId[e.Id], bySequence[sequence]) = (sequence, e.Id);
        await transaction.RunAsync(
            [Cypher.File("write/lock").With(), Cypher.File("write/logged").With(new { ids = byId.Keys, sequences = bySequence.Keys })],
            (statement, row) =>
            {
                if (statement == 0) applied = row.Int64(1);
                else conflict ??= Conflict(row.String(0), row.Int64(1));
            }).ConfigureAwait(false);
        if (conflict is null) return applied;
        throw new StorageException(Neo4jClient.Store, "apply events", retryable: false,
            $"{conflict}: it holds another log. Give this server the data directory that belongs to the database, or copy the database's log into a new one.");

        string? Conflict(string id, long sequence) =>
            byId.TryGetValue(id, out var own) && own != sequence ? $"event {id} comes as number {own}, but the database has {id} as number {sequence}"
            : bySequence.TryGetValue(sequence, out var other) && other != id ? $"event {other} comes as number {sequence}, but the database has {id} as number {sequence}"
            : null;
    }

    /// <summary>The events beyond <paramref name="applied"/>, in log order and without holes, which the log fills.</summary>
    private static async Task<IReadOnlyList<LoggedEvent>> DueAsync(Neo4jTransaction transaction, IReadOnlyList<LoggedEvent> events, long applied)
    {
        var due = new DueEvents(events, applied);
        if (due.Skipped > 0) due.Fill(await transaction.QueryAsync(EventRows.Stretch(applied, due.Last), EventRows.Read).ConfigureAwait(false));
        return due.Whole(Neo4jClient.Store);
    }

    private static IEnumerable<Statement> Regions(IReadOnlyList<LoggedEvent> due)
    {
        var regions = DueEvents.LatestInRegions(due).Select(e => new { user = e.UserId, e.Context!.Region, at = e.At.ToUnixTimeMilliseconds() }).ToList();
        if (regions.Count > 0) yield return Cypher.File("write/put-regions").With(new { regions });
    }
}

/// <summary>The edges that some events touch: read once and written once, however many of the events touch them.</summary>
internal sealed class TouchedEdges
{
    private readonly Dictionary<(string User, EdgeType Type, NodeRef Target), (BehaviourEdge? Edge, bool Stored)> _edges = [];

    public TouchedEdges(IReadOnlyList<LoggedEvent> events)
    {
        foreach (var (_, e) in events)
            if (BehaviourFold.EdgeOf(e.Kind) is { } type) _edges[(e.UserId, type, e.Target)] = (null, false);
    }

    /// <summary>Reads them as they are stored.</summary>
    public async Task LoadAsync(Neo4jTransaction transaction)
    {
        if (_edges.Count == 0) return;
        var (dramas, others) = (_edges.Keys.Where(k => k.Target.Kind == NodeKind.Drama).ToList(), _edges.Keys.Where(k => k.Target.Kind != NodeKind.Drama).ToList());
        await transaction.RunAsync(
            [
                Cypher.File("write/behaviour-of").With(new { users = dramas.Select(k => k.User).Distinct(), targets = dramas.Select(k => k.Target.Id).Distinct() }),
                Cypher.File("write/mutes-of").With(new { users = others.Select(k => k.User).Distinct() }),
            ],
            (statement, row) =>
            {
                if (statement == 0) Stored((row.String(0), Names.Edge(row.String(2)), NodeRef.Drama(row.String(1))), row[3]);
                else if (Muted(row) is { } target) Stored((row.String(0), EdgeType.Muted, target), row[4]);
            }).ConfigureAwait(false);
    }

    /// <summary>What a row of mutes-of mutes; null where it has no key.</summary>
    private static NodeRef? Muted(Row row)
    {
        foreach (var label in row[1].EnumerateArray())
        {
            if (!Enum.TryParse<NodeKind>(label.GetString(), out var kind) || kind is not (NodeKind.Person or NodeKind.Genre or NodeKind.Tag)) continue;
            return GraphProperties.Key(row[kind == NodeKind.Person ? 2 : 3]) is { } id ? new NodeRef(kind, id) : null;
        }
        return null;
    }

    private void Stored((string User, EdgeType Type, NodeRef Target) key, JsonElement properties)
    {
        // The question is a little wider than what is touched.
        if (!_edges.TryGetValue(key, out var touched)) return;
        var edge = BehaviourReader.Edge(key.User, key.Type, key.Target, properties, new GraphIssues());
        // Of parallel edges, which only people can make, the latest counts, as in the export.
        if (touched.Edge is not { } parallel || edge.LastAt > parallel.LastAt) _edges[key] = (edge, true);
    }

    /// <summary>Folds the events in.</summary>
    public void Fold(IReadOnlyList<LoggedEvent> events)
    {
        foreach (var (_, e) in events)
        {
            if (BehaviourFold.EdgeOf(e.Kind) is not { } type) continue;
            var key = (e.UserId, type, e.Target);
            var (edge, stored) = _edges[key];
            _edges[key] = (BehaviourFold.Apply(edge, e), stored);
        }
    }

    /// <summary>Writes what they are now.</summary>
    public IEnumerable<Statement> Changes()
    {
        var gone = _edges.Where(e => e.Value is { Edge: null, Stored: true }).Select(e => BehaviourRows.Key(e.Key)).ToList();
        if (gone.Count > 0) yield return Cypher.File("write/remove-behaviour").With(new { keys = gone });
        foreach (var put in BehaviourRows.Put(_edges.Values.Where(e => e.Edge is not null).Select(e => e.Edge!.Value))) yield return put;
    }
}

/// <summary>How behaviour edges and relationships correspond.</summary>
internal static class BehaviourRows
{
    /// <summary>Writes edges as given, over what is there.</summary>
    /// <exception cref="StorageException">One of them leads where its type does not.</exception>
    public static IEnumerable<Statement> Put(IEnumerable<BehaviourEdge> edges)
    {
        var byTarget = edges.ToLookup(e => e.Target.Kind == NodeKind.Drama);
        if (byTarget[true].Any()) yield return Cypher.File("write/put-behaviour").With(new { edges = byTarget[true].Select(Properties) });
        if (byTarget[false].Any()) yield return Cypher.File("write/put-mutes").With(new { edges = byTarget[false].Select(Properties) });
    }

    /// <summary>What names an edge.</summary>
    public static object Key((string User, EdgeType Type, NodeRef Target) key) =>
        new { key.User, type = key.Type.Name(), kind = Names.Of(key.Target.Kind), target = key.Target.Id };

    private static object Properties(BehaviourEdge edge)
    {
        var known = edge.Target.Kind == NodeKind.Drama
            ? edge.Type.IsBehaviour()
            : edge.Type == EdgeType.Muted && edge.Target.Kind is NodeKind.Person or NodeKind.Genre or NodeKind.Tag;
        if (!known)
            throw new StorageException(Neo4jClient.Store, "write behaviour", retryable: false, $"{edge.UserId} has an edge {edge.Type.Name()} to {edge.Target}; there is no such edge.");
        return new
        {
            user = edge.UserId,
            type = edge.Type.Name(),
            kind = Names.Of(edge.Target.Kind),
            target = edge.Target.Id,
            edge.Value,
            firstAt = edge.FirstAt.ToUnixTimeMilliseconds(),
            lastAt = edge.LastAt.ToUnixTimeMilliseconds(),
            edge.Times,
        };
    }
}
