using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The named questions answered by Neo4j, each by the file of its name in <c>cypher/read/</c>: the same ids, scores and
/// order as <see cref="SnapshotQueries"/> gives, but of what is stored this very moment.
/// </summary>
internal sealed class Neo4jQueries(Neo4jClient client) : IGraphQueries
{
    /// <summary>
    /// The place of every step, such as <c>ACTED_IN&lt;</c>, in the order of <see cref="PathEnumerator.Find"/>: by kind of the
    /// node arrived at, edge type, and forward first.
    /// </summary>
    private static readonly Dictionary<string, int> StepOrder = Enum.GetValues<EdgeType>()
        .SelectMany(type => (PathStepKind[])[new(type, true), new(type, false)])
        .OrderBy(s => s.To).ThenBy(s => s.Type).ThenBy(s => !s.Forward)
        .Select((step, place) => (step, place)).ToDictionary(s => s.step.ToString(), s => s.place, StringComparer.Ordinal);

    public async Task<IReadOnlyList<CoWatchedDrama>> CoWatchedAsync(string dramaId, int minCount, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return await client.QueryAsync(
            "co-watched",
            Cypher.File("read/co-watched").With(new
            {
                dramaId, minCount, first, Engagement.MinRating, Engagement.MinShare, new CoWatchParameters().Shrinkage,
            }),
            row => new CoWatchedDrama(row.String(0), row.Int32(1), row.Double(2)), cancel).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ScoredDrama>> WalkedToAsync(IReadOnlyList<string> seeds, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return await client.QueryAsync(
            "walked to",
            Cypher.File("read/walked-to").With(new { seeds = seeds.Distinct(StringComparer.Ordinal), first, Engagement.MinRating, Engagement.MinShare }),
            Scored, cancel).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<SharedPeopleDrama>> SharingPeopleAsync(string dramaId, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return await client.QueryAsync(
            "sharing people", Cypher.File("read/sharing-people").With(new { dramaId, first }),
            row =>
            {
                string[] people = [.. row[1].EnumerateArray().Select(p => p.GetString()!).Order(StringComparer.Ordinal)];
                return new SharedPeopleDrama(row.String(0), people.Length, people);
            },
            cancel).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<ScoredDrama>> TrendingAsync(
        DateTimeOffset since, DateTimeOffset now, TimeSpan halfLife, int first, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(halfLife, TimeSpan.Zero);
        return await client.QueryAsync(
            "trending",
            Cypher.File("read/trending").With(new { since = CsrGraph.ToMinutes(since), now = CsrGraph.ToMinutes(now), halfLife = halfLife.TotalMinutes, first }),
            Scored, cancel).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<BehaviourEdge>> HistoryAsync(string userId, CancellationToken cancel = default)
    {
        // Each of the edges is read as the export reads it, with what is missing filled in alike.
        var reader = new BehaviourReader(new StringPool());
        await client.RunAsync(
            "history", [Cypher.File("read/history").With(new { userId })],
            (_, row) => reader.Add(EdgeTypes.Parse(row.String(5)), row, labelled: true), cancel).ConfigureAwait(false);
        return [.. reader.Edges()
            .OrderByDescending(e => e.LastAt).ThenBy(e => e.Type).ThenBy(e => e.Target.Id, StringComparer.Ordinal).ThenBy(e => e.Target.Kind)];
    }

    public async Task<IReadOnlyList<GraphPath>> PathsAsync(string userId, string dramaId, int maxHops, int first, CancellationToken cancel = default)
    {
        if (maxHops is < 2 or > PathEnumerator.MaxHops)
            throw new ArgumentOutOfRangeException(nameof(maxHops), maxHops, $"maxHops must be 2 to {PathEnumerator.MaxHops}.");
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var found = await client.QueryAsync(
            "paths", Cypher.File("read/paths").With(new { userId, dramaId, maxHops, first, order = StepOrder }), FoundPath.Of, cancel).ConfigureAwait(false);
        // Each of the two kinds of path is in order; here they are put together.
        found.Sort();
        return [.. found.Take(first).Select(p => p.ToPath())];
    }

    private static ScoredDrama Scored(Row row) => new(row.String(0), row.Double(1));

    /// <summary>One step of a path: over an edge, in its direction or against it.</summary>
    private readonly record struct PathStepKind(EdgeType Type, bool Forward)
    {
        public NodeKind To => Forward ? Type.To() : Type.From();

        public static PathStepKind Parse(string step) => new(EdgeTypes.Parse(step[..^1]), step[^1] == '>');

        public override string ToString() => Type.Name() + (Forward ? '>' : '<');
    }

    private sealed record FoundPath(PathStepKind[] Steps, string[] Keys, string[] Names) : IComparable<FoundPath>
    {
        public static FoundPath Of(Row row) => new(
            [.. row[0].EnumerateArray().Select(step => PathStepKind.Parse(step.GetString()!))],
            [.. row[1].EnumerateArray().Select(key => key.GetString()!)], [.. row[2].EnumerateArray().Select(name => name.GetString()!)]);

        public int CompareTo(FoundPath? other)
        {
            if (Steps.Length != other!.Steps.Length) return Steps.Length.CompareTo(other.Steps.Length);
            for (var i = 0; i < Keys.Length; i++)
                if (string.CompareOrdinal(Keys[i], other.Keys[i]) is not 0 and var c) return c;
            for (var i = 0; i < Steps.Length; i++)
                if (StepOrder[Steps[i].ToString()].CompareTo(StepOrder[other.Steps[i].ToString()]) is not 0 and var c) return c;
            return 0;
        }

        public GraphPath ToPath()
        {
            PathNode[] nodes = [.. Keys.Select((key, i) => new PathNode(new NodeRef(i == 0 ? NodeKind.User : Steps[i - 1].To, key), Names[i]))];
            PathEdge[] edges = [.. Steps.Select((step, i) => step.Forward
                ? new PathEdge(step.Type, nodes[i].Node, nodes[i + 1].Node, null)
                : new PathEdge(step.Type, nodes[i + 1].Node, nodes[i].Node, null))];
            return new GraphPath(nodes, edges, 0);
        }
    }
}
