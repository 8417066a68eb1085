using System.CommandLine;
using System.Globalization;
using GraphRec.Core;
using GraphRec.Learning.Models;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
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
        var seed = Options.Number("--seed", "For every random choice; the same seed and events give the same model.", 1, 0, int.MaxValue);
        var threads = Options.Number("--threads", "How many threads; changes times, not the model.", Environment.ProcessorCount, 1, 1024);
        var stores = new StoreOptions();
        var command = new Command("train", "Train a collaborative model on what viewers did; a server of the same data directory uses it within seconds.") { models, trials, seed, threads };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var settings = stores.Read(parsed);
            var plan = new TrainingPlan(ModelItems.Parse(parsed.GetRequiredValue(models)))
            {
                Trials = parsed.GetValue(trials), Seed = parsed.GetValue(seed), Threads = parsed.GetValue(threads),
            };
            if (settings.Graph is null) await using (await Workbench.OpenToReadAsync(settings.Data, cancel)) { }
            var catalogue = await Workbench.ReadAsync(settings, cancel);
            await using var log = await EmbeddedStore.OpenAsync(settings.Data, new EmbeddedOptions { ReadOnly = true }, cancel);
            var (manifest, folder) = await Training.RunAsync(settings.Data, log.Events, catalogue, plan, cancel);
            Print(manifest, folder);
            return Errors.Ok;
        });
        return command;
    }

    private static void Print(ModelManifest manifest, string folder)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("Model");
        string[] heads = [$"Validation N@{Trainer.K}", $"Test N@{Trainer.K}", $"Test R@{Trainer.K}"];
        foreach (var head in heads) table.AddColumn(new TableColumn(head).RightAligned().NoWrap());
        table.AddColumn("Parameters");
        foreach (var model in manifest.Compared)
        {
            table.AddRow(
                Markup.Escape(model.Name), Four(model.Validation), Four(model.Ndcg), Four(model.Recall),
                Markup.Escape(string.Join(' ', model.Parameters.Select(p => $"{p.Key}={p.Value.ToString("G4", CultureInfo.InvariantCulture)}"))));
        }
        Terminal.Answer.Write(table);
        Terminal.Answer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{manifest.Version}: {manifest.Kind}, chosen by validation, fitted on all {manifest.Engagements:N0} engagements. Engagements from {manifest.Cut:yyyy-MM-dd} on were the test."));
        Terminal.Answer.WriteLine($"Written to {folder}; a server of this data directory uses it, also one that runs already.");
    }

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
