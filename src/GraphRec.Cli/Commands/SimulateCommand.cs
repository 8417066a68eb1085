using System.CommandLine;
using System.Globalization;
using GraphRec.Learning.Simulation;
using GraphRec.Storage.Embedded;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec simulate</c>: simulated viewers for a catalogue.</summary>
public static class SimulateCommand
{
    public static Command Create()
    {
        var defaults = new SimulationOptions();
        var viewers = new Option<int>("--viewers") { Description = "How many simulated viewers.", DefaultValueFactory = _ => defaults.Viewers };
        var events = new Option<int>("--events") { Description = "About how many events they make.", DefaultValueFactory = _ => defaults.TargetEvents };
        var months = new Option<int>("--months") { Description = "Over how many months.", DefaultValueFactory = _ => defaults.Months };
        var seed = new Option<int>("--seed") { Description = "The same seed and options give the same events.", DefaultValueFactory = _ => defaults.Seed };
        var (data, until) = (Workbench.DataOption(), UntilOption());
        var command = new Command("simulate", "Invent viewers of the catalogue and record what they do. Their ids start with 'simulated-', wherever they are shown.")
            { viewers, events, months, seed, until, data };
        command.SetAction((parsed, cancel) => Errors.GuardAsync(async () =>
        {
            var options = defaults with
            {
                Viewers = parsed.GetValue(viewers),
                TargetEvents = parsed.GetValue(events),
                Months = parsed.GetValue(months),
                Seed = parsed.GetValue(seed),
                Until = UntilOf(parsed.GetValue(until)),
            };
            options.Validate();
            await using var store = await EmbeddedStore.OpenAsync(parsed.GetValue(data)!, null, cancel);
            var recorded = await Seeding.SimulateAsync(store, options, cancel);
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recorded:N0} simulated events recorded."));
            return Errors.Ok;
        }));
        return command;
    }

    /// <summary><c>--until DATE</c>: when the simulated behaviour ends.</summary>
    public static Option<DateOnly?> UntilOption() => new("--until")
    {
        Description = "The simulated behaviour ends at the start of this day, UTC; default: today.",
        HelpName = "YYYY-MM-DD",
    };

    /// <summary>The day as a time; today where none is given, so that there is something this week to be trending.</summary>
    public static DateTimeOffset UntilOf(DateOnly? day) =>
        new((day ?? DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
