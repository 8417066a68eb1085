using GraphRec.Graph;
using Xunit;

namespace GraphRec.EndToEnd.Reasons;

/// <summary>Alone, because the collector counts what other tests allocate as well.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsAlone;

/// <summary>The promise of 16 bytes per edge, kept by the graph of the seed as it is built, not by an estimate of it.</summary>
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests(SeedData data)
{
    [Fact]
    public void An_edge_of_the_seed_takes_at_most_16_bytes()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var graph = CsrGraph.Build(data.Export);
        var names = Enum.GetValues<Core.NodeKind>().Sum(k => (long)graph.Nodes(k).Count);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        var bytes = (double)graph.EdgeBytes / graph.EdgeCount;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{graph.EdgeCount} edges in {graph.EdgeBytes} bytes: {bytes:0.0} per edge; the collector counts {after - before} with the index of {names} node ids");
        Assert.True(bytes <= 16, $"{bytes:0.0} bytes per edge");
        Assert.InRange(after - before, graph.EdgeBytes, graph.EdgeBytes + 200L * names);
        GC.KeepAlive(graph);
    }
}
