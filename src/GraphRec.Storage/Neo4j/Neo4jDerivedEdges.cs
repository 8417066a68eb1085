using System.Text.Json;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Storage.Neo4j;

/// <summary>The derived edges in Neo4j. How far a run is stands in the one GraphState node, written with every batch.</summary>
internal sealed class Neo4jDerivedEdges(Neo4jClient client) : IDerivedEdges
{
    private const string Operation = "derive";

    /// <summary>Dramas per transaction: up to 10,000 edges taken away and written, for which other writers wait about a second.</summary>
    private const int Batch = 25;

    private const int SweepBatch = 10_000;

    public async Task<string?> VersionAsync(CancellationToken cancel = default) => (await StateAsync(cancel).ConfigureAwait(false)).Whole;

    public async Task WriteAsync(GraphSnapshot snapshot, int minCoWatchers, IProgress<DerivedProgress>? progress = null, CancellationToken cancel = default)
    {
        var (version, dramas) = (snapshot.Version.ToString(), snapshot.Graph.Nodes(NodeKind.Drama));
        var state = await StateAsync(cancel).ConfigureAwait(false);
        var start = state.Writing == version && state.Through is { } through ? dramas.Find(through) + 1 : 0;
        while (start < dramas.Count)
        {
            var end = Math.Min(start + Batch, dramas.Count);
            await client.RunAsync(Operation, BatchOf(snapshot, start, end, minCoWatchers), static (_, _) => { }, cancel, idempotent: true).ConfigureAwait(false);
            start = end;
            progress?.Report(new DerivedProgress(start, dramas.Count));
        }
        while (await SweepAsync(version, cancel).ConfigureAwait(false) > 0) { }
        await client.RunAsync(
            Operation, [Cypher.File("write/lock").With(), Cypher.File("write/derived-whole").With(new { version })], static (_, _) => { }, cancel, idempotent: true).ConfigureAwait(false);
    }

    public async Task<NeighbourLists?> ReadAsync(GraphSnapshot snapshot, IReadOnlyList<int> dramas, CancellationToken cancel = default)
    {
        var ids = snapshot.Graph.Nodes(NodeKind.Drama);
        var (walks, coWatched) = (new FoundLists(ids), new FoundLists(ids));
        var rows = await client.QueryAsync(
            "candidates", Cypher.File("read/candidates").With(new { seeds = dramas.Select(d => ids[d]) }),
            row =>
            {
                var seed = ids.Find(row.String(0));
                walks.Add(seed, row[1]);
                coWatched.Add(seed, row[2]);
                return seed;
            },
            cancel).ConfigureAwait(false);
        return rows.Count == 0 ? null : new NeighbourLists(walks.ToNeighbours(), coWatched.ToNeighbours());
    }

    private async Task<(string? Whole, string? Writing, string? Through)> StateAsync(CancellationToken cancel) =>
        (await client.QueryAsync(Operation, Cypher.File("read/derived-state").With(), row => (row.Text(0), row.Text(1), row.Text(2)), cancel).ConfigureAwait(false)).FirstOrDefault();

    private async Task<int> SweepAsync(string version, CancellationToken cancel)
    {
        var swept = 0;
        await client.RunAsync(
            Operation, [Cypher.File("write/lock").With(), Cypher.File("write/sweep-derived").With(new { version, most = SweepBatch })],
            (statement, row) => swept = statement == 1 ? row.Int32(0) : swept, cancel, idempotent: true, static () => { }).ConfigureAwait(false);
        return swept;
    }

    private static Statement[] BatchOf(GraphSnapshot snapshot, int start, int end, int minCoWatchers)
    {
        var (version, ids, derived) = (snapshot.Version.ToString(), snapshot.Graph.Nodes(NodeKind.Drama), snapshot.Derived);
        int[] batch = [.. Enumerable.Range(start, end - start)];
        return
        [
            Cypher.File("write/lock").With(),
            Cypher.File("write/clear-derived").With(new { ids = batch.Select(d => ids[d]) }),
            Cypher.File("write/put-walks").With(new { lists = batch.Select(d => new { id = ids[d], edges = EdgesOf(derived.Walk, d, ids, null) }), version }),
            Cypher.File("write/put-co-watched").With(new { lists = batch.Select(d => new { id = ids[d], edges = EdgesOf(derived.CoWatch, d, ids, minCoWatchers) }), version }),
            Cypher.File("write/derived-through").With(new { version, through = ids[end - 1] }),
        ];
    }

    /// <summary>Id, score and, where a count is asked for, count of every neighbour with so many viewers behind it.</summary>
    private static List<object[]> EdgesOf(ItemNeighbours neighbours, int drama, NodeTable ids, int? minCount)
    {
        var items = neighbours.Of(drama);
        var scores = neighbours.Scores(drama);
        var counts = neighbours.Counts(drama);
        var edges = new List<object[]>(items.Length);
        for (var i = 0; i < items.Length; i++)
        {
            if (minCount is null) edges.Add([ids[items[i]], scores[i]]);
            else if (counts[i] >= minCount) edges.Add([ids[items[i]], scores[i], counts[i]]);
        }
        return edges;
    }

    /// <summary>Collects the lists of an answer, in whatever order the seeds come.</summary>
    private sealed class FoundLists(NodeTable ids)
    {
        private readonly Dictionary<int, (int Start, int Count)> _rows = [];
        private readonly List<int> _items = [];
        private readonly List<float> _scores = [];

        public void Add(int seed, JsonElement edges)
        {
            var start = _items.Count;
            foreach (var edge in edges.EnumerateArray())
            {
                if (edge[0].TextOrNull() is not { } id || ids.Find(id) is not (>= 0 and var item) || edge[1].NumberOrNull() is not { } score) continue;
                _items.Add(item);
                _scores.Add((float)score);
            }
            _rows[seed] = (start, _items.Count - start);
        }

        public ItemNeighbours ToNeighbours()
        {
            var offsets = new int[ids.Count + 1];
            var (items, scores) = (new int[_items.Count], new float[_items.Count]);
            for (var (drama, at) = (0, 0); drama < ids.Count; drama++)
            {
                offsets[drama] = at;
                var (start, count) = _rows.GetValueOrDefault(drama);
                _items.CopyTo(start, items, at, count);
                _scores.CopyTo(start, scores, at, count);
                offsets[drama + 1] = at += count;
            }
            return new ItemNeighbours(offsets, items, scores, new int[items.Length]);
        }
    }
}
