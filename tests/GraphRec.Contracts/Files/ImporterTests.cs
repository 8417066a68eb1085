using GraphRec.Contracts.Embedded;
using GraphRec.Core;
using GraphRec.Storage.Embedded;
using GraphRec.Storage.Files;
using Xunit;

namespace GraphRec.Contracts.Files;

/// <summary>Importing GraphRec's own formats.</summary>
public sealed class ImporterTests : IAsyncLifetime
{
    private readonly TempDirectory _directory = new();
    private EmbeddedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Source => _directory.File("source");

    public async ValueTask InitializeAsync()
    {
        _store = await EmbeddedStore.OpenAsync(_directory.File("store"), cancel: Cancel);
        Directory.CreateDirectory(Source);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task The_tiny_graph_has_its_twelve_nodes_and_is_imported_once()
    {
        var report = await ImportAsync(Seed("tiny"));
        Assert.Equal((ImportFormat.Folder, 0, 0L), (report.Format, report.ExitCode, report.Rejected));
        var graph = await _store.Export.ReadAsync(Cancel);
        var nodes = graph.Dramas.Select(d => d.Id).Concat(graph.People.Select(p => p.Id)).Concat(graph.Dramas.SelectMany(d => d.Genres))
            .Concat(graph.Dramas.SelectMany(d => d.Tags.Concat(d.Networks))).Concat(graph.Behaviour.Select(b => b.UserId)).Distinct();
        Assert.Equal(12, nodes.Count());
        var goblin = Assert.Single(graph.Behaviour, b => b is { UserId: "cho", Type: EdgeType.Watched, Target.Id: "goblin-2016" });
        Assert.Equal((1, 2), (goblin.Value, goblin.Times));

        var again = await ImportAsync(Seed("tiny"));
        Assert.Equal(0, again.Changed);
        Assert.All(again.Files, file => Assert.True(file.AlreadyComplete));
        var forced = await ImportAsync(new ImportRequest(Seed("tiny")) { Again = true });
        Assert.Equal((0, report.Accepted), (forced.Changed, forced.Accepted));
        Assert.Equal(graph.Version, await _store.Export.VersionAsync(Cancel));
    }

    [Fact]
    public async Task The_seed_catalogue_arrives_whole()
    {
        var report = await ImportAsync(Seed("catalog"));
        Assert.Empty(report.Issues);
        var graph = await _store.Export.ReadAsync(Cancel);
        Assert.Equal((5_536, 14_806, 45_140), (graph.Dramas.Count, graph.People.Count, graph.Credits.Count));
        Assert.Equal(283, graph.Dramas.Count(d => d.Follows is not null));
        Assert.Equal(365, graph.Dramas.Sum(d => d.Aliases.Count));
        Assert.Equal(["Eighteen, Twenty-Nine"], (await _store.Catalog.FindDramaAsync("18-vs-29-2005", Cancel))!.Aliases);
        Assert.All(graph.Credits.GroupBy(c => (c.DramaId, c.Role)), group => Assert.All(group, c => Assert.True(c.Order >= 1)));
        Assert.Equal(0, (await ImportAsync(new ImportRequest(Seed("catalog")) { Again = true })).Changed);
    }

    [Fact]
    public async Task Every_bad_line_is_named_with_its_reason_and_the_rest_is_in()
    {
        Write("dramas.jsonl",
            """{"id":"a","title":"A","regions":["KR"],"priority":0.5,"aliases":["AA"," "]}""", "", "{not json", """{"title":"no id"}""",
            """{"id":"b"}""", """{"id":"a","title":"again"}""", """{"id":"c","title":"C","year":"2016"}""", """{"id":"d","title":"D","country":"Korea"}""",
            """{"id":"e","title":"E","airedFrom":"2.12.2016"}""", """{"id":"f","title":"F","priority":7}""", "null",
            """{"id":"g","title":"G","unknown":[1,{"x":2}]}""");
        Write("people.jsonl", """{"id":"p","name":"P"}""", """{"id":"q"}""");
        Write("credits.jsonl",
            """{"drama":"a","person":"p","role":"actor"}""", """{"drama":"a","person":"nobody","role":"actor"}""",
            """{"drama":"zzz","person":"p","role":"actor"}""", """{"drama":"a","person":"p","role":"gaffer"}""",
            """{"drama":"a","person":"p","role":"director","billing":"star"}""", """{"drama":"a","person":"p","role":"actor","order":3}""");
        Write("sequels.jsonl", """{"drama":"g","follows":"a"}""", """{"drama":"nowhere","follows":"a"}""", """{"drama":"a","follows":"a"}""");
        Write("aliases.tsv", "g\tGee\tsomeone", "broken");

        var report = await ImportAsync(Source);
        Assert.Equal(
        [
            "aliases.tsv:2 a tab", "credits.jsonl:2 no person 'nobody'", "credits.jsonl:3 no drama 'zzz'", "credits.jsonl:4 gaffer",
            "credits.jsonl:5 billing", "credits.jsonl:6 line 1 says this", "dramas.jsonl:10 priority", "dramas.jsonl:11 null",
            "dramas.jsonl:3 JSON", "dramas.jsonl:4 id is missing", "dramas.jsonl:5 title is missing", "dramas.jsonl:6 line 1 says this",
            "dramas.jsonl:7 $.year", "dramas.jsonl:8 two capital letters", "dramas.jsonl:9 airedFrom", "people.jsonl:2 name is missing",
            "sequels.jsonl:2 no drama 'nowhere'", "sequels.jsonl:3 follow itself",
        ], Named(report, "a tab", "no person 'nobody'", "no drama 'zzz'", "gaffer", "billing", "line 1 says this", "priority", "null", "follow itself",
            "$.year", "two capital letters", "airedFrom", "name is missing", "no drama 'nowhere'", "id is missing", "title is missing", "JSON"));
        Assert.Equal((2, 18L), (report.ExitCode, report.Rejected));
        var graph = await _store.Export.ReadAsync(Cancel);
        Assert.Equal(["a", "g"], graph.Dramas.Select(d => d.Id));
        Assert.Equal(["AA"], graph.Dramas[0].Aliases);
        Assert.Equal(("a", "Gee"), (graph.Dramas[1].Follows, graph.Dramas[1].Aliases.Single()));
        Assert.Equal([new Credit("a", "p", CreditRole.Actor, 1)], graph.Credits);
    }

    [Fact]
    public async Task Strict_stops_at_the_first_bad_line_and_writes_nothing_of_its_batch()
    {
        Write("dramas.jsonl", [.. Enumerable.Range(1, 25).Select(i => i == 14 ? "oops" : $$"""{"id":"d{{i}}","title":"D"}""")]);
        Write("people.jsonl", """{"id":"p","name":"P"}""");
        Write("events.jsonl", """{"user":"u","drama":"d1","kind":"CLICK","at":"2026-03-01T00:00:00Z"}""");
        var report = await ImportAsync(new ImportRequest(Source) { Strict = true, BatchSize = 5 });
        Assert.Equal((3, 1L), (report.ExitCode, report.Rejected));
        Assert.StartsWith("Stopped at dramas.jsonl:14: ", report.Stopped, StringComparison.Ordinal);
        Assert.EndsWith("Lines 1 to 10 of dramas.jsonl are in; nothing after them was written.", report.Stopped, StringComparison.Ordinal);
        Assert.Equal(10, (await _store.Export.ReadAsync(Cancel)).Dramas.Count);
        Assert.Equal(0, await _store.Events.LastSequenceAsync(Cancel));
    }

    [Fact]
    public async Task An_interrupted_import_goes_on_where_it_stopped()
    {
        Write("dramas.jsonl", [.. Enumerable.Range(1, 50).Select(i => i == 3 ? "bad" : $$"""{"id":"d{{i}}","title":"D"}""")]);
        Write("people.jsonl", [.. Enumerable.Range(1, 20).Select(i => $$"""{"id":"p{{i}}","name":"P"}""")]);
        Write("credits.jsonl", [.. Enumerable.Range(1, 20).Select(i => $$"""{"drama":"d1","person":"p{{i}}","role":"actor"}""")]);
        using var stop = new CancellationTokenSource();
        var seen = new List<ImportProgress>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ImportAsync(
            new ImportRequest(Source) { BatchSize = 4 }, stop.Token, new Now(p => { seen.Add(p); if (p is { File: "credits.jsonl", Line: 8 }) stop.Cancel(); })));
        Assert.Contains(new ImportProgress("dramas.jsonl", 50, 50, 49, 1), seen);

        var report = await ImportAsync(new ImportRequest(Source) { BatchSize = 4 });
        var credits = report.Files.Single(f => f.File == "credits.jsonl");
        Assert.Equal((20L, 12L, 8L), (credits.Accepted, credits.Changed, credits.ResumedAfter));
        Assert.True(report.Files.Single(f => f.File == "people.jsonl").AlreadyComplete);
        // A file with rejected lines is not finished for good: the line is named again.
        Assert.Equal("dramas.jsonl:3", Assert.Single(Named(report)).Split(' ')[0]);
        Assert.Equal(Enumerable.Range(1, 20), (await _store.Catalog.CreditsOfAsync("d1", Cancel)).Select(c => c.Order));
    }

    [Fact]
    public async Task A_changed_file_or_companion_is_read_again()
    {
        Write("dramas.jsonl", """{"id":"a","title":"A"}""", """{"id":"b","title":"B"}""");
        await ImportAsync(Source);
        Write("sequels.jsonl", """{"drama":"b","follows":"a"}""");
        Assert.Equal(1, (await ImportAsync(Source)).Changed);
        Write("dramas.jsonl", """{"id":"a","title":"A!"}""", """{"id":"b","title":"B"}""");
        Assert.Equal(1, (await ImportAsync(Source)).Changed);
        Assert.Equal("a", (await _store.Catalog.FindDramaAsync("b", Cancel))!.Follows);
    }

    [Fact]
    public async Task Events_come_from_json_lines_and_csv_alike()
    {
        await _store.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a")], [new Person("p", "P")], []), Cancel);
        var json = _directory.File("some.jsonl");
        await File.WriteAllLinesAsync(json,
        [
            """{"user":"u","drama":"a","kind":"WATCH","value":0.5,"at":"2026-03-01T09:00:00+09:00","device":"tv","region":"KR","attributionId":"x-1"}""",
            """{"user":"u","drama":"a","kind":"RATE","value":8,"at":1772323200123}""",
            """{"id":"own","user":"u","targetKind":"PERSON","target":"p","kind":"MUTE","at":"2026-03-01T00:00:00Z"}""",
            """{"user":"u","targetKind":"GENRE","target":"Horror","kind":"UNMUTE","at":"2026-03-01T00:00:00"}""",
        ], Cancel);
        Assert.Equal((ImportFormat.EventsJsonl, 4L, 0), await SummaryAsync(json));
        var csv = _directory.File("some.csv");
        await File.WriteAllLinesAsync(csv,
        [
            "user,kind,drama,targetKind,target,value,at,device,region,attributionId,id",
            "u,WATCH,a,,,0.5,2026-03-01T00:00:00Z,tv,KR,x-1,",
            "u,RATE,a,,,8,1772323200123,,,,",
            "u,MUTE,,PERSON,p,,2026-03-01T00:00:00Z,,,,own",
            "\"u\",UNMUTE,,GENRE,\"Horror\",,2026-03-01T00:00:00Z,,,,",
        ], Cancel);
        // The same events: those without an id have the id of their content.
        Assert.Equal((ImportFormat.EventsCsv, 0L, 0), await SummaryAsync(csv));
        var log = await Examples.ListAsync(_store.Events.ReadAsync(0, Cancel));
        Assert.Equal(4, log.Count);
        Assert.Equal(new EventContext("tv", "KR"), log[0].Event.Context);
        Assert.Equal(("x-1", 0.5), (log[0].Event.AttributionId, log[0].Event.Value));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), log[0].Event.At);
        Assert.Equal(1772323200123, log[1].Event.At.ToUnixTimeMilliseconds());
        Assert.Equal(("own", new NodeRef(NodeKind.Person, "p")), (log[2].Event.Id, log[2].Event.Target));
        Assert.Equal(4, await _store.Graph.AppliedThroughAsync(Cancel));
        Assert.Equal(Examples.Folded(log.Select(e => e.Event)), (await _store.Export.ReadAsync(Cancel)).Behaviour);
    }

    [Fact]
    public async Task Bad_events_are_named()
    {
        await _store.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("a")], [], []), Cancel);
        Write("events.csv", "user,drama,kind,value,at", "u,a,CLICK,,2026-03-01", "u,zzz,CLICK,,2026-03-01", "u,a,LIKE,,2026-03-01", "u,a,RATE,11,2026-03-01",
            "u,a,CLICK,,3/1/2026", "u,a,CLICK,,2090-01-01", "u,a,RATE,x,2026-03-01", "u,a,CLICK", "u,\"a\"b,CLICK,,2026-03-01", "u,\"a,CLICK,,2026-03-01",
            "u,a,SKIP,,2026-03-02");
        var report = await ImportAsync(Source);
        Assert.Equal(
            ["events.csv:10 quotation", "events.csv:11 quotation", "events.csv:3 no drama", "events.csv:4 LIKE", "events.csv:5 1 to 10",
                "events.csv:6 3/1/2026", "events.csv:7 future", "events.csv:8 not a number", "events.csv:9 3 fields"],
            Named(report, "quotation", "no drama", "LIKE", "1 to 10", "3/1/2026", "future", "not a number", "3 fields"));
        Assert.Equal(2, await _store.Events.LastSequenceAsync(Cancel));
        // Once the drama is there, the same file brings the event that was rejected.
        await _store.Catalog.UpsertAsync(new CatalogBatch([Examples.Plain("zzz")], [], []), Cancel);
        Assert.Equal(1, (await ImportAsync(Source)).Changed);
    }

    [Fact]
    public async Task What_cannot_be_told_is_refused_with_what_would_be_known()
    {
        var nothing = await Assert.ThrowsAsync<InvalidInputException>(() => ImportAsync(_directory.File("nothing")));
        Assert.Equal(ErrorCodes.NotFound, nothing.Code);
        Assert.Contains("dramas.jsonl", (await Assert.ThrowsAsync<InvalidInputException>(() => ImportAsync(Source))).Message, StringComparison.Ordinal);
        Write("odd.txt", "hello");
        Assert.Contains("\"user\"", (await Assert.ThrowsAsync<InvalidInputException>(() => ImportAsync(Path.Combine(Source, "odd.txt")))).Message, StringComparison.Ordinal);
        Write("dramas.jsonl", "{}");
        Assert.Contains("import its folder", (await Assert.ThrowsAsync<InvalidInputException>(() => ImportAsync(Path.Combine(Source, "dramas.jsonl")))).Message, StringComparison.Ordinal);
        Write("ratings.csv", "userId");
        Assert.Contains("both", (await Assert.ThrowsAsync<InvalidInputException>(() => ImportAsync(Source))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_first_brings_the_graph_up_to_the_log()
    {
        await _store.Events.AppendAsync([Examples.Watch("orphan")], Cancel);
        await ImportAsync(Seed("tiny"));
        var log = await Examples.ListAsync(_store.Events.ReadAsync(0, Cancel));
        Assert.Equal(Examples.Folded(log.Select(e => e.Event)), (await _store.Export.ReadAsync(Cancel)).Behaviour);
    }

    internal static string Seed(string name) => Path.Combine(AppContext.BaseDirectory, "seed", name);

    /// <summary>"file:line reason" of each issue, ordered; a reason is shortened to the first of the words it holds.</summary>
    private static List<string> Named(ImportReport report, params string[] words) => [.. report.Issues
        .Select(i => $"{i.File}:{i.Line} {words.FirstOrDefault(word => i.Reason.Contains(word, StringComparison.Ordinal)) ?? i.Reason}")
        .Order(StringComparer.Ordinal)];

    private async Task<(ImportFormat, long, int)> SummaryAsync(string path)
    {
        var report = await ImportAsync(path);
        return (report.Format, report.Changed, report.ExitCode);
    }

    private Task<ImportReport> ImportAsync(string path) => ImportAsync(new ImportRequest(path));

    private Task<ImportReport> ImportAsync(ImportRequest request, CancellationToken? cancel = null, IProgress<ImportProgress>? progress = null) =>
        new Importer(TimeProvider.System).RunAsync(
            request, new ImportStores(_store.Catalog, _store.Events, _store.Graph, _store.Checkpoints), progress, cancel ?? Cancel);

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(Source, name), lines);

    /// <summary>Tells at once, on the same thread; <see cref="Progress{T}"/> would tell later.</summary>
    private sealed class Now(Action<ImportProgress> tell) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => tell(value);
    }
}
