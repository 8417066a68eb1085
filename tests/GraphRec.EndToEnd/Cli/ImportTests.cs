namespace GraphRec.EndToEnd.Cli;

/// <summary><c>import</c>, and what the commands that read then print.</summary>
[Collection("cli")]
public sealed class ImportTests : IDisposable
{
    private static readonly string Tiny = Path.Combine(Server.Root, "seed", "tiny");
    private readonly TempFolder _folder = new();

    private string Data => _folder.Sub("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tiny_graph_is_imported_once_and_doctor_counts_it()
    {
        var first = await ImportAsync(Tiny);
        Assert.Equal(0, first.Exit);
        Assert.Equal(
            ["File Good New or changed Left out", "people.jsonl 3 3 0", "dramas.jsonl 4 4 0", "credits.jsonl 6 6 0", "events.jsonl 8 8 0"], Table(first));
        var state = Stored.State(Data);
        var second = await ImportAsync(Tiny);
        Assert.Equal(0, second.Exit);
        Assert.Equal("events.jsonl 8 0 0 was imported before", Table(second)[^1]);
        var again = await ImportAsync(Tiny, "--again");
        Assert.Equal("events.jsonl 8 0 0", Table(again)[^1]);
        Assert.Equal(state, Stored.State(Data));

        var doctor = await GraphRecProgram.RunAsync("doctor", "--data", Data);
        Assert.Equal((0, ""), (doctor.Exit, doctor.Error));
        Assert.Equal(
        [
            "Nodes Edges", "User 3 ACTED_IN 4", "Drama 4 DIRECTED 2", "Person 3 HAS_GENRE 4", "Genre 2 TAGGED 0", "Tag 0 AIRED_ON 0", "Network 0 FOLLOWS 0",
            "WATCHED 5", "RATED 1", "MUTED 1", "Connected components: 1; the largest holds 12 nodes, 0 nodes stand alone.", "Nothing is wrong.",
        ], Table(doctor));
    }

    [Fact]
    public async Task Recommend_prints_rows_with_matches_and_reasons_and_says_who_is_simulated()
    {
        await ImportAsync(Tiny);
        // A day after the tiny graph's last event.
        string[] at = ["--at", "2026-03-07T00:00:00Z", "--data", Data];
        var person = await GraphRecProgram.RunAsync(["recommend", "dan", .. at]);
        Assert.Equal((0, ""), (person.Exit, person.Error));
        Assert.Equal("dan  graph c3.e8, model linear-1/default", person.Lines[0]);
        Assert.StartsWith("A good start  ", person.Lines[1], StringComparison.Ordinal);
        Assert.Equal(
            ["Coffee Prince (2007)", "Goblin (2016)", "Cheese in the Trap (2016)", "Descendants of the Sun (2016)"],
            person.Lines[2..6].Select(l => l[8..37].TrimEnd()).OrderBy(t => t.Length == 20 ? 0 : t.Length));
        Assert.All(person.Lines[2..6], line => Assert.Matches(@"^ {1,4}\d{1,3} %  \S.* {2}\S.+", line));
        Assert.StartsWith(" 100 %  Coffee Prince (2007)", person.Lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("simulated", person.Out, StringComparison.Ordinal);

        var simulated = await GraphRecProgram.RunAsync(["recommend", "simulated-0001", .. at]);
        Assert.Equal("simulated-0001 (a simulated viewer)  graph c3.e8, model linear-1/default", simulated.Lines[0]);
        Assert.Equal(person.Lines[1..], simulated.Lines[1..]);
    }

    [Fact]
    public async Task Explain_prints_the_path_the_shares_and_a_ledger_that_sums_to_the_score()
    {
        await ImportAsync(Tiny);
        var ran = await GraphRecProgram.RunAsync("explain", "ann", "goblin-2016", "--at", "2026-03-07", "--data", Data);
        Assert.Equal((0, ""), (ran.Exit, ran.Error));
        Assert.Equal("Goblin (2016) for ann", ran.Lines[0]);
        Assert.Matches(@"^Recommended: rank 1, score 0\.\d{4}$", ran.Lines[1]);
        Assert.Contains("With Gong Yoo, from Coffee Prince  SHARED_ACTOR", ran.Lines);
        var words = string.Join(' ', ran.Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("ann -RATED {rated 9 of 10}-> Coffee Prince <-ACTED_IN {as Choi Han Gyul}- Gong Yoo -ACTED_IN {as Kim Shin (main)}-> Goblin", words, StringComparison.Ordinal);
        var ledger = ran.Lines[(Array.IndexOf(ran.Lines, "What the score is made of") + 1)..].Select(l => double.Parse(l.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(ledger[^1], ledger[..^1].Sum(), 5);
        Assert.Equal(ledger[^1], double.Parse(ran.Lines[1].Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture), 3);
        Assert.True(ledger.Length > 4, ran.Out);

        var muted = await GraphRecProgram.RunAsync("explain", "cho", "descendants-of-the-sun-2016", "--data", Data);
        Assert.Equal(["Descendants of the Sun (2016) for cho", "Not recommended", "You muted it, or someone or something in it."], muted.Lines);
        var unknown = await GraphRecProgram.RunAsync("explain", "ann", "no-such-drama", "--data", Data);
        Assert.Equal((1, ""), (unknown.Exit, unknown.Out));
        Assert.Contains("'no-such-drama'", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_lines_are_named_with_file_line_and_reason_and_the_rest_is_imported()
    {
        await ImportAsync(Tiny);
        var events = _folder.Write("events.jsonl",
            """{"id":"a","user":"eva","drama":"goblin-2016","kind":"CLICK","at":"2026-03-01T20:00:00Z"}""",
            "{ not json",
            """{"id":"b","user":"eva","drama":"no-such-drama","kind":"CLICK","at":"2026-03-01T20:00:00Z"}""",
            """{"id":"c","user":"eva","drama":"goblin-2016","kind":"RATE","value":11,"at":"2026-03-01T20:00:00Z"}""",
            """{"id":"d","user":"eva","drama":"goblin-2016","kind":"WATCH","value":0.5,"at":"2026-03-01T21:00:00Z"}""");
        var ran = await ImportAsync(events);
        Assert.Equal(2, ran.Exit);
        Assert.Equal("events.jsonl 2 2 3", Table(ran)[^1]);
        var issues = ran.Error.Split('\n').Where(l => l.StartsWith("events.jsonl:", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["2", "3", "4"], issues.Select(i => i.Split(':')[1]));
        Assert.Contains("no-such-drama", issues[1], StringComparison.Ordinal);
        Assert.Contains("11", issues[2], StringComparison.Ordinal);
        Assert.Contains("3 bad lines were left out; everything else is in.", ran.Error, StringComparison.Ordinal);
        Assert.Equal(2, Stored.Number(Data, "SELECT count(*) FROM event WHERE user_id = 'eva'"));

        var fewer = await ImportAsync(events, "--most", "1");
        Assert.Contains("… and 2 more", fewer.Error, StringComparison.Ordinal);
        Assert.Single(fewer.Error.Split('\n'), l => l.StartsWith("events.jsonl:", StringComparison.Ordinal));
        Assert.Equal("events.jsonl 2 0 3", Table(fewer)[^1]);
    }

    [Fact]
    public async Task Strict_stops_at_the_first_bad_line_with_exit_code_3()
    {
        await ImportAsync(Tiny);
        var events = _folder.Write("events.csv",
            "user,kind,drama,at", "eva,CLICK,goblin-2016,2026-03-01T20:00:00Z", "eva,JUMP,goblin-2016,2026-03-01T20:01:00Z", "eva,CLICK,goblin-2016,2026-03-01T20:02:00Z");
        var ran = await ImportAsync(events, "--strict");
        Assert.Equal(3, ran.Exit);
        Assert.Contains("events.csv:3: ", ran.Error, StringComparison.Ordinal);
        Assert.Contains("JUMP", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, Stored.Number(Data, "SELECT count(*) FROM event WHERE user_id = 'eva' AND at > 1772395300000"));
        var mild = await ImportAsync(events);
        Assert.Equal((2, 2), (mild.Exit, (int)Stored.Number(Data, "SELECT count(*) FROM event WHERE user_id = 'eva'")));
    }

    [Fact]
    public async Task A_path_that_is_none_makes_no_data_directory()
    {
        var nowhere = await ImportAsync(_folder.Sub("nowhere"));
        Assert.Equal((1, ""), (nowhere.Exit, nowhere.Out));
        Assert.Contains($"There is no file or folder {_folder.Sub("nowhere")}", nowhere.Error, StringComparison.Ordinal);
        var strange = await ImportAsync(_folder.Write("strange.txt", "hello"));
        Assert.Equal(1, strange.Exit);
        Assert.Contains("user, kind, at", strange.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task MovieLens_is_imported_with_people_and_ratings()
    {
        _folder.Write("ml/movies.csv", "movieId,title,genres,released,actors,director",
            "1,Toy Story,Animation|Comedy,1995-11-22,Tom Hanks|Tim Allen,John Lasseter", "2,Cast Away,Drama,2000-12-22,Tom Hanks,Robert Zemeckis",
            "3,Heat,Crime,1995-12-15,Al Pacino|Robert De Niro,Michael Mann", "4,Big,Comedy,1988-06-03,Elizabeth Perkins,Penny Marshall");
        _folder.Write("ml/ratings.csv", "userId,movieId,rating,timestamp", "7,1,4.5,964982703", "7,99,3,964982704", "8,2,0.5,964982705");
        var ran = await ImportAsync(_folder.Sub("ml"));
        Assert.Equal(2, ran.Exit);
        Assert.Contains("ratings.csv:3: ", ran.Error, StringComparison.Ordinal);
        Assert.Equal(["ml-1", "ml-2", "ml-3", "ml-4"], Stored.Rows(Data, "SELECT id FROM drama ORDER BY id").Select(r => r[0]));
        Assert.Equal(["ml-1", "ml-2"], Stored.Rows(Data, "SELECT drama_id FROM credit WHERE person_id = 'tom-hanks' ORDER BY 1").Select(r => r[0]));
        Assert.Equal(["ml-7", "ml-1", "9"], Stored.Rows(Data, "SELECT user_id, target_id, value FROM behaviour WHERE user_id = 'ml-7'").Single());
        Assert.Equal(["ml-8", "ml-2", "1"], Stored.Rows(Data, "SELECT user_id, target_id, value FROM behaviour WHERE user_id = 'ml-8'").Single());
        var why = await GraphRecProgram.RunAsync("explain", "ml-7", "ml-2", "--data", Data);
        Assert.Contains("With Tom Hanks, from Toy Story  SHARED_ACTOR", why.Lines);
    }

    [Fact]
    public async Task Simulated_viewers_of_other_options_are_not_mixed()
    {
        await ImportAsync(Tiny);
        string[] options = ["simulate", "--data", Data, "--viewers", "20", "--events", "80", "--seed", "5"];
        var first = await GraphRecProgram.RunAsync([.. options, "--until", "2020-01-01"]);
        // A catalogue of four dramas ends before 80 events are made.
        var made = Stored.Number(Data, "SELECT count(*) FROM event WHERE user_id LIKE 'simulated-%'");
        Assert.InRange(made, 20, 80);
        Assert.Equal((0, $"{made} simulated events recorded."), (first.Exit, first.Lines.Single()));
        var again = await GraphRecProgram.RunAsync([.. options, "--until", "2020-01-01"]);
        Assert.Equal((0, "0 simulated events recorded; they were there before."), (again.Exit, again.Lines.Single()));
        var other = await GraphRecProgram.RunAsync([.. options, "--until", "2020-06-01"]);
        Assert.Equal(1, other.Exit);
        Assert.Contains("--seed 5 was used here with --viewers 20 --events 80 --months 18 --until 2020-01-01", other.Error, StringComparison.Ordinal);
        Assert.Equal(made, Stored.Number(Data, "SELECT count(*) FROM event WHERE user_id LIKE 'simulated-%'"));
    }

    private Task<Ran> ImportAsync(string path, params string[] more) => GraphRecProgram.RunAsync(["import", path, "--data", Data, .. more]);

    /// <summary>The lines of a table without lines and columns.</summary>
    private static string[] Table(Ran ran) =>
        [.. ran.Lines.Where(l => !l.Contains('─', StringComparison.Ordinal)).Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
}
