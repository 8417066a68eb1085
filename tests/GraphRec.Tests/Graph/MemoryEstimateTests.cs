using System.Runtime.CompilerServices;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

/// <summary>Alone, because other tests' allocations would be counted too.</summary>
[CollectionDefinition(nameof(MemoryEstimateTests), DisableParallelization = true)]
public sealed class MeasuresMemory;

[Collection(nameof(MemoryEstimateTests))]
public sealed class MemoryEstimateTests
{
    // As many as in the seed catalogue, and viewers as the simulation makes them.
    private const int Dramas = 5536, People = 14806, Credits = 45140, Users = 2000, WatchesPerUser = 40;

    [Fact]
    public void Is_within_a_tenth_of_what_the_collector_reports()
    {
        var measured = Measure(BuildGraph);
        var estimate = MemoryEstimate.Graph(GraphSize.Of(BuildGraph()));
        Assert.InRange(estimate, .9 * measured, 1.1 * measured);
    }

    [Fact]
    public void The_parts_are_within_a_tenth_too()
    {
        var graph = BuildGraph();
        var size = GraphSize.Of(graph);
        Assert.Equal(graph.EdgeBytes, MemoryEstimate.Edges(size));
        var engaged = Engagement.Of(graph);
        var bytes = Measure(() => Engagement.Of(graph));
        Assert.InRange(MemoryEstimate.Engaged(Users, Dramas, engaged.EdgeCount), .9 * bytes, 1.1 * bytes);
        ItemNeighbours Neighbours() => CoWatch.Build(engaged, new CoWatchParameters(20, 1), 1, TestContext.Current.CancellationToken);
        bytes = Measure(Neighbours);
        var neighbours = Neighbours();
        Assert.InRange(neighbours.Bytes, .9 * bytes, 1.1 * bytes);
        Assert.InRange(neighbours.Bytes, .5 * bytes, MemoryEstimate.Neighbours(Dramas, 20));
    }

    [Fact]
    public void An_edge_takes_at_most_16_bytes()
    {
        var graph = BuildGraph();
        Assert.InRange((double)graph.EdgeBytes / graph.EdgeCount, 8, 16);
        Assert.Equal(Credits, graph[EdgeType.ActedIn].EdgeCount);
        Assert.Equal(Users * WatchesPerUser, graph[EdgeType.Watched].EdgeCount);
    }

    [Fact]
    public void Grows_by_the_stated_bytes_per_edge()
    {
        GraphSize With(EdgeType type, long edges) => new(new Dictionary<NodeKind, int>(), new Dictionary<EdgeType, long> { [type] = edges }, 10);
        long PerEdge(EdgeType type) => MemoryEstimate.Edges(With(type, 1001)) - MemoryEstimate.Edges(With(type, 1000));
        Assert.Equal(8, PerEdge(EdgeType.HasGenre));
        Assert.Equal(10, PerEdge(EdgeType.ActedIn));
        Assert.Equal(12, PerEdge(EdgeType.Muted));
        Assert.Equal(14, PerEdge(EdgeType.Watched));
    }

    /// <summary>Bytes of one of many: pools of arrays that other tests filled are emptied meanwhile, by a quarter of a megabyte.</summary>
    private static double Measure(Func<object> make)
    {
        const int copies = 16;
        make();
        var before = Live();
        var made = new object[copies];
        for (var n = 0; n < copies; n++) made[n] = make();
        var bytes = (Live() - before) / (double)copies;
        GC.KeepAlive(made);
        return bytes;
    }

    /// <summary>Bytes alive, once what other tests left to be finalized is gone.</summary>
    private static long Live()
    {
        for (var last = long.MaxValue; ;)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var now = GC.GetTotalMemory(true);
            if (Math.Abs(last - now) < 1000) return now;
            last = now;
        }
    }

    /// <summary>Not inlined, so that nothing but the graph is alive afterwards.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CsrGraph BuildGraph()
    {
        var random = new Random(7);
        string[] Some(string prefix, int of, int atMost) =>
            [.. Enumerable.Range(0, random.Next(1, atMost + 1)).Select(_ => $"{prefix} {random.Next(of)}").Distinct()];
        var dramas = Enumerable.Range(0, Dramas).Select(i => Sample.Drama($"the-title-of-drama-{i}-2020") with
        {
            Genres = Some("genre", 35, 6),
            Tags = Some("some characteristic", 3372, 18),
            Networks = Some("network", 120, 1),
        }).ToArray();
        var people = Enumerable.Range(0, People).Select(i => new Person($"name-surname-{i}", "")).ToArray();
        var credits = Enumerable.Range(0, Credits)
            .Select(i => new Credit(dramas[i % Dramas].Id, people[(int)(i * 7919L % People)].Id, CreditRole.Actor, 1)).ToArray();
        var behaviour = Enumerable.Range(0, Users).SelectMany(u => Enumerable.Range(0, WatchesPerUser).SelectMany(i => new[]
        {
            Sample.Watched($"viewer-{u}", dramas[(u * 37 + i * i) % Dramas].Id, 1, i),
            Sample.Rated($"viewer-{u}", dramas[(u * 37 + i * i) % Dramas].Id, 8, i),
        })).Where((_, i) => i % 4 != 3);
        return CsrGraph.Build(new GraphExport(new GraphVersion(1, 1), dramas, people, credits, [.. behaviour]));
    }
}
