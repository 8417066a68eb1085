using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
using GraphRec.Recommend.Sources;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>Trained models of a data directory: made by <c>graphrec train</c>, read by whatever recommends.</summary>
public static class Training
{
    /// <summary>
    /// What is compared unless something else is said: what sees more than single pairs of dramas. Item-kNN and walks say what the
    /// sources coWatch and walk say already: pages of the seed and of MovieLens have an NDCG@20 of .1162 and .1883 with SLIM,
    /// .1146 and .1829 with item-kNN, which is as good alone.
    /// </summary>
    public const string UsualModels = "slim,ease";

    /// <summary>What is fitted, as it is, after the first filling: the first answer waits for it, 3 s on the seed with a load of five on two cores.</summary>
    private const string FirstModel = "slim";

    /// <summary>Trains on the event log of a data directory, and makes the version the current one.</summary>
    /// <exception cref="InvalidInputException">There is too little to learn from; the message says what to change.</exception>
    public static async Task<(ModelManifest Manifest, string Folder)> RunAsync(string data, IEventLog log, GraphExport catalogue, TrainingPlan plan, CancellationToken cancel)
    {
        string[] dramas = [.. catalogue.Dramas.Select(drama => drama.Id)];
        var events = await EventsAsync(log, cancel);
        var (split, all) = (TemporalSplit.Of(dramas, events), EventLogInteractions.Of(dramas, events));
        var trained = await Seeding.Bars().StartAsync(async bars =>
        {
            var bar = bars.AddTask("collaborative model", maxValue: Math.Max(1, (plan.Models.Count + 1) * plan.Trials));
            var done = new Dictionary<string, int>(StringComparer.Ordinal);
            var progress = new Direct<LaboratoryProgress>(p =>
            {
                done[p.Model] = p.Trials;
                bar.Value = done.Values.Sum();
                bar.Description = Markup.Escape($"collaborative model, {p.Model}: {p.Stage}");
            });
            return await Task.Run(() => Trainer.Run(split, all, plan, TimeProvider.System, progress, cancel), cancel);
        });
        return (trained.Manifest, new ModelFolder(data).Write(trained.Manifest, trained.Model));
    }

    /// <summary>What the current version serves from; null while none was trained.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static TrainedLists? Current(string data, CancellationToken cancel) =>
        new ModelFolder(data).Current() is not var (manifest, model) ? null
            : new TrainedLists(manifest.Version, manifest.Dramas, ItemLists.Of(model, ItemLists.ServedLength, Environment.ProcessorCount, cancel));

    /// <summary>Trains for the first time, on a graph that <c>serve</c> filled itself; says so, and goes on without, where that cannot be.</summary>
    public static async Task FirstAsync(string data, Stores store, CancellationToken cancel)
    {
        if (new ModelFolder(data).Exists || await store.Checkpoints.FindAsync(Seeding.Marker, cancel) is not { Complete: true }) return;
        try
        {
            var plan = new TrainingPlan(ModelItems.Parse(FirstModel)) { Trials = 0, Threads = Environment.ProcessorCount };
            await RunAsync(data, store.Events, await store.Export.ReadAsync(cancel), plan, cancel);
        }
        catch (InvalidInputException e)
        {
            Errors.Console.WriteLine($"No collaborative model was trained: {e.Message}");
        }
    }

    private static async Task<List<ViewerEvent>> EventsAsync(IEventLog log, CancellationToken cancel)
    {
        var events = new List<ViewerEvent>();
        await foreach (var logged in log.ReadAsync(0, cancel)) events.Add(logged.Event);
        return [.. events.OrderBy(e => e.At)];
    }
}
