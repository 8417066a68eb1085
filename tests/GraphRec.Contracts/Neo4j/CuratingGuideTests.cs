using GraphRec.Contracts.Embedded;
using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Xunit;

namespace GraphRec.Contracts.Neo4j;

/// <summary>Every edit that docs/curating.md shows does what it says there, on the teaching graph.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class CuratingGuideTests(SharedNeo4j shared) : IAsyncLifetime
{
    private const string Goblin = "goblin-2016";

    private readonly Neo4jBackend _backend = new(shared);
    private readonly TempDirectory _directory = new();

    private static readonly Dictionary<string, Action<GraphExport, GraphExport>> Effects = new()
    {
        ["add a drama"] = (_, after) =>
        {
            var signal = Of(after, "signal-2016");
            Assert.Equal(("Signal", 2016, new DateOnly(2016, 1, 22), "Thriller", "tvN"), (signal.Title, signal.Year, signal.AiredFrom, Assert.Single(signal.Genres), Assert.Single(signal.Networks)));
        },
        ["change facts"] = (before, after) =>
        {
            Assert.Equal(16, Of(before, Goblin).Episodes);
            Assert.Equal(("Guardian: The Lonely and Great God", null), (Of(after, Goblin).Title, Of(after, Goblin).Episodes));
            Assert.Equal(["Goblin", "Dokkaebi"], Of(after, Goblin).Aliases);
        },
        ["set the priority"] = (before, after) => Assert.Equal((0, 0.5), (Of(before, "coffee-prince-2007").Priority, Of(after, "coffee-prince-2007").Priority)),
        ["limit the regions"] = (_, after) => Assert.Equal(["KR", "JP"], Of(after, Goblin).Regions),
        ["remove a drama"] = (before, after) =>
        {
            Assert.Equal(before.Dramas.Count - 1, after.Dramas.Count);
            Assert.Equal(before.Credits.Where(c => c.DramaId != "cheese-in-the-trap-2016"), after.Credits);
        },
        ["move a drama to another genre"] = (_, after) => Assert.Equal("Fantasy", Assert.Single(Of(after, Goblin).Genres)),
        ["rename a genre"] = (before, after) =>
            Assert.Equal(before.Dramas.Select(d => d.Genres[0].Replace("Melodrama", "Tearjerker")), after.Dramas.Select(d => Assert.Single(d.Genres))),
        ["merge a genre into another"] = (_, after) => Assert.All(after.Dramas, d => Assert.Equal("Drama", Assert.Single(d.Genres))),
        ["add a tag"] = (_, after) => Assert.Equal("grim reaper", Assert.Single(Of(after, Goblin).Tags)),
        ["add an actor"] = (before, after) =>
        {
            Assert.Equal(new Person("lee-dong-wook", "Lee Dong Wook", "이동욱"), Assert.Single(after.People.Except(before.People)));
            Assert.Equal(new Credit(Goblin, "lee-dong-wook", CreditRole.Actor, 3, "Grim Reaper", "main"), Assert.Single(after.Credits.Except(before.Credits)));
        },
        ["remove a wrong credit"] = (before, after) =>
            Assert.Equal((Goblin, "gong-yoo"), Assert.Single(before.Credits.Except(after.Credits).Select(c => (c.DramaId, c.PersonId)))),
        ["rename a person"] = (_, after) => Assert.Equal("Kim Go-eun", after.People.Single(p => p.Id == "kim-go-eun").Name),
        ["merge duplicate people"] = (before, after) =>
        {
            Assert.Equal("kim-goeun", Assert.Single(before.People.Except(after.People)).Id);
            Assert.Equal(
                ["cheese-in-the-trap-2016", "coffee-prince-2007", Goblin], after.Credits.Where(c => c.PersonId == "kim-go-eun").Select(c => c.DramaId));
            Assert.Equal("Guest", after.Credits.Single(c => c is { PersonId: "kim-go-eun", DramaId: "coffee-prince-2007" }).Character);
            Assert.Equal("Ji Eun Tak", after.Credits.Single(c => c is { PersonId: "kim-go-eun", DramaId: Goblin }).Character);
            Assert.Equal(["ann", "ben"], after.Behaviour.Where(b => b.Target == new NodeRef(NodeKind.Person, "kim-go-eun")).Select(b => b.UserId).Order());
            Assert.DoesNotContain(after.Behaviour, b => b.Target.Id == "kim-goeun");
        },
        ["link seasons"] = (_, after) => Assert.Equal(Goblin, Of(after, "goblin-2-2030").Follows),
        ["mute an actor for a viewer"] = (before, after) =>
            Assert.Equal(("ann", EdgeType.Muted, new NodeRef(NodeKind.Person, "gong-yoo")), Assert.Single(after.Behaviour.Except(before.Behaviour).Select(b => (b.UserId, b.Type, b.Target)))),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Edits => [.. Guide().Keys];

    public async ValueTask InitializeAsync()
    {
        await _backend.OpenAsync();
        await using var embedded = await EmbeddedStore.OpenAsync(_directory.Path, cancel: Cancel);
        await new Importer(TimeProvider.System).RunAsync(
            new ImportRequest(Path.Combine(AppContext.BaseDirectory, "seed", "tiny")),
            new ImportStores(_backend.Catalog, _backend.Events, _backend.Graph, embedded.Checkpoints), cancel: Cancel);
        await _backend.Catalog.UpsertAsync(new CatalogBatch([], [new Person("kim-goeun", "Kim Goeun")],
            [new Credit("coffee-prince-2007", "kim-goeun", CreditRole.Actor, 9, "Guest"), new Credit(Goblin, "kim-goeun", CreditRole.Actor, 9, "Again")]), Cancel);
        ViewerEvent Mutes(string viewer, string person) => Examples.Of(EventKind.Mute, $"{viewer} {person}", new NodeRef(NodeKind.Person, person), user: viewer);
        await _backend.Graph.ApplyAsync(await _backend.Events.AppendAsync([Mutes("ann", "kim-goeun"), Mutes("ben", "kim-goeun"), Mutes("ben", "kim-go-eun")], Cancel), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public async Task An_edit_of_the_guide_has_its_effect_and_leaves_nothing_wrong(string edit)
    {
        var before = await _backend.Export.ReadAsync(Cancel);
        await _backend.Server.RowsAsync(Guide()[edit], cancel: Cancel);
        var after = await _backend.Export.ReadAsync(Cancel);
        Effects[edit](before, after);
        Assert.Empty(after.Issues);
    }

    [Fact]
    public void Every_effect_is_of_an_edit_in_the_guide() => Assert.Equal(Guide().Keys.Order(), Effects.Keys.Order());

    private static Drama Of(GraphExport graph, string id) => graph.Dramas.Single(d => d.Id == id);

    /// <summary>The guide's Cypher by the name in its first line.</summary>
    private static Dictionary<string, string> Guide() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "curating.md")).Split("```cypher\n").Skip(1)
            .Select(block => block[..block.IndexOf("```", StringComparison.Ordinal)]).ToDictionary(block => block.Split('\n')[0][3..]);
}
