using GraphRec.Core;
using Xunit;

namespace GraphRec.Contracts.Ports;

/// <summary>What every <see cref="ICatalog"/> does.</summary>
public abstract class CatalogContract(Backend backend) : IAsyncLifetime
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ICatalog Catalog => backend.Catalog;

    public async ValueTask InitializeAsync() => await backend.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task A_drama_comes_back_with_every_field_also_after_a_restart()
    {
        Assert.Equal(1, await Catalog.UpsertAsync(new CatalogBatch([Examples.Goblin], [], []), Cancel));
        Assert.Equivalent(Examples.Goblin, await Catalog.FindDramaAsync("goblin-2016", Cancel), strict: true);
        await backend.ReopenAsync();
        Assert.Equivalent(Examples.Goblin, await Catalog.FindDramaAsync("goblin-2016", Cancel), strict: true);
    }

    [Fact]
    public async Task A_drama_with_only_its_title_has_nulls_and_empty_lists()
    {
        await Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("p")], [], []), Cancel);
        Assert.Equivalent(Examples.Plain("p"), await Catalog.FindDramaAsync("p", Cancel), strict: true);
    }

    [Fact]
    public async Task What_is_not_there_is_null_or_empty()
    {
        Assert.Null(await Catalog.FindDramaAsync("nobody", Cancel));
        Assert.Null(await Catalog.FindPersonAsync("nobody", Cancel));
        Assert.Empty(await Catalog.CreditsOfAsync("nobody", Cancel));
    }

    [Fact]
    public async Task Ids_are_those_of_dramas_or_of_people_and_not_of_what_is_only_named()
    {
        Assert.Empty(await Catalog.IdsAsync(NodeKind.Drama, Cancel));
        var batch = new CatalogBatch([Examples.Plain("a"), Examples.Plain("b")], [new Person("p", "P")], [new Credit("named", "p", CreditRole.Actor, 0), new Credit("a", "too", CreditRole.Actor, 0)]);
        await Catalog.UpsertAsync(batch, Cancel);
        Assert.Equal(["a", "b"], (await Catalog.IdsAsync(NodeKind.Drama, Cancel)).Order());
        Assert.Equal(["p"], await Catalog.IdsAsync(NodeKind.Person, Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Catalog.IdsAsync(NodeKind.Genre, Cancel));
    }

    [Fact]
    public async Task Ids_are_compared_exactly()
    {
        await Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("Case")], [], []), Cancel);
        Assert.Null(await Catalog.FindDramaAsync("case", Cancel));
    }

    [Fact]
    public async Task A_second_write_of_the_same_changes_nothing_and_leaves_the_revision()
    {
        var batch = new CatalogBatch(
            [Examples.Goblin], [new Person("gong-yoo", "Gong Yoo", "공유")],
            [new Credit("goblin-2016", "gong-yoo", CreditRole.Actor, 1, "Kim Shin", "main")]);
        Assert.Equal(3, await Catalog.UpsertAsync(batch, Cancel));
        var before = await backend.Export.VersionAsync(Cancel);
        Assert.Equal(0, await Catalog.UpsertAsync(batch, Cancel));
        Assert.Equal(before, await backend.Export.VersionAsync(Cancel));
    }

    [Fact]
    public async Task Each_write_that_changes_something_raises_the_revision_by_one()
    {
        var start = (await backend.Export.VersionAsync(Cancel)).CatalogRevision;
        await Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a"), Examples.Plain("b")], [], []), Cancel);
        Assert.Equal(start + 1, (await backend.Export.VersionAsync(Cancel)).CatalogRevision);
        await Catalog.UpsertAsync(CatalogBatch.Empty, Cancel);
        Assert.Equal(start + 1, (await backend.Export.VersionAsync(Cancel)).CatalogRevision);
        await Catalog.UpsertAsync(new CatalogBatch([], [new Person("p", "P")], []), Cancel);
        await backend.ReopenAsync();
        Assert.Equal(start + 2, (await backend.Export.VersionAsync(Cancel)).CatalogRevision);
    }

    public static TheoryData<string> Fields =>
        ["title", "native", "alias order", "alias gone", "country", "year", "from", "to", "episodes", "duration", "rating", "type",
            "network", "genre", "tag", "follows", "follows gone", "region", "priority", "year gone"];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_change_of_any_one_field_is_seen_and_kept(string field)
    {
        await Catalog.UpsertAsync(new CatalogBatch([Examples.Goblin], [], []), Cancel);
        var changed = Changed(field);
        Assert.Equal(1, await Catalog.UpsertAsync(new CatalogBatch([changed], [], []), Cancel));
        Assert.Equivalent(changed, await Catalog.FindDramaAsync("goblin-2016", Cancel), strict: true);
        if (field == "alias order") Assert.Equal(changed.Aliases, (await Catalog.FindDramaAsync("goblin-2016", Cancel))!.Aliases);
    }

    [Fact]
    public async Task Credits_come_by_role_then_order_then_person()
    {
        await Catalog.UpsertAsync(new CatalogBatch([], [],
        [
            new("d", "w", CreditRole.Writer, 1), new("d", "z", CreditRole.Actor, 2), new("d", "b", CreditRole.Actor, 2, "Twin"),
            new("d", "y", CreditRole.Director, 1), new("d", "q", CreditRole.Actor, 1), new("other", "q", CreditRole.Actor, 1),
        ]), Cancel);
        Assert.Equal(["q", "b", "z", "y", "w"], (await Catalog.CreditsOfAsync("d", Cancel)).Select(c => c.PersonId));
    }

    [Fact]
    public async Task One_person_can_have_several_roles_but_each_once()
    {
        await Catalog.UpsertAsync(new CatalogBatch([], [],
            [new("d", "p", CreditRole.Actor, 1, "Cameo"), new("d", "p", CreditRole.Director, 1)]), Cancel);
        Assert.Equal(1, await Catalog.UpsertAsync(new CatalogBatch([], [], [new("d", "p", CreditRole.Actor, 4, "Lead", "main")]), Cancel));
        Assert.Equal(
            [new Credit("d", "p", CreditRole.Actor, 4, "Lead", "main"), new Credit("d", "p", CreditRole.Director, 1)],
            await Catalog.CreditsOfAsync("d", Cancel));
    }

    [Fact]
    public async Task A_person_is_replaced_by_id()
    {
        await Catalog.UpsertAsync(new CatalogBatch([], [new Person("p", "Old", "옛")], []), Cancel);
        Assert.Equal(1, await Catalog.UpsertAsync(new CatalogBatch([], [new Person("p", "New")], []), Cancel));
        Assert.Equal(new Person("p", "New"), await Catalog.FindPersonAsync("p", Cancel));
    }

    [Fact]
    public async Task Parallel_writes_all_arrive_and_each_raises_the_revision()
    {
        var start = (await backend.Export.VersionAsync(Cancel)).CatalogRevision;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            Task.Run(() => Catalog.UpsertAsync(new CatalogBatch([Examples.Plain($"d{i}")], [], []), Cancel), Cancel)));
        Assert.Equal(start + 20, (await backend.Export.VersionAsync(Cancel)).CatalogRevision);
        for (var i = 0; i < 20; i++) Assert.NotNull(await Catalog.FindDramaAsync($"d{i}", Cancel));
    }

    private static Drama Changed(string field) => field switch
    {
        "title" => Examples.Goblin with { Title = "Goblin" },
        "native" => Examples.Goblin with { NativeTitle = null },
        "alias order" => Examples.Goblin with { Aliases = [.. Examples.Goblin.Aliases.Reverse()] },
        "alias gone" => Examples.Goblin with { Aliases = [] },
        "country" => Examples.Goblin with { Country = "JP" },
        "year" => Examples.Goblin with { Year = 2017 },
        "year gone" => Examples.Goblin with { Year = null },
        "from" => Examples.Goblin with { AiredFrom = null },
        "to" => Examples.Goblin with { AiredTo = new DateOnly(2017, 1, 22) },
        "episodes" => Examples.Goblin with { Episodes = 17 },
        "duration" => Examples.Goblin with { DurationMinutes = null },
        "rating" => Examples.Goblin with { ContentRating = "18+" },
        "type" => Examples.Goblin with { Type = "special" },
        "network" => Examples.Goblin with { Networks = ["tvN", "MBC"] },
        "genre" => Examples.Goblin with { Genres = ["Romance", "Fantasy"] },
        "tag" => Examples.Goblin with { Tags = ["grim reaper", "age gap", "bromance"] },
        "follows" => Examples.Goblin with { Follows = "another" },
        "follows gone" => Examples.Goblin with { Follows = null },
        "region" => Examples.Goblin with { Regions = ["KR"] },
        "priority" => Examples.Goblin with { Priority = 0.3 },
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };
}
