using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Reports;
using GraphRec.Tests.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Reports;

/// <summary>The JSON of a report, its page, and comparing two of them, on made-up values per user.</summary>
public sealed class ReportTests
{
    private static readonly double[] Good = [.. Enumerable.Range(0, 60).Select(n => 0.5 + (n % 7 * 0.05))];
    private static readonly double[] Bad = [.. Good.Select((value, n) => value - 0.2 + (n % 3 * 0.1))];
    private static readonly double[] Alike = [.. Good.Select((value, n) => value + (n % 2 == 0 ? 0.1 : -0.1))];

    [Fact]
    public void The_json_has_the_shape_that_is_documented()
    {
        using var json = JsonDocument.Parse(Report(("ials", Good)).ToJson());
        var root = json.RootElement;
        Assert.Equal(("tiny", "given"), (root.GetProperty("dataset").GetString(), root.GetProperty("split").GetString()));
        var model = root.GetProperty("models")[0];
        Assert.Equal("ials", model.GetProperty("name").GetString());
        Assert.Equal(64, model.GetProperty("params").GetProperty("factors").GetDouble());
        Assert.Equal(Good.Average(), model.GetProperty("metrics").GetProperty("ndcg@20").GetDouble(), 12);
        Assert.Equal(2, model.GetProperty("ci").GetProperty("ndcg@20").GetArrayLength());
        Assert.Equal(
            (1.5, 2.5, 1000), (model.GetProperty("train").GetProperty("wallSeconds").GetDouble(), model.GetProperty("train").GetProperty("cpuSeconds").GetDouble(), model.GetProperty("train").GetProperty("peakBytes").GetInt64()));
        Assert.Equal(300, model.GetProperty("score").GetProperty("usersPerSecond").GetDouble());
        foreach (var name in new[] { "format", "dataHash", "seed", "threads", "k" }) Assert.NotEqual(JsonValueKind.Undefined, root.GetProperty(name).ValueKind);
    }

    [Fact]
    public void A_report_is_read_as_it_was_written_and_something_else_is_refused()
    {
        using var folder = new TempFolder();
        var report = Report(("ials", Good), ("popularity", Bad));
        Assert.Equal(report.ToJson(), EvaluationReport.Read(folder.Write("a.json", report.ToJson())).ToJson());
        Refused("does not exist", () => EvaluationReport.Read(Path.Combine(folder.Path, "none.json")));
        Refused("is no file of", () => EvaluationReport.Read(folder.Write("b.json", """{"models": 3}""")));
        Refused("is of form 2", () => EvaluationReport.Read(folder.Write("c.json", (report with { Format = 2 }).ToJson())));
    }

    [Fact]
    public void Values_are_unpacked_as_they_were_packed_and_damage_is_told()
    {
        Assert.Equal(Good.Select(value => (double)(float)value), PackedValues.Unpack(PackedValues.Pack(Good)));
        Assert.Empty(PackedValues.Unpack(PackedValues.Pack([])));
        Refused("damaged", () => PackedValues.Unpack("not base64!"));
        Refused("damaged", () => PackedValues.Unpack("AAAA"));
    }

    [Fact]
    public void The_better_one_is_named_whichever_comes_first_and_chance_is_not()
    {
        var (good, bad, alike) = (Report(("a", Good)), Report(("b", Bad)), Report(("c", Alike)));
        var found = Compared(good, bad, "ndcg@20");
        Assert.Equal((1, "a", "b"), (found.Verdict, found.First.Name, found.Second.Name));
        Assert.Equal(PairedTest.Of([.. Good.Select(v => (double)(float)v)], [.. Bad.Select(v => (double)(float)v)], 1, cancel: TestContext.Current.CancellationToken), found.Test);
        Assert.Equal(-1, Compared(bad, good, "ndcg@20").Verdict);
        Assert.Equal(0, Compared(good, alike, "ndcg@20").Verdict);
        Assert.Equal(0, Compared(good, good, "ndcg@20").Verdict);
    }

    [Fact]
    public void Of_several_models_the_best_is_compared_or_the_one_that_is_named()
    {
        var (first, second) = (Report(("low", Bad), ("high", Good)), Report(("low", Bad), ("mid", Alike)));
        Assert.Equal(("high", "mid"), Names(Compared(first, second, "ndcg@20")));
        Assert.Equal(("low", "low"), Names(Compared(first, second, "ndcg@20", "low", "low")));
        Refused("it has low, mid", () => Compared(first, second, "ndcg@20", "high", "high"));
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_with_the_reason()
    {
        var report = Report(("a", Good));
        Refused("different data, tiny and other", () => Compared(report, report with { Dataset = "other", DataHash = "x" }, "ndcg@20"));
        Refused("different splits, 'given' and 'random per user'", () => Compared(report, report with { Split = "random per user" }, "ndcg@20"));
        Refused("pairs differ", () => Compared(report, report with { DataHash = "x" }, "ndcg@20"));
        Refused("60 and 59 test users", () => Compared(report, Report(("a", Good[..59])), "ndcg@20"));
        Refused("it has ndcg@20, recall@20", () => Compared(report, report, "ndcg@10"));
        Refused("one task", () => Compared(report, report with { Task = "rating" }, "ndcg@20"));
        Refused("no model", () => Compared(report, report with { Models = [] }, "ndcg@20"));
    }

    [Fact]
    public void Intervals_together_are_the_intervals_alone()
    {
        var cancel = TestContext.Current.CancellationToken;
        var together = BootstrapInterval.OfAll([Good, Bad, Alike], seed: 5, resamples: 200, cancel: cancel);
        Assert.Equal(new[] { Good, Bad, Alike }.Select(values => BootstrapInterval.Of(values, 5, 200, cancel: cancel)), together);
        Assert.Throws<ArgumentException>(() => BootstrapInterval.OfAll([Good, Bad[1..]], 5, cancel: cancel));
    }

    [Fact]
    public void The_page_is_whole_holds_every_number_and_needs_nothing_from_elsewhere()
    {
        var report = Report(("a<b", Good), ("popularity", Bad)) with
        {
            Tuning = new TuningReport("ndcg@20", "same", "OneStandardError", 60, 3, null, 4),
            LeftOut = [new LeftOut("ease", "It does not fit into memory & so on.")],
            Run = new RunReport("0.1", ".NET", "Linux", "EPYC", 2, 8_000_000_000, "graphrec evaluate --data 'a b'", new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.Zero), 7),
        };
        var page = HtmlReport.Of(report);
        Assert.Contains("prefers-color-scheme:dark", page, StringComparison.Ordinal);
        foreach (var text in new[] { "a&lt;b", "0.6450", "ease", "&amp; so on", "factors 64", "trial 1", "2026-01-02 03:04", "XXH3" }) Assert.Contains(text, page, StringComparison.Ordinal);
        foreach (var foreign in new[] { "http", "<script", "src=", "@import", "url(" }) Assert.DoesNotContain(foreign, page, StringComparison.Ordinal);
        // All charts are well-formed, and so is the rest but for elements that HTML leaves open.
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        var charts = XElement.Parse(body).Descendants("svg").ToArray();
        Assert.Equal(2 + 1 + 2, charts.Length);
        Assert.All(charts, chart => Assert.NotEmpty(chart.Attribute("aria-label")!.Value));
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.All(charts.Descendants("path"), path => Assert.Matches("^M[0-9.]+ [0-9.]+[HV]", path.Attribute("d")!.Value));
        // The line of the best so far goes up at the second trial, and only there.
        Assert.Equal(1, Regex.Count(charts[^1].Descendants("path").Last().Attribute("d")!.Value, "V"));
    }

    [Fact]
    public void A_page_of_ratings_and_one_without_models_are_whole_too()
    {
        var model = new ModelReport("svd", new Dictionary<string, double>(), new Dictionary<string, double> { ["rmse"] = 0.93, ["mae"] = 0.73 }, new Dictionary<string, double[]>(), new TrainReport(1, 2, 3), new ScoreReport(0, 0, 0))
        {
            Folds = [new FoldReport(0.92, 0.72, 1), new FoldReport(0.94, 0.74, 3)],
        };
        Assert.Contains("<td class=\"best\">0.9300</td><td>0.7300</td><td>2.00</td>", HtmlReport.Of(Report() with { Task = "rating", Models = [model] }), StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", HtmlReport.Of(Report()), StringComparison.Ordinal);
    }

    private static RunComparison Compared(EvaluationReport first, EvaluationReport second, string metric, string? firstModel = null, string? secondModel = null) =>
        RunComparison.Of(first, second, metric, firstModel, secondModel, cancel: TestContext.Current.CancellationToken);

    private static (string, string) Names(RunComparison found) => (found.First.Name, found.Second.Name);

    private static void Refused(string says, Action action) =>
        Assert.Contains(says, Assert.Throws<InvalidInputException>(action).Message, StringComparison.Ordinal);

    private static EvaluationReport Report(params (string Name, double[] Values)[] models) => new()
    {
        Dataset = "tiny",
        Split = "given",
        DataHash = "0123",
        K = 20,
        Seed = 1,
        Threads = 2,
        Sizes = new Dictionary<string, long> { ["users"] = 60, ["trainPairs"] = 1234 },
        Models = [.. models.Select(model => Model(model.Name, model.Values))],
    };

    private static ModelReport Model(string name, double[] values) => new(
        name, new Dictionary<string, double> { ["factors"] = 64 },
        new Dictionary<string, double> { ["ndcg@20"] = values.Average(), ["recall@20"] = values.Max(), ["gini@20"] = 0.5 },
        new Dictionary<string, double[]> { ["ndcg@20"] = [0.1, 0.9], ["recall@20"] = [0.2, 1] }, new TrainReport(1.5, 2.5, 1000), new ScoreReport(300, 0.2, 0.4))
    {
        PerUser = new Dictionary<string, string> { ["ndcg@20"] = PackedValues.Pack(values), ["recall@20"] = PackedValues.Pack(values) },
        Trials =
        [
            new TrialReport(0, new Dictionary<string, double> { ["factors"] = 8 }, 0.2, 1, 2),
            new TrialReport(1, new Dictionary<string, double> { ["factors"] = 64 }, 0.3, 1, 2),
            new TrialReport(2, new Dictionary<string, double> { ["factors"] = 512 }, null, 1, 2, "no memory"),
        ],
    };
}
