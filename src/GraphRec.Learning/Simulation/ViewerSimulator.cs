using System.Globalization;
using GraphRec.Core;

namespace GraphRec.Learning.Simulation;

/// <summary>
/// Invents what viewers of a catalogue do, for trying GraphRec out and for testing what learns from behaviour. The
/// viewers are simulated: the dramas and their facts are the catalogue's, every event is made up. docs/simulation.md
/// says how, and how far the result can be learned.
/// </summary>
public sealed class ViewerSimulator
{
    private readonly DramaWorld _world;
    private readonly SurgeCalendar _surges;
    private readonly SimulationOptions _options;

    /// <summary>Prepares a simulation of viewers. The order of the records in the catalogue does not matter.</summary>
    /// <exception cref="InvalidInputException">An option is out of range, or no drama can be watched in the period.</exception>
    public ViewerSimulator(CatalogBatch catalogue, SimulationOptions options)
    {
        options.Validate();
        _options = options;
        _world = DramaWorld.Create(catalogue, options);
        _surges = new SurgeCalendar(_world, options.Seed);
    }

    /// <summary>
    /// Simulates all viewers: their events in order of time, then of viewer. Event n (from 1) has the id
    /// <c>sim-{seed}-{n}</c>; times are UTC, in whole seconds.
    /// </summary>
    /// <param name="progress">Told how many simulated viewers are done, from several threads and not always in order.</param>
    /// <param name="cancel">Stops the simulation between two viewers.</param>
    public IReadOnlyList<ViewerEvent> Run(IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var budgets = EventBudgets.Deal(_options);
        var lives = new List<EventDraft>[_options.Viewers];
        var done = 0;
        var parallel = new ParallelOptions
        {
            CancellationToken = cancel,
            MaxDegreeOfParallelism = _options.Threads == 0 ? -1 : _options.Threads,
        };
        Parallel.For(0, lives.Length, parallel, () => new ViewerWorkspace(_world), (viewer, _, space) =>
        {
            var random = new SimulationRandom(_options.Seed, viewer);
            var profile = ViewerProfile.Draw(UserId(viewer), budgets[viewer], _world.Days, random);
            lives[viewer] = ViewerLife.Live(_world, _surges, profile, random, space);
            progress?.Report(Interlocked.Increment(ref done));
            return space;
        }, _ => { });
        return Merge(lives, cancel);
    }

    private static string UserId(int viewer) => string.Create(CultureInfo.InvariantCulture, $"{Viewers.SimulatedPrefix}{viewer + 1:D4}");

    private ViewerEvent[] Merge(List<EventDraft>[] lives, CancellationToken cancel)
    {
        var order = new (long Ticks, int Viewer, int Nth)[lives.Sum(life => life.Count)];
        var at = 0;
        for (var viewer = 0; viewer < lives.Length; viewer++)
        {
            for (var nth = 0; nth < lives[viewer].Count; nth++) order[at++] = (lives[viewer][nth].At.UtcTicks, viewer, nth);
        }
        Array.Sort(order);
        cancel.ThrowIfCancellationRequested();
        var prefix = string.Create(CultureInfo.InvariantCulture, $"sim-{_options.Seed}-");
        var targets = _world.Dramas.Select(drama => NodeRef.Drama(drama.Id)).ToArray();
        var users = lives.Select((_, viewer) => UserId(viewer)).ToArray();
        var events = new ViewerEvent[order.Length];
        for (var n = 0; n < events.Length; n++)
        {
            var draft = lives[order[n].Viewer][order[n].Nth];
            var id = prefix + (n + 1).ToString(CultureInfo.InvariantCulture);
            events[n] = new ViewerEvent(id, users[order[n].Viewer], targets[draft.Drama], draft.Kind, draft.Value, draft.At)
            {
                Context = draft.Context,
            };
        }
        return events;
    }
}
