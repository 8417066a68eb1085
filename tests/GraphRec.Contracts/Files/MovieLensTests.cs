using GraphRec.Contracts.Embedded;
using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Xunit;

namespace GraphRec.Contracts.Files;

/// <summary>Importing MovieLens, in both layouts of <c>movies.csv</c>.</summary>
public sealed class MovieLensTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private EmbeddedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await EmbeddedStore.OpenAsync(_directory.File("store"), cancel: Cancel);

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Movies_with_cast_become_dramas_people_and_credits()
    {
        Write("movies.csv",
            "movieId,released,title,actors,director,genres,imdbRating",
            "7,1995-11-17,\"American President, The\",Martin Sheen|Michael J. Fox|Martin Sheen,Rob Reiner,Comedy|Romance,6.8",
            "8,,\"Misery\",N/A,Rob Reiner|ROB REINER,(no genres listed),7");
        var report = await ImportAsync();
        Assert.Equal((ImportFormat.MovieLens, 0, 2L), (report.Format, report.ExitCode, report.Accepted));
        Assert.Equivalent(new Drama
        {
            Id = "ml-7",
            Title = "American President, The",
            Type = "movie",
            Year = 1995,
            AiredFrom = new DateOnly(1995, 11, 17),
            Genres = ["Comedy", "Romance"],
        }, await _store.Catalog.FindDramaAsync("ml-7", Cancel), strict: true);
        Assert.Equal(
            [new Credit("ml-7", "martin-sheen", CreditRole.Actor, 1), new Credit("ml-7", "michael-j-fox", CreditRole.Actor, 2),
                new Credit("ml-7", "rob-reiner", CreditRole.Director, 1)],
            await _store.Catalog.CreditsOfAsync("ml-7", Cancel));
        Assert.Equal([new Credit("ml-8", "rob-reiner", CreditRole.Director, 1)], await _store.Catalog.CreditsOfAsync("ml-8", Cancel));
        Assert.Equal(new Person("rob-reiner", "Rob Reiner"), await _store.Catalog.FindPersonAsync("rob-reiner", Cancel));
        Assert.Equal(0, (await ImportAsync(again: true)).Changed);
    }

    [Fact]
    public async Task The_classic_layout_has_the_year_in_the_title()
    {
        Write("movies.csv", "movieId,title,genres", "1,Toy Story (1995),Adventure|Children", "2,Untitled,Drama", "3,(500) Days of Summer (2009),Drama");
        await ImportAsync();
        var dramas = (await _store.Export.ReadAsync(Cancel)).Dramas;
        Assert.Equal([("Toy Story", 1995), ("Untitled", null), ("(500) Days of Summer", 2009)], dramas.Select(d => (d.Title, d.Year)));
    }

    [Fact]
    public async Task Ratings_become_events_of_twice_the_value_and_unknown_movies_are_rejected()
    {
        Write("movies.csv", "movieId,title,genres", "1,Toy Story (1995),Adventure");
        Write("ratings.csv", "userId,movieId,rating,timestamp", "1,1,4.5,964982703", "1,99,3.0,964982703", "2,1,0.5,964982704", "2,1,9,964982704", "3,1,4,soon");
        var report = await ImportAsync();
        Assert.Equal(2, report.ExitCode);
        Assert.Equal(["no drama 'ml-99'", "rating is 0.5", "timestamp is"], report.Issues.Select(i =>
            new[] { "no drama 'ml-99'", "rating is 0.5", "timestamp is" }.Single(i.Reason.Contains)));
        Assert.Equal([3, 5, 6], report.Issues.Select(i => i.Line));
        var log = await Examples.ListAsync(_store.Events.ReadAsync(0, Cancel));
        Assert.Equal(
            new ViewerEvent("ml-1-1-964982703", "ml-1", NodeRef.Drama("ml-1"), EventKind.Rate, 9, DateTimeOffset.FromUnixTimeSeconds(964982703)), log[0].Event);
        Assert.Equal(1, log[1].Event.Value);
        Assert.Equal(2, (await _store.Export.ReadAsync(Cancel)).Behaviour.Count(b => b.Type == EdgeType.Rated));
        Assert.Equal(0, (await ImportAsync()).Changed);
    }

    [Fact]
    public async Task A_header_without_its_columns_is_one_issue()
    {
        Write("ratings.csv", "user,movie", "1,1", "2,2");
        var issue = Assert.Single((await ImportAsync()).Issues);
        Assert.Equal((1L, "the header lacks userId, movieId, rating, timestamp."), (issue.Line, issue.Reason));
    }

    private Task<ImportReport> ImportAsync(bool again = false) => new Importer(TimeProvider.System).RunAsync(
        new ImportRequest(_directory.File("ml")) { Again = again },
        new ImportStores(_store.Catalog, _store.Events, _store.Graph, _store.Checkpoints), cancel: Cancel);

    private void Write(string name, params string[] lines)
    {
        Directory.CreateDirectory(_directory.File("ml"));
        File.WriteAllLines(Path.Combine(_directory.File("ml"), name), lines);
    }
}
