using GraphRec.Core;
using GraphRec.Graph;
using Xunit;

namespace GraphRec.Contracts;

public sealed class SnapshotQueriesTests : GraphQueriesContract
{
    protected override Task<IGraphQueries> OpenAsync(GraphExport export)
    {
        var behaviour = export.Behaviour.ToLookup(e => e.UserId, StringComparer.Ordinal);
        return Task.FromResult<IGraphQueries>(
            new SnapshotQueries(CsrGraph.Build(export), export.Dramas, export.People, user => [.. behaviour[user]]));
    }

    [Fact]
    public void Facts_of_another_graph_are_refused()
    {
        var export = new GraphExport(new GraphVersion(1, 1), [new Drama { Id = "a", Title = "A" }], [], [], []);
        Assert.Throws<ArgumentException>(() => new SnapshotQueries(CsrGraph.Build(export), [], [], _ => []));
        Assert.Throws<ArgumentException>(() => new SnapshotQueries(CsrGraph.Build(export), export.Dramas, [new Person("p", "P")], _ => []));
    }
}
