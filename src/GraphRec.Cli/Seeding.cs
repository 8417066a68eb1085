using System.Globalization;
using GraphRec.Core;
using GraphRec.Learning.Simulation;
using GraphRec.Storage.Files;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>Fills a graph: real catalogue facts from <c>seed/</c>, and simulated viewers.</summary>
public static class Seeding
{
    private const int BatchSize = 5000;

    /// <summary>The catalogue that comes with the product.</summary>
    public static string CatalogFolder => Path.Combine(AppContext.BaseDirectory, "seed", "catalog");

    /// <summary>Under this name the store remembers how far filling came.</summary>
    public const string Marker = "seed";

    /// <summary>
    /// Fills the store with the catalogue and simulated viewers. The end of the simulated time is kept before anything is
    /// written, so that a filling that was killed is finished as it was begun.
    /// </summary>
    public static async Task FillAsync(Stores store, DateTimeOffset until, CancellationToken cancel)
    {
        var begun = await store.Checkpoints.FindAsync(Marker, cancel);
        if (begun is null)
        {
            begun = new ImportCheckpoint(Marker, until.ToString("O", CultureInfo.InvariantCulture), 0, false, 0, 0);
            await store.Checkpoints.SaveAsync(begun, cancel);
            Errors.Console.WriteLine($"The {store.Place} is empty: filling it with a catalogue of real dramas and with simulated viewers.");
        }
        else
        {
            Errors.Console.WriteLine($"Filling the {store.Place} was interrupted: going on.");
        }
        var report = await ImportAsync(store, new ImportRequest(CatalogFolder), cancel);
        var options = new SimulationOptions { Until = DateTimeOffset.Parse(begun.Fingerprint, CultureInfo.InvariantCulture) };
        var events = await SimulateAsync(store, options, cancel);
        await store.Checkpoints.SaveAsync(begun with { Complete = true, Accepted = report.Accepted + events, Rejected = report.Rejected }, cancel);
    }

    /// <summary>Imports files and shows a progress bar per file.</summary>
    public static Task<ImportReport> ImportAsync(Stores store, ImportRequest request, CancellationToken cancel) =>
        Bars().StartAsync(async bars =>
        {
            var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
            var progress = new Direct<ImportProgress>(p =>
            {
                if (!tasks.TryGetValue(p.File, out var task)) tasks.Add(p.File, task = bars.AddTask(Markup.Escape(p.File), maxValue: Math.Max(1, p.Lines)));
                task.MaxValue = Math.Max(1, p.Lines);
                task.Value = p.Line;
            });
            var stores = new ImportStores(store.Catalog, store.Events, store.Graph, store.Checkpoints);
            return await new Importer(TimeProvider.System).RunAsync(request, stores, progress, cancel);
        });

    /// <summary>
    /// Simulates viewers of what the store holds and records their events. The same options give the same events, so
    /// that a run that was stopped is finished by the next.
    /// </summary>
    /// <exception cref="InvalidInputException">This seed was used with other options, or there is nothing to watch.</exception>
    public static async Task<int> SimulateAsync(Stores store, SimulationOptions options, CancellationToken cancel)
    {
        var export = await store.Export.ReadAsync(cancel);
        if (export.Dramas.Count == 0)
            throw new InvalidInputException(ErrorCodes.NotFound, "There are no dramas to watch yet: import a catalogue first.");
        var simulator = new ViewerSimulator(new CatalogBatch(export.Dramas, export.People, export.Credits), options);
        await ClaimAsync(store, options, export.Version.CatalogRevision, cancel);
        return await Bars().StartAsync(async bars =>
        {
            var living = bars.AddTask("simulated viewers", maxValue: options.Viewers);
            var events = await Task.Run(() => simulator.Run(new Direct<int>(done => living.Value = Math.Max(living.Value, done)), cancel), cancel);
            living.Value = options.Viewers;
            var writing = bars.AddTask("their events", maxValue: Math.Max(1, events.Count));
            var recorded = 0;
            foreach (var batch in events.Chunk(BatchSize))
            {
                var appended = await store.Events.AppendAsync(batch, cancel);
                await store.Graph.ApplyAsync(appended, cancel);
                recorded += appended.Count;
                writing.Increment(batch.Length);
            }
            return recorded;
        });
    }

    /// <summary>
    /// Event ids are numbers within a seed. With other options they would stand for other events, and those whose number
    /// is taken would be dropped as duplicates: half of one simulation and half of another.
    /// </summary>
    private static async Task ClaimAsync(Stores store, SimulationOptions options, long catalogue, CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"simulation {options.Seed}");
        var made = string.Create(CultureInfo.InvariantCulture,
            $"--viewers {options.Viewers} --events {options.TargetEvents} --months {options.Months} --until {options.Until:yyyy-MM-dd}, catalogue {catalogue}");
        if (await store.Checkpoints.FindAsync(name, cancel) is { } earlier)
        {
            if (earlier.Fingerprint == made) return;
            throw new InvalidInputException(ErrorCodes.BadUserInput,
                $"--seed {options.Seed} was used here with {earlier.Fingerprint}, and now it is {made}. The same options finish what was begun; another --seed adds other events.");
        }
        await store.Checkpoints.SaveAsync(new ImportCheckpoint(name, made, 0, true, 0, 0), cancel);
    }

    /// <summary>Bars for long work.</summary>
    internal static Progress Bars() => Errors.Console.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn());
}
