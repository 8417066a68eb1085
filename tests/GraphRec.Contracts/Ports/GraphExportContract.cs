using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Ports;

/// <summary>What every <see cref="IGraphExport"/> does.</summary>
public abstract class GraphExportContract(Backend backend) : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_store_exports_nothing()
    {
        var graph = await backend.Export.ReadAsync(Cancel);
        Assert.Empty(graph.Dramas);
        Assert.Empty(graph.People);
        Assert.Empty(graph.Credits);
        Assert.Empty(graph.Behaviour);
        Assert.Equal(await backend.Export.VersionAsync(Cancel), graph.Version);
    }

    [Fact]
    public async Task Everything_is_in_ordinal_order()
    {
        // U+FF21 sorts after U+1F479 by UTF-8 bytes reversed: ordinal order is by UTF-16 units, where the pair is smaller.
        string[] ids = ["z", "A", "a", "é", "\uFF21", "👹", "10", "9"];
        string[] ordinal = ["10", "9", "A", "a", "z", "é", "👹", "\uFF21"];
        await backend.Catalog.UpsertAsync(new CatalogBatch(
            [.. ids.Select(Examples.Plain)], [.. ids.Select(id => new Person(id, "name"))],
            [.. ids.SelectMany(id => new[] { new Credit(id, "b", CreditRole.Writer, 1), new Credit(id, "c", CreditRole.Actor, 2), new Credit(id, "a", CreditRole.Actor, 2) })]), Cancel);
        var events = ids.SelectMany(id => new[] { Examples.Watch($"w{id}", user: id), Examples.Of(EventKind.Click, $"c{id}", NodeRef.Drama(id)) });
        await backend.Graph.ApplyAsync(Examples.Logged(events), Cancel);

        var graph = await backend.Export.ReadAsync(Cancel);
        Assert.Equal(ordinal, graph.Dramas.Select(d => d.Id));
        Assert.Equal(ordinal, graph.People.Select(p => p.Id));
        Assert.Equal(
            ordinal.SelectMany(id => new[] { (id, CreditRole.Actor, "a"), (id, CreditRole.Actor, "c"), (id, CreditRole.Writer, "b") }),
            graph.Credits.Select(c => (c.DramaId, c.Role, c.PersonId)));
        Assert.Equal(ordinal.Where(id => id != "u1"), graph.Behaviour.Where(b => b.Type == EdgeType.Watched).Select(b => b.UserId));
        Assert.Equal(ordinal, graph.Behaviour.Where(b => b.UserId == "u1").Select(b => b.Target.Id));
    }

    [Fact]
    public async Task Records_come_back_whole_also_after_a_restart()
    {
        var person = new Person("gong-yoo", "Gong Yoo", "공유");
        var credit = new Credit("goblin-2016", "gong-yoo", CreditRole.Actor, 1, "Kim Shin", "main");
        await backend.Catalog.UpsertAsync(new CatalogBatch([Examples.Goblin, Examples.Plain("p")], [person], [credit]), Cancel);
        var events = Examples.Mixed(300, seed: 9);
        await backend.Graph.ApplyAsync(Examples.Logged(events), Cancel);
        for (var round = 0; round < 2; round++)
        {
            var graph = await backend.Export.ReadAsync(Cancel);
            Assert.Equivalent(Examples.Goblin, graph.Dramas[0], strict: true);
            Assert.Equal(Examples.Goblin.Tags, graph.Dramas[0].Tags);
            Assert.Equivalent(Examples.Plain("p"), graph.Dramas[1], strict: true);
            Assert.Equal([person], graph.People);
            Assert.Equal([credit], graph.Credits);
            Assert.Equal(Examples.Folded(events), graph.Behaviour);
            Assert.Equal(300, graph.Version.AppliedThrough);
            Assert.Equal(await backend.Export.VersionAsync(Cancel), graph.Version);
            await backend.ReopenAsync();
        }
    }

    [Fact]
    public async Task An_export_is_of_one_version_while_others_write()
    {
        // Event i is the first of drama i: an export of version n holds exactly the dramas 1 to n.
        var done = false;
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i <= 200; i++)
                await backend.Graph.ApplyAsync([new LoggedEvent(i, Examples.Watch($"e{i}", drama: $"d{i}"))], Cancel);
            Volatile.Write(ref done, true);
        }, Cancel);
        while (!Volatile.Read(ref done))
        {
            var graph = await backend.Export.ReadAsync(Cancel);
            Assert.Equal(graph.Version.AppliedThrough, graph.Behaviour.Count);
        }
        await writing;
        Assert.Equal(200, (await backend.Export.ReadAsync(Cancel)).Behaviour.Count);
    }
}
