using System.CommandLine;
using System.Globalization;
using GraphRec.Core;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Training;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec train</c>: the model behind the source <c>collaborative</c>.</summary>
public static class TrainCommand
{
    public static Command Create()
    {
        var linear = string.Join(", ", ModelKinds.All.Where(kind => kind.IsLinear).Select(kind => kind.Name));
        var models = Options.Text("--models", "LIST", $"What to choose from, between commas, with parameters if you like: ease:lambda=200. Of {linear}.", Training.UsualModels);
        var trials = Options.Number("--tune", "Recipes that are tried per model.", new TrainingPlan([]).Trials, 1, 10_000);
        var margin = Options.Real("--margin", "X", "From which difference in NDCG@20 on one counts. [default: half the width of its 95 % interval, at least 0.001]", 0, 1);
        var candidate = new Option<bool>("--candidate") { Description = "Do not promote the version, whatever the gate says." };
        var force = new Option<bool>("--force") { Description = "Promote the version, whatever the gate says; its manifest says so." };
        var anew = new Option<bool>("--anew") { Description = "Begin with the newest events, also where an interrupted training could go on." };
        var keep = Options.Number("--keep", "Old versions that stay: of those that were served, and of the others.", new TrainingRequest(Training.UsualModels).Keep, 1, 1000);
        var seed = Options.Number("--seed", "For every random choice; the same seed and events give the same model.", 1, 0, int.MaxValue);
        var threads = Options.Number("--threads", "How many threads; changes times, not the model. Usually all cores but one, which is left to a server.", Math.Max(1, Environment.ProcessorCount - 1), 1, 1024);
        var priority = Options.OneOf("--priority", "WORD", "Whether other processes go first", ["low", "normal"], "low");
        var ranker = Options.OneOf("--ranker", "WORD", "The ranker that is trained and, if lists as served get better by it, served", [.. RankerTrainer.Kinds, "linear"], RankerTrainer.Kinds[0]);
        var (stores, recipe) = (new StoreOptions(), Options.Recipe());
        var command = new Command("train", "Train a collaborative model and a ranker on what viewers did; if it passes the gate, a server of the same data directory uses it within seconds.")
        {
            models, trials, ranker, recipe, margin, candidate, force, anew, keep, seed, threads, priority,
        };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var settings = stores.Read(parsed);
            if (parsed.GetValue(candidate) && parsed.GetValue(force))
                throw new InvalidInputException(ErrorCodes.BadUserInput, "--candidate never promotes, and --force always does; give one of them.");
            var request = new TrainingRequest(parsed.GetRequiredValue(models))
            {
                Candidate = parsed.GetValue(candidate), Force = parsed.GetValue(force), Anew = parsed.GetValue(anew), Keep = parsed.GetValue(keep),
                Ranker = parsed.GetValue(ranker) is var kind and not "linear" ? kind : null, Recipe = Workbench.RecipeOf(parsed.GetValue(recipe)),
            };
            request = request with
            {
                Plan = request.Plan with { Trials = parsed.GetValue(trials), Seed = parsed.GetValue(seed), Threads = parsed.GetValue(threads), Margin = parsed.GetValue(margin) },
            };
            if (parsed.GetValue(priority) == "low") LowPriority.Take();
            if (settings.Graph is null) await using (await Workbench.OpenToReadAsync(settings.Data, cancel)) { }
            var catalogue = await Workbench.ReadAsync(settings, cancel);
            await using var log = await EmbeddedStore.OpenAsync(settings.Data, new EmbeddedOptions { ReadOnly = true }, cancel);
            var (manifest, folder) = await Training.RunAsync(settings.Data, log.Events, log.Impressions, catalogue, request, cancel);
            Print(manifest, folder);
            return manifest.Gate!.Outcome != "candidate" || request.Candidate ? Errors.Ok : Errors.NotPromoted;
        });
        return command;
    }

    private static void Print(ModelManifest manifest, string folder)
    {
        Terminal.Answer.Write(TableOf(manifest));
        Terminal.Answer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{manifest.Version}: {manifest.Part(ModelPart.Collaborative).Kind}, chosen by validation, fitted on all {manifest.Engagements:N0} engagements. Engagements from {manifest.Cut:yyyy-MM-dd} on were the test."));
        var gate = manifest.Gate!;
        Terminal.Answer.WriteLine(gate.Outcome switch
        {
            "promoted" => $"Promoted. {gate.Reason}",
            "forced" => $"Promoted because of --force, against the gate. {gate.Reason}",
            _ => $"Kept as a candidate. {gate.Reason} 'graphrec models promote {manifest.Version}' promotes it all the same.",
        });
        if (manifest.Ranker is { } ranker) Terminal.Answer.WriteLine($"Ranker: {(ranker.Included ? ranker.Kind : "linear")}. {ranker.Reason}");
        Terminal.Answer.WriteLine($"Written to {folder}{(gate.Outcome == "candidate" ? "" : "; a server of this data directory uses it, also one that runs already")}.");
    }

    /// <summary>What was compared.</summary>
    internal static Table TableOf(ModelManifest manifest)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("Model");
        string[] heads = [$"Validation N@{Trainer.K}", $"Test N@{Trainer.K}", $"Test R@{Trainer.K}"];
        foreach (var head in heads) table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        table.AddColumn("Parameters");
        foreach (var model in manifest.Compared)
        {
            table.AddRow(Markup.Escape(model.Name), model.Validation is { } value ? Four(value) : "", Four(model.Ndcg), Four(model.Recall), Markup.Escape(Text(model.Parameters)));
        }
        return table;
    }

    /// <summary>Parameters as people read them.</summary>
    internal static string Text(IReadOnlyDictionary<string, double> parameters) =>
        string.Join(' ', parameters.Select(p => $"{p.Key}={p.Value.ToString("G4", CultureInfo.InvariantCulture)}"));

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
