using GraphRec.Contracts.Neo4j;
using GraphRec.Core;
using GraphRec.EndToEnd.Cli;
using GraphRec.Storage.Embedded;
using static GraphRec.EndToEnd.Neo4j.ServingNeo4j;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary><c>copy</c> between a data directory and a real Neo4j.</summary>
[Collection(SharedNeo4j.Tests)]
public sealed class CopyTests(SharedNeo4j shared) : IDisposable
{
    private const int Same = 0, Refused = 5, Differs = 6;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_graph_goes_to_Neo4j_and_back_and_is_the_same()
    {
        var neo4j = await EmptyAsync(shared);
        await FillAsync();
        var there = await CopyAsync($"embedded:{Data}", neo4j.Uri.ToString(), Same);
        Assert.Contains("Both hold the same.", there.Out, StringComparison.Ordinal);
        Assert.All(new[] { "Drama", "Person", "Genre", "User", "ACTED_IN", "HAS_GENRE", "WATCHED", "RATED", "Event", "Page" }, kind => Assert.Contains(there.Lines, line => line.Trim().StartsWith(kind + " ", StringComparison.Ordinal)));
        Assert.Equal(Stored.Number(Data, "SELECT count(*) FROM event"), await NumberAsync(neo4j, "MATCH (e:Event) RETURN count(e)"));
        Assert.Equal(Stored.Number(Data, "SELECT count(*) FROM behaviour WHERE type = 'WATCHED'"), await NumberAsync(neo4j, "MATCH (:User)-[r:WATCHED]->(:Drama) RETURN count(r)"));
        Assert.Equal(Stored.Number(Data, "SELECT count(*) FROM credit WHERE role = 'actor'"), await NumberAsync(neo4j, "MATCH (:Person)-[r:ACTED_IN]->(:Drama) RETURN count(r)"));

        Assert.Equal(3, await NumberAsync(neo4j, "MATCH (:Page)-[shown:SHOWED]->(:Drama) RETURN count(shown)"));

        var back = _folder.Sub("back");
        await CopyAsync(neo4j.Uri.ToString(), $"embedded:{back}", Same);
        foreach (var (table, state) in Stored.State(Data))
            if (table is not ("meta" or "viewer")) Assert.Equal((table, state), (table, Stored.State(back)[table]));
        // From when a region is, an export does not say.
        const string Regions = "SELECT user_id || ' ' || region FROM viewer ORDER BY user_id";
        Assert.Equal(Stored.Rows(Data, Regions).Select(r => r[0]), Stored.Rows(back, Regions).Select(r => r[0]));

        // Again, it changes nothing, and compares again.
        var commits = await NumberAsync(neo4j, "MATCH (g:GraphState) RETURN g.appliedThrough");
        await CopyAsync($"embedded:{Data}", neo4j.Uri.ToString(), Same);
        Assert.Equal(commits, await NumberAsync(neo4j, "MATCH (g:GraphState) RETURN g.appliedThrough"));

        // The directory that was copied goes on as the log of its Neo4j.
        using var serving = await ServeAsync(neo4j, Data);
        await serving.RecordAsync("ann", "goblin-2016", "CLICK");
        await serving.StopAsync();
        Assert.Equal(Stored.Number(Data, "SELECT max(sequence) FROM event"), await NumberAsync(neo4j, "MATCH (g:GraphState) RETURN g.appliedThrough"));
        // The copy went on: the old one does not overwrite it.
        await CopyAsync($"embedded:{back}", neo4j.Uri.ToString(), Refused, "has gone on");
    }

    [Fact]
    public async Task An_interrupted_copy_is_finished_by_the_same_command()
    {
        var neo4j = await EmptyAsync(shared);
        await FillAsync();
        using (var copying = GraphRecProgram.Start("copy", "--from", $"embedded:{Data}", "--to", neo4j.Uri.ToString()))
        {
            await UntilAsync("a part of the graph is in Neo4j", async () => await NumberAsync(neo4j, "MATCH (d:Drama) RETURN count(d)") > 0);
            await copying.KillAsync();
        }
        await CopyAsync($"embedded:{Data}", neo4j.Uri.ToString(), Same);
    }

    [Fact]
    public async Task Another_graph_is_not_overwritten_and_a_difference_is_told()
    {
        var neo4j = await EmptyAsync(shared);
        await ImportTinyAsync(neo4j, _folder.Sub("log"));
        await FillAsync();
        await CopyAsync($"embedded:{Data}", neo4j.Uri.ToString(), Refused, "holds another graph");
        await CopyAsync($"embedded:{_folder.Sub("log")}", $"embedded:{_folder.Sub("empty")}", Refused, "only the event log");
        await CopyAsync(neo4j.Uri.ToString(), $"embedded:{Data}", Refused, "holds another graph");

        await neo4j.WipeAsync(Cancel);
        await CopyAsync($"embedded:{Data}", neo4j.Uri.ToString(), Same);
        await neo4j.RowsAsync("CREATE (:Drama {id: 'made-by-hand', title: 'Made by hand'})", cancel: Cancel);
        var ran = await CopyAsync($"embedded:{Data}", neo4j.Uri.ToString(), Differs, "The copy differs in Drama.");
        Assert.Contains(ran.Lines, line => line.Contains("Drama", StringComparison.Ordinal) && line.Contains("differs", StringComparison.Ordinal));
    }

    private async Task FillAsync()
    {
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", Tiny, "--data", Data)).Exit);
        await using var store = await EmbeddedStore.OpenAsync(Data, cancel: Cancel);
        Impression Shown(string drama, int position) => new(drama, "TopPicks", position, 0.5f, 1, [0.25f]) { Via = EdgeType.ActedIn };
        await store.Impressions.AppendAsync(
        [
            new PageImpression("p2", "ann", DateTimeOffset.UnixEpoch, "c1.e1", "m", [Shown("goblin-2016", 0), Shown("coffee-prince-2007", 1)]),
            new PageImpression("p1", "ben", DateTimeOffset.UnixEpoch, "c1.e1", "m", [Shown("goblin-2016", 0)]),
        ], Cancel);
    }

    private static async Task<Ran> CopyAsync(string from, string to, int exit, params string[] says)
    {
        var ran = await GraphRecProgram.RunAsync("copy", "--from", from, "--to", to);
        Assert.True(ran.Exit == exit, $"copy ended with {ran.Exit}: {ran.Error}{ran.Out}");
        Assert.All(says, text => Assert.Contains(text, ran.Error, StringComparison.Ordinal));
        return ran;
    }
}
