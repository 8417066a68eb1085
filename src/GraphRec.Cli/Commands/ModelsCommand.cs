using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using GraphRec.Core;
using GraphRec.Learning.Training;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec models</c>: the trained versions of a data directory, and which of them is served.</summary>
public static class ModelsCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create() => new("models", "The trained versions of a data directory, and which of them is served.")
    {
        CreateList(),
        CreateShow(),
        Create("promote", "Serve this version; a running server takes it up within seconds.", [Version()], Promote),
        Create("rollback", "Serve the version again that was served before; once more goes back further.", [], (models, _, cancel) =>
        {
            var (version, passedOver) = models.Promotions.Rollback(candidate => models.Check(candidate, cancel), TimeProvider.System.GetUtcNow());
            foreach (var why in passedOver) Errors.Console.WriteLine(why);
            Terminal.Answer.WriteLine($"{version} is served again.");
        }),
        CreateDiff(),
        Create("remove", "Remove a version for good; not the one that is served.", [Version()], (models, names, _) =>
        {
            models.Remove(names[0]);
            Terminal.Answer.WriteLine($"{names[0]} is removed.");
        }),
    };

    private static Argument<string> Version(string name = "VERSION") => Options.Id(name, "The name of a version, as 'graphrec models list' shows it; or 'current'.");

    private static Option<bool> AsJson() => new("--json") { Description = "Print JSON instead of tables." };

    private static Command CreateList()
    {
        var json = AsJson();
        return Create("list", "All versions with their state, oldest first, and every change of the one that is served.", [], json, (models, _, asJson, _) =>
        {
            var (rows, history) = (models.Versions().Select(version => RowOf(models, version)).ToArray(), models.Promotions.History);
            if (asJson) Write(new { models.Promotions.Current, Versions = rows, History = history });
            else PrintList(models, rows, history);
        });
    }

    private static Command CreateShow()
    {
        var json = AsJson();
        return Create("show", "What a version is made of, how good it was, what the gate said, and whether its files are whole.", [Version()], json, (models, names, asJson, cancel) =>
        {
            var (manifest, problem) = (models.Manifest(names[0]), ProblemOf(models, names[0], cancel));
            if (asJson) Write(new { State = StateOf(models, manifest), Problem = problem, Manifest = JsonDocument.Parse(manifest.ToJson()).RootElement });
            else PrintVersion(models, manifest, problem);
        });
    }

    private static Command CreateDiff()
    {
        var json = AsJson();
        return Create("diff", "What two versions differ in: data, parameters, metrics, dramas, and the lists that are served.", [Version("A"), Version("B")], json, (models, names, asJson, cancel) =>
        {
            var found = VersionDiff.Of(models.Load(names[0], cancel), models.Load(names[1], cancel));
            if (asJson) Write(found);
            else PrintDiff(found);
        });
    }

    private static void Promote(ModelFolder models, string[] names, CancellationToken cancel)
    {
        var version = names[0];
        models.Check(version, cancel);
        if (models.Promotions.Current == version)
        {
            Terminal.Answer.WriteLine($"{version} is served already.");
            return;
        }
        if (models.Manifest(version).Gate is { Passes: false } gate) Errors.Console.WriteLine($"The gate did not let it pass: {gate.Reason} It is served because you say so.");
        models.Promotions.Promote(version, Promotions.ByHand, TimeProvider.System.GetUtcNow());
        Terminal.Answer.WriteLine($"{version} is served now. 'graphrec models rollback' goes back.");
    }

    private static Row RowOf(ModelFolder models, string version)
    {
        try
        {
            var manifest = models.Manifest(version);
            var part = manifest.Part(ModelPart.Collaborative);
            return new Row(version, StateOf(models, manifest), part.Kind, part.Metrics.TryGetValue(PromotionGate.Metric, out var ndcg) ? ndcg : null, manifest.Engagements, manifest.Through, manifest.TrainedAt, null);
        }
        catch (InvalidInputException e)
        {
            return new Row(version, "damaged", null, null, null, null, null, e.Message);
        }
    }

    private static string StateOf(ModelFolder models, ModelManifest manifest)
    {
        var served = models.Promotions.Served;
        var place = Enumerable.Range(0, served.Count).FirstOrDefault(n => served[n] == manifest.Version, -1);
        return place switch
        {
            0 when models.Promotions.Current == manifest.Version => "current",
            >= 0 => $"{Math.Max(1, place)} before",
            _ => models.Promotions.History.Any(change => change.Version == manifest.Version) ? "rolled back" : "candidate",
        };
    }

    private static string? ProblemOf(ModelFolder models, string version, CancellationToken cancel)
    {
        try
        {
            models.Check(version, cancel);
            return null;
        }
        catch (InvalidInputException e)
        {
            return e.Message;
        }
    }

    private static void PrintList(ModelFolder models, IReadOnlyList<Row> rows, IReadOnlyList<Promotion> history)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("Version").AddColumn("State").AddColumn(new TableColumn("Test N@20").RightAligned())
            .AddColumn(new TableColumn("Engagements").RightAligned()).AddColumn("Data through");
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Version), row.State, row.Ndcg is { } ndcg ? Text($"{ndcg:0.0000}") : "", row.Engagements is { } count ? Text($"{count:N0}") : "",
                row.Through is { } through ? Text($"{through:yyyy-MM-dd}") : "");
        }
        if (rows.Count == 0) Terminal.Answer.WriteLine("There are no trained versions yet; 'graphrec train' makes one.");
        else Terminal.Answer.Write(table);
        foreach (var row in rows.Where(row => row.Problem is not null)) Terminal.Answer.WriteLine(row.Problem!);
        if (rows.Count > 0 && models.Promotions.Current is null) Terminal.Answer.WriteLine("None of them is served.");
        foreach (var change in history) Terminal.Answer.WriteLine(Text($"{change.At:yyyy-MM-dd HH:mm:ss} {change.How}: {change.Version}"));
    }

    private static void PrintVersion(ModelFolder models, ModelManifest manifest, string? problem)
    {
        var answer = Terminal.Answer;
        answer.WriteLine(Text($"{manifest.Version}: {StateOf(models, manifest)}; trained {manifest.TrainedAt:yyyy-MM-dd HH:mm} UTC by GraphRec {manifest.GraphRec}{(manifest.Commit is { } commit ? $" ({commit})" : "")}, seed {manifest.Seed}"));
        answer.WriteLine(Text($"Data: {manifest.Engagements:N0} engagements{(manifest.Through is { } through ? Text($" until {through:yyyy-MM-dd}") : "")}, XXH3 {manifest.DataHash}; from {manifest.Cut:yyyy-MM-dd} on they were the test."));
        var parts = new Table().Border(TableBorder.Simple).AddColumn("Part").AddColumn("Kind").AddColumn("File").AddColumn(new TableColumn("Bytes").RightAligned()).AddColumn("Parameters");
        foreach (var part in manifest.Parts)
            parts.AddRow(part.Name, Markup.Escape(part.Kind), Markup.Escape(part.File), part.Bytes is { } bytes ? Text($"{bytes:N0}") : "", Markup.Escape(TrainCommand.Text(part.Parameters)));
        answer.Write(parts);
        answer.Write(TrainCommand.TableOf(manifest));
        if (manifest.Gate is { } gate)
        {
            answer.WriteLine($"Gate: {gate.Outcome}. {gate.Reason}");
            foreach (var found in gate.Comparisons)
                answer.WriteLine(Text($"  against {found.Against}: {found.Verdict}, {found.Difference:+0.0000;-0.0000;0.0000}, 95 % interval {found.Low:+0.0000;-0.0000;0.0000} to {found.High:+0.0000;-0.0000;0.0000}, p = {found.P:0.####}, {found.Viewers} viewers"));
            foreach (var left in gate.NotCompared) answer.WriteLine($"  not compared with {left.Name}: {left.Reason}");
        }
        if (manifest.Ranker is { } ranker) answer.WriteLine($"Ranker: {(ranker.Included ? ranker.Kind : "linear")}. {ranker.Reason}");
        answer.WriteLine(problem ?? "Its files are whole.");
    }

    private static void PrintDiff(VersionDiff found)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(Markup.Escape(found.First)).AddColumn(Markup.Escape(found.Second));
        foreach (var said in found.Differences) table.AddRow(Markup.Escape(said.What), Markup.Escape(said.First ?? ""), Markup.Escape(said.Second ?? ""));
        Terminal.Answer.Write(table);
        Terminal.Answer.WriteLine(Text($"Dramas that only one knows: {found.OnlyFirst.Count} and {found.OnlySecond.Count}. Of the {VersionDiff.Top} dramas that a drama speaks for most, {100 * found.Overlap:0.0} % are the same."));
        if (!found.SameHoldOut) Terminal.Answer.WriteLine("They were measured on different hold-outs: their metrics say nothing of which is better. The gate of the newer one compared both on one ('graphrec models show').");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Write<T>(T value) => Terminal.Answer.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(value, Json));

    private static Command Create(string name, string description, Argument<string>[] versions, Action<ModelFolder, string[], CancellationToken> action) =>
        Create(name, description, versions, null, (models, names, _, cancel) => action(models, names, cancel));

    private static Command Create(string name, string description, Argument<string>[] versions, Option<bool>? json, Action<ModelFolder, string[], bool, CancellationToken> action)
    {
        var data = new StoreOptions().Data;
        var command = new Command(name, description);
        foreach (var version in versions) command.Add(version);
        if (json is not null) command.Add(json);
        command.Add(data);
        command.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                var models = new ModelFolder(parsed.GetRequiredValue(data));
                string[] names = [.. versions.Select(parsed.GetRequiredValue).Select(given => given == "current" ? CurrentOf(models) : given)];
                action(models, names, json is not null && parsed.GetValue(json), cancel);
                return Errors.Ok;
            },
            cancel));
        return command;
    }

    private static string CurrentOf(ModelFolder models) => models.Promotions.Current ?? throw new InvalidInputException(
        ErrorCodes.NotFound, "No version is served; 'graphrec models list' shows those that are there, 'graphrec train' makes one.");

    private sealed record Row(string Version, string State, string? Kind, double? Ndcg, int? Engagements, DateTimeOffset? Through, DateTimeOffset? TrainedAt, string? Problem);
}
