using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
using GraphRec.Recommend.Sources;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>Trained models of a data directory: made by <c>graphrec train</c>, read by whatever recommends.</summary>
public static class Training
{
    /// <summary>What is compared unless something else is said.</summary>
    public const string UsualModels = "itemknn,rp3beta,slim,ease";

    /// <summary>Dramas in each list that is served: with more, every request reads more.</summary>
    private const int ListLength = 100;

    /// <summary>Trains on the event log of a data directory, and makes the version the current one.</summary>
    /// <exception cref="InvalidInputException">There is too little to learn from; the message says what to change.</exception>
    public static async Task<(ModelManifest Manifest, string Folder)> RunAsync(string data, GraphExport catalogue, TrainingPlan plan, CancellationToken cancel)
    {
        string[] dramas = [.. catalogue.Dramas.Select(drama => drama.Id)];
        var events = await EventsAsync(data, cancel);
        var (split, all) = (TemporalSplit.Of(dramas, events), EventLogInteractions.Of(dramas, events));
        var trained = await Seeding.Bars().StartAsync(async bars =>
        {
            var bar = bars.AddTask("collaborative model", maxValue: (plan.Models.Count + 1) * plan.Trials);
            var done = new Dictionary<string, int>(StringComparer.Ordinal);
            var progress = new Direct<LaboratoryProgress>(p =>
            {
                done[p.Model] = p.Trials;
                bar.Value = done.Values.Sum();
                bar.Description = Markup.Escape($"{p.Model}: {p.Stage}");
            });
            return await Task.Run(() => Trainer.Run(split, all, plan, TimeProvider.System, progress, cancel), cancel);
        });
        return (trained.Manifest, new ModelFolder(data).Write(trained.Manifest, trained.Model));
    }

    /// <summary>What the current version serves from; null while none was trained.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static TrainedLists? Current(string data, CancellationToken cancel) =>
        new ModelFolder(data).Current() is not var (manifest, model) ? null
            : new TrainedLists(manifest.Version, manifest.Dramas, ItemLists.Of(model, ListLength, Environment.ProcessorCount, cancel));

    private static async Task<List<ViewerEvent>> EventsAsync(string data, CancellationToken cancel)
    {
        await using var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true }, cancel);
        var events = new List<ViewerEvent>();
        await foreach (var logged in store.Events.ReadAsync(0, cancel)) events.Add(logged.Event);
        return [.. events.OrderBy(e => e.At)];
    }
}
