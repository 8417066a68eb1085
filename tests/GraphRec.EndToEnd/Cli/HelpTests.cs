using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace GraphRec.EndToEnd.Cli;

/// <summary>Help, and what is said of a wrong command line.</summary>
[Collection("cli")]
public sealed class HelpTests
{
    [Theory]
    [InlineData("", "graphrec serve", "http://localhost:5080", "docs/data.md", "--help", "GraphRec__Graph__Uri", "__Password")]
    [InlineData("serve", "--data", "--urls", "[default: http://localhost:5080]", "/graphql", "/health/ready", "Exit codes")]
    [InlineData("import", "PATH", "--strict", "--again", "docs/data.md", "Exit codes", "2 bad lines", "3 --strict")]
    [InlineData("simulate", "--viewers", "--seed", "'simulated-'", "Exit codes")]
    [InlineData("recommend", "USER", "--rows", "1 to 30", "--items", "1 to 50", "--at", "--region", "--paths", "graphrec recommend simulated-0001", "Exit codes")]
    [InlineData("explain", "USER", "DRAMA", "goblin-2016", "Exit codes")]
    [InlineData("doctor", "--most", "season cycles", "4 an issue was found", "--graph", "--settings")]
    [InlineData("schema", "apply", "show")]
    [InlineData("schema apply", "--graph", "GraphRec:Graph:Uri", "Exit codes")]
    [InlineData("schema show", "--graph", "Exit codes")]
    [InlineData("copy", "--from", "--to", "embedded:", "6 the two differ")]
    [InlineData("evaluate", "--format", "lightgcn, movielens, sequence, events", "--models", "ials:factors=128", "--tune-minutes", "--resume", "docs/evaluation.md", "2 some models", "Exit codes")]
    [InlineData("compare", "FIRST", "SECOND", "--metric", "--model", "p < 0.05", "8 the second is better", "Exit codes")]
    [InlineData("train", "--models", "--ranker", "lambdamart, mlp, linear", "--margin", "--candidate", "--force", "--anew", "--keep", "--priority", "low, normal", "docs/models.md", "9 kept as a candidate", "Exit codes")]
    [InlineData("models", "list", "show", "promote", "rollback", "diff", "remove")]
    [InlineData("models list", "--json", "--data", "Exit codes")]
    [InlineData("models show", "VERSION", "'current'", "--json", "Exit codes")]
    [InlineData("models promote", "VERSION", "is checked before", "Exit codes")]
    [InlineData("models rollback", "--data", "once more goes back further", "Exit codes")]
    [InlineData("models diff", "A", "B", "--json", "Exit codes")]
    [InlineData("models remove", "VERSION", "for good", "Exit codes")]
    public async Task Help_names_what_a_command_takes_and_shows_an_example(string command, params string[] says)
    {
        var help = await GraphRecProgram.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal((0, ""), (help.Exit, help.Error));
        Assert.All(says, text => Assert.Contains(text, help.Out, StringComparison.Ordinal));
        Assert.Contains($"graphrec {command}".TrimEnd(), help.Out, StringComparison.Ordinal);
        // Every option is described: its name is followed by text on its line.
        Assert.All(help.Lines.Where(l => l.StartsWith("  -", StringComparison.Ordinal)), line => Assert.Matches(new Regex(@"^  (-\?, -h, )?--[a-z-]+( <\w+>)? +\S.{10,}"), line));
    }

    [Theory]
    [InlineData("bogus", "'bogus'", "serve, import, simulate, recommend, explain, doctor")]
    [InlineData("--bogus", "'--bogus'", "graphrec --help")]
    [InlineData("serve --bogus", "'--bogus'", "--urls, --recipe", "--data, --graph", "graphrec serve --help")]
    [InlineData("serve --urls foo", "--urls", "'foo'", "http://localhost:5080")]
    [InlineData("serve --urls http://localhost/path", "--urls", "http://localhost:5080")]
    [InlineData("serve --until 2024-13-01", "--until", "1995-01-01 to today", "'2024-13-01'")]
    [InlineData("serve --until 2190-01-01", "--until", "to today")]
    [InlineData("recommend", "USER", "missing")]
    [InlineData("recommend ann bob", "'bob'", "USER, --rows")]
    [InlineData("recommend ann --rows 0", "--rows", "1 to 30", "'0'")]
    [InlineData("recommend ann --rows abc", "--rows", "1 to 30", "'abc'")]
    [InlineData("recommend ann --items 51", "--items", "1 to 50", "'51'")]
    [InlineData("recommend ann --rows", "--rows", "needs a value")]
    [InlineData("recommend ann --at yesterday", "--at", "2026-03-07T20:15:00Z", "'yesterday'")]
    [InlineData("recommend ann --region Korea", "--region", "two letters", "'Korea'")]
    [InlineData("recommend ann --data /no/such/place", "/no/such/place", "graphrec serve", "graphrec import")]
    [InlineData("recommend ann --data ", "--data", "empty")]
    [InlineData("explain ann", "DRAMA", "missing")]
    [InlineData("doctor --data /no/such/place", "/no/such/place", "graphrec serve")]
    [InlineData("doctor --most -1", "--most", "0 to 1000000")]
    [InlineData("simulate --viewers 10 --events 5", "--events", "39 to 9000", "5")]
    [InlineData("simulate --months 121", "--months", "1 to 120")]
    [InlineData("simulate --data /no/such/place", "/no/such/place", "graphrec import")]
    [InlineData("import", "PATH", "missing")]
    [InlineData("models", "list, show, promote, rollback, diff, remove", "graphrec models --help")]
    [InlineData("models show", "VERSION", "missing")]
    [InlineData("models rollback --data /no/such/place", "There is no version to go back to", "/no/such/place")]
    [InlineData("models show current --data /no/such/place", "No version is served", "graphrec train")]
    [InlineData("train --candidate --force", "--candidate never promotes, and --force always does")]
    [InlineData("train --margin 2", "--margin", "from 0 to 1")]
    [InlineData("schema", "apply, show", "graphrec schema --help")]
    [InlineData("schema drop", "'drop'", "apply, show")]
    [InlineData("schema apply", "--graph", "http://localhost:7474")]
    [InlineData("schema apply --bogus", "graphrec schema apply does not take '--bogus'", "--graph")]
    [InlineData("copy --to embedded:x", "--from", "embedded:DIR")]
    [InlineData("copy --from data --to embedded:x", "--from", "embedded:DIR", "'data'")]
    [InlineData("copy --from embedded:/no/such/place --to embedded:x", "--from", "/no/such/place")]
    [InlineData("copy --from embedded:x --to embedded:x", "the same")]
    [InlineData("recommend ann --graph bolt://localhost:7687", "http://localhost:7474")]
    [InlineData("recommend ann --graph localhost", "--graph", "'localhost'", "http://localhost:7474")]
    [InlineData("recommend ann --graph http://neo4j:secret@localhost:7474", "settings")]
    [InlineData("recommend ann --settings /no/such/file", "/no/such/file")]
    public async Task A_wrong_command_line_is_told_with_what_is_allowed(string line, params string[] says)
    {
        var ran = await GraphRecProgram.RunAsync(line.Split(' '));
        Assert.Equal((1, ""), (ran.Exit, ran.Out));
        Assert.All(says, text => Assert.Contains(text, ran.Error, StringComparison.Ordinal));
        Assert.StartsWith("error: ", ran.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
        Assert.InRange(ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 2);
    }

    [Fact]
    public async Task No_command_at_all_shows_the_help_and_is_not_a_success()
    {
        var ran = await GraphRecProgram.RunAsync();
        Assert.Equal((1, ""), (ran.Exit, ran.Error));
        Assert.Contains("A first start:", ran.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_recipe_is_refused_before_anything_is_opened()
    {
        using var folder = new TempFolder();
        var recipe = folder.Write("recipe.json", """{ "sources": { "walk": 0.5 } }""");
        var ran = await GraphRecProgram.RunAsync("serve", "--data", folder.Sub("data"), "--recipe", recipe);
        Assert.Equal(1, ran.Exit);
        Assert.Contains($"{recipe} is wrong: the source weights must sum to 1, but sum to 0.5", ran.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Sub("data")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_before_the_data_directory_is_filled()
    {
        using var folder = new TempFolder();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}";
        var ran = await GraphRecProgram.RunAsync("serve", "--data", folder.Sub("data"), "--urls", url);
        Assert.Equal((1, ""), (ran.Exit, ran.Out));
        Assert.Contains($"Cannot listen on {url}", ran.Error, StringComparison.Ordinal);
        Assert.Contains("--urls", ran.Error, StringComparison.Ordinal);
        Assert.Equal(0, Stored.Number(folder.Sub("data"), "SELECT count(*) FROM drama"));
    }
}
