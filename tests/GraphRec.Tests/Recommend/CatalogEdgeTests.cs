using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend.Curation;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class CatalogEdgeTests
{
    private static readonly GraphSnapshot Snapshot = World.Snapshot(World.Export(
        [World.Drama("one") with { Genres = ["Crime", "Comedy"], Tags = ["food"], Networks = ["tvN"] }, World.Drama("two") with { Follows = "one" }, World.Drama("three")],
        [new Credit("one", "gong", CreditRole.Actor, 1, "Kim Shin", "main"), new Credit("one", "lee", CreditRole.Director, 1), new Credit("gone", "gong", CreditRole.Actor, 1)]));

    [Theory]
    [InlineData(EdgeType.ActedIn, "lee", "two")]
    [InlineData(EdgeType.Directed, "gong", "one")]
    [InlineData(EdgeType.Wrote, "gong", "one")]
    [InlineData(EdgeType.HasGenre, "two", "Crime")]
    [InlineData(EdgeType.Tagged, "two", "a new tag")]
    [InlineData(EdgeType.AiredOn, "two", "a new network")]
    [InlineData(EdgeType.Follows, "three", "two")]
    public void An_edge_added_is_there_and_removed_again_is_gone(EdgeType type, string from, string to)
    {
        var edge = new CatalogEdge(type, from, to);
        var added = Snapshot.WithCatalog(edge.Apply(EdgeChange.Add, Snapshot), 2, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(Snapshot.Graph.EdgeCount + 1, added.Graph.EdgeCount);
        Assert.True(added.Graph[type].Has(added.Graph.Nodes(type.From()).Find(from), added.Graph.Nodes(type.To()).Find(to)));
        var removed = edge.Apply(EdgeChange.Remove, added);
        Assert.Equal(World.Print(Snapshot.Catalog), World.Print(removed));
    }

    [Fact]
    public void A_place_in_the_list_is_kept_and_without_one_it_comes_last()
    {
        string[] Genres(int? order) => [.. new CatalogEdge(EdgeType.HasGenre, "one", "Noir") { Order = order }.Apply(EdgeChange.Add, Snapshot).Dramas[0].Genres];
        Assert.Equal(["Noir", "Crime", "Comedy"], Genres(1));
        Assert.Equal(["Crime", "Noir", "Comedy"], Genres(2));
        Assert.Equal(["Crime", "Comedy", "Noir"], Genres(9));
        Assert.Equal(["Crime", "Comedy", "Noir"], Genres(null));
        var credit = new CatalogEdge(EdgeType.ActedIn, "lee", "two") { Character = "Reaper", Billing = "support", Order = 2 }.Apply(EdgeChange.Add, Snapshot).Credits[^1];
        Assert.Equal(new Credit("two", "lee", CreditRole.Actor, 2, "Reaper", "support"), credit);
        Assert.Equal(Credit.NoOrder, new CatalogEdge(EdgeType.Wrote, "lee", "two").Apply(EdgeChange.Add, Snapshot).Credits[^1].Order);
    }

    [Fact]
    public void A_dangling_edge_can_be_removed() =>
        Assert.Equal(2, new CatalogEdge(EdgeType.ActedIn, "gong", "gone").Apply(EdgeChange.Remove, Snapshot).Credits.Count);

    public static TheoryData<EdgeChange, CatalogEdge, string, string> Mistakes => new()
    {
        { EdgeChange.Add, new(EdgeType.Watched, "ann", "one"), ErrorCodes.BadUserInput, "WATCHED says what a viewer did" },
        { EdgeChange.Remove, new(EdgeType.Muted, "ann", "one"), ErrorCodes.BadUserInput, "MUTED says what a viewer did" },
        { EdgeChange.Add, new(EdgeType.CoWatched, "one", "two"), ErrorCodes.BadUserInput, "ACTED_IN, DIRECTED, WROTE, HAS_GENRE, TAGGED, AIRED_ON, FOLLOWS." },
        { EdgeChange.Add, new(EdgeType.WalksTo, "one", "two"), ErrorCodes.BadUserInput, "WALKS_TO is computed" },
        { EdgeChange.Add, new(EdgeType.ActedIn, "nobody", "one"), ErrorCodes.NotFound, "There is no person with id 'nobody'; add them first." },
        { EdgeChange.Add, new(EdgeType.ActedIn, "gong", "nothing"), ErrorCodes.NotFound, "There is no drama with id 'nothing'; add it first." },
        { EdgeChange.Remove, new(EdgeType.HasGenre, "nothing", "Crime"), ErrorCodes.NotFound, "There is no drama with id 'nothing'" },
        { EdgeChange.Add, new(EdgeType.Follows, "three", "nothing"), ErrorCodes.NotFound, "There is no drama with id 'nothing'" },
        { EdgeChange.Add, new(EdgeType.ActedIn, "gong", "one"), ErrorCodes.BadUserInput, "(gong)-[ACTED_IN]->(one) is in the catalogue already" },
        { EdgeChange.Add, new(EdgeType.HasGenre, "one", "Crime"), ErrorCodes.BadUserInput, "is in the catalogue already" },
        { EdgeChange.Remove, new(EdgeType.HasGenre, "two", "Crime"), ErrorCodes.BadUserInput, "(two)-[HAS_GENRE]->(Crime) is not in the catalogue" },
        { EdgeChange.Remove, new(EdgeType.Wrote, "gong", "one"), ErrorCodes.BadUserInput, "is not in the catalogue" },
        { EdgeChange.Add, new(EdgeType.Follows, "two", "three"), ErrorCodes.BadUserInput, "two follows one already" },
        { EdgeChange.Add, new(EdgeType.Follows, "three", "three"), ErrorCodes.BadUserInput, "cannot follow itself" },
        { EdgeChange.Add, new(EdgeType.Wrote, "gong", "one") { Character = "x" }, ErrorCodes.BadUserInput, "only ACTED_IN has a character" },
        { EdgeChange.Add, new(EdgeType.ActedIn, "lee", "one") { Billing = "star" }, ErrorCodes.BadUserInput, "billing is 'star'; send main, support, guest" },
        { EdgeChange.Add, new(EdgeType.ActedIn, "lee", "one") { Order = 0 }, ErrorCodes.BadUserInput, "order is 0; send 1 to 1000000" },
        { EdgeChange.Add, new(EdgeType.Follows, "three", "one") { Order = 1 }, ErrorCodes.BadUserInput, "FOLLOWS has no order" },
        { EdgeChange.Remove, new(EdgeType.ActedIn, "gong", "one") { Order = 1 }, ErrorCodes.BadUserInput, "leave character, billing and order out" },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void What_cannot_be_done_says_what_to_change(EdgeChange change, CatalogEdge edge, string code, string says)
    {
        var error = Assert.Throws<InvalidInputException>(() => edge.Apply(change, Snapshot));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message);
    }
}
