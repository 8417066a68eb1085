using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using GraphRec.Tests.Recommend;
using Xunit;

namespace GraphRec.Tests.Graph;

/// <summary>A catalogue put into a graph in serving against the slow, obvious way: building everything anew.</summary>
public sealed class CatalogueEditTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Random_edits_give_what_a_full_rebuild_gives() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var random = new Random(seed);
        var export = Muted(random, World.Random(seed, 30, 40));
        var catalog = Part(random, export.Catalog);
        var snapshot = new GraphSnapshot(With(export, catalog, 1), 1, Cancel);
        for (var revision = 2; revision < 6; revision++)
        {
            for (var edits = random.Next(1, 4); edits > 0; edits--) catalog = Edited(random, catalog, export.Catalog);
            snapshot = snapshot.WithCatalog(catalog, revision, threads: 1 + random.Next(2), cancel: Cancel);
            Assert.Equal(SnapshotFacts.Of(new GraphSnapshot(With(export, catalog, revision), 1, Cancel)), SnapshotFacts.Of(snapshot));
        }
    }, iter: 60);

    [Fact]
    public void Home_pages_are_those_of_a_full_rebuild() => Gen.Int[0, 1_000_000].Sample(seed =>
    {
        var random = new Random(seed);
        var export = Muted(random, World.Random(seed, 60, 60));
        var catalog = Part(random, export.Catalog);
        var graph = new LiveGraph(With(export, catalog, 1));
        for (var edits = 0; edits < 6; edits++) catalog = Edited(random, catalog, export.Catalog);
        Assert.True(graph.ReplaceCatalog(catalog, 2, cancel: Cancel));
        var rebuilt = new LiveGraph(With(export, catalog, 2));
        foreach (var user in export.Behaviour.Select(b => b.UserId).Distinct().Append("nobody")) Assert.Equal(Page(rebuilt, user), Page(graph, user));
    }, iter: 20);

    [Fact]
    public void What_the_crowd_did_is_shared_while_no_drama_comes_or_goes()
    {
        var export = World.Random(7, 30, 40);
        var before = new GraphSnapshot(export, 1, Cancel);
        var after = before.WithCatalog(export.Catalog with { People = [], Dramas = [.. export.Dramas.Select(d => d with { Genres = ["other"] })] }, 9, cancel: Cancel);
        Assert.Same(before.Derived.CoWatch, after.Derived.CoWatch);
        Assert.Same(before.Derived.Walk, after.Derived.Walk);
        Assert.Same(before.Derived.Audience, after.Derived.Audience);
        Assert.Same(before.Engaged, after.Engaged);
        Assert.Same(before.Graph[EdgeType.Watched], after.Graph[EdgeType.Watched]);
        Assert.Equal(["other"], after.Graph.Nodes(NodeKind.Genre).Ids.ToArray());
    }

    [Fact]
    public void A_drama_that_comes_back_brings_what_viewers_did_with_it()
    {
        var dramas = Enumerable.Range(0, 4).Select(i => Sample.Drama($"d{i}")).ToArray();
        BehaviourEdge[] behaviour = [Sample.Watched("ann", "d1", 0.7, 12), Sample.Rated("ann", "d2", 8), Sample.Watched("bob", "d1", 1), Sample.Watched("bob", "d2", 1), Sample.Watched("bob", "late", 0.5, 3)];
        var export = Sample.Export(dramas, [], behaviour);
        var full = new GraphSnapshot(export, 1, Cancel);

        var without = full.WithCatalog(export.Catalog with { Dramas = [dramas[0], dramas[2], dramas[3]] }, 2, cancel: Cancel);
        Assert.Equal(1, without.Graph[EdgeType.Watched].EdgeCount);
        Assert.Equal(["d1", "d1", "late"], without.Graph.Dangling.Select(d => d.Target.Id).Order());

        var again = without.WithCatalog(export.Catalog, 1, cancel: Cancel);
        Assert.Equal(SnapshotFacts.Of(full), SnapshotFacts.Of(again));
        Assert.Equal((0.7, 12), (again.Graph[EdgeType.Watched].Value(0, 0), again.Graph[EdgeType.Watched].Times(0)[0]));

        var late = full.WithCatalog(export.Catalog with { Dramas = [.. dramas, Sample.Drama("late")] }, 3, cancel: Cancel);
        Assert.Empty(late.Graph.Dangling);
        Assert.Equal(0.5, late.Graph[EdgeType.Watched].Value(1, 2));
    }

    [Fact]
    public void The_snapshot_gives_back_the_catalogue_it_was_made_from()
    {
        var export = World.Random(3, 30, 40) with { Issues = [new GraphIssue("stub", "d77", "give it a title")] };
        var snapshot = new GraphSnapshot(export, 1, Cancel);
        Assert.Same(export.Dramas, snapshot.Catalog.Dramas);
        Assert.Same(export.People, snapshot.Catalog.People);
        Assert.Same(export.Credits, snapshot.Catalog.Credits);
        var edited = export.Catalog with { Credits = [] };
        Assert.Same(edited, snapshot.WithCatalog(edited, 2, cancel: Cancel).Catalog);
        Assert.Same(export.Issues, snapshot.WithCatalog(edited, 2, cancel: Cancel).StoreIssues);
        Assert.Empty(snapshot.WithCatalog(edited, 2, [], cancel: Cancel).StoreIssues);
    }

    private static string Page(LiveGraph graph, string user)
    {
        var page = new Recommender(graph, Recipe.Default, World.Clock).Home(user, 8, 12, RequestContext.None, Cancel);
        return World.Print(page);
    }

    private static GraphExport With(GraphExport export, CatalogBatch catalog, long revision) =>
        export with { Version = new GraphVersion(revision, 1), Dramas = catalog.Dramas, People = catalog.People, Credits = catalog.Credits };

    /// <summary>The export with some mutes of people, genres, tags and dramas, one of which is never in the catalogue.</summary>
    private static GraphExport Muted(Random random, GraphExport export)
    {
        NodeRef[] targets = [new(NodeKind.Person, "person-1"), new(NodeKind.Genre, "Crime"), new(NodeKind.Tag, "food"), new(NodeKind.Tag, "gone"), NodeRef.Drama("d02"), NodeRef.Drama("gone")];
        var mutes = export.Behaviour.Select(b => b.UserId).Distinct().Where(_ => random.Next(3) == 0)
            .Select(u => new BehaviourEdge(u, EdgeType.Muted, targets[random.Next(targets.Length)], 1, World.Now, World.Now, 1));
        return export with { Behaviour = [.. export.Behaviour, .. mutes] };
    }

    private static CatalogBatch Part(Random random, CatalogBatch all) => new(
        [.. all.Dramas.Where(_ => random.Next(5) > 0)], [.. all.People.Where(_ => random.Next(8) > 0)], [.. all.Credits.Where(_ => random.Next(5) > 0)]);

    /// <summary>One edit as a curator makes them; what comes back is from <paramref name="all"/>.</summary>
    private static CatalogBatch Edited(Random random, CatalogBatch now, CatalogBatch all)
    {
        T Any<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
        CatalogBatch Change(Func<Drama, Drama> change)
        {
            var id = Any(now.Dramas).Id;
            return now with { Dramas = [.. now.Dramas.Select(d => d.Id == id ? change(d) : d)] };
        }
        CatalogBatch Put(Drama drama) => now with { Dramas = [.. now.Dramas.Where(d => d.Id != drama.Id).Append(drama).OrderBy(d => d.Id, StringComparer.Ordinal)] };
        return random.Next(11) switch
        {
            0 when now.Dramas.Count > 2 => now with { Dramas = [.. now.Dramas.Except([Any(now.Dramas)])] },
            1 => Put(Any(all.Dramas)),
            2 => Put(World.Drama($"d{random.Next(99):00}x") with { Genres = ["new genre"] }),
            3 => Change(d => d with { Title = "renamed", Year = 2001, Country = "TW", Priority = 0.25, Regions = ["KR"] }),
            4 => Change(d => d with { Genres = [Any<string>(["Comedy", "Crime", "Noir"])], Tags = [.. d.Tags.Skip(1)] }),
            5 => Change(d => d with { Networks = ["tvN"], Tags = ["food", .. d.Tags.Where(t => t != "food")] }),
            6 => Change(d => d with { Follows = random.Next(3) == 0 ? null : Any(all.Dramas).Id }),
            7 when now.People.Count > 0 => now with { People = [.. now.People.Except([Any(now.People)])] },
            8 when all.People.Count > 0 => now with { People = [.. now.People.Append(Any(all.People)).DistinctBy(p => p.Id)] },
            9 when now.Credits.Count > 0 => now with { Credits = [.. now.Credits.Except([Any(now.Credits)])] },
            _ when all.Credits.Count > 0 => now with { Credits = [.. now.Credits.Append(Any(all.Credits)).DistinctBy(c => (c.DramaId, c.PersonId, c.Role))] },
            _ => now,
        };
    }
}
