using System.CommandLine;
using System.Globalization;
using GraphRec.Core;
using GraphRec.Learning.Simulation;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec simulate</c>: simulated viewers for a catalogue.</summary>
public static class SimulateCommand
{
    public static Command Create()
    {
        var defaults = new SimulationOptions();
        var viewers = Options.Number("--viewers", "How many simulated viewers.", defaults.Viewers, 1, 1_000_000);
        var events = Options.Number("--events", "About how many events they make: 4 to 1000 for each viewer.", defaults.TargetEvents, 1, 1_000_000_000);
        var months = Options.Number("--months", "Over how many months.", defaults.Months, 1, 120);
        var seed = Options.Number("--seed", "The same seed and options give the same events.", defaults.Seed, 0, int.MaxValue);
        var (stores, until) = (new StoreOptions(), Options.Until());
        var command = new Command("simulate", "Invent viewers of the catalogue and record what they do.") { viewers, events, months, seed, until };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var options = defaults with
            {
                Viewers = parsed.GetValue(viewers),
                TargetEvents = parsed.GetValue(events),
                Months = parsed.GetValue(months),
                Seed = parsed.GetValue(seed),
                Until = Options.UntilOf(parsed.GetValue(until)),
            };
            CheckEvents(options);
            options.Validate();
            var settings = stores.Read(parsed);
            if (settings.Graph is null) await using (await Workbench.OpenToReadAsync(settings.Data, cancel)) { }
            await using var store = await Stores.OpenAsync(settings, TimeSpan.Zero, null, cancel);
            await store.CatchUpAsync(cancel);
            var recorded = await Seeding.SimulateAsync(store, options, cancel);
            Terminal.Answer.Profile.Out.Writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{recorded:N0} simulated events recorded{(recorded == 0 ? "; they were there before." : ".")}"));
            return Errors.Ok;
        });
        return command;
    }

    private static void CheckEvents(SimulationOptions options)
    {
        var active = options.Viewers - options.ColdViewers;
        var least = ((long)active * SimulationOptions.MinEventsOfActiveViewer) + (3L * options.ColdViewers);
        var most = (long)active * SimulationOptions.MaxEventsPerViewer;
        if (options.TargetEvents >= least && options.TargetEvents <= most) return;
        throw new InvalidInputException(ErrorCodes.BadUserInput, string.Create(CultureInfo.InvariantCulture,
            $"--events must be from {least} to {most} for --viewers {options.Viewers}, but is {options.TargetEvents}."));
    }
}
