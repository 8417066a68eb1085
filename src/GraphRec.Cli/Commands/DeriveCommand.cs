using System.CommandLine;
using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Storage.Neo4j;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec derive</c>: writes the derived edges into Neo4j.</summary>
public static class DeriveCommand
{
    public static Command Create()
    {
        var (stores, recipe) = (new StoreOptions(), Options.Recipe());
        var command = new Command("derive", "Write CO_WATCHED and WALKS_TO, which follow from what viewers did, into Neo4j.") { recipe };
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var tuned = Workbench.RecipeOf(parsed.GetValue(recipe));
            var options = stores.Read(parsed).Graph ?? throw new InvalidInputException(ErrorCodes.BadUserInput,
                "Say which Neo4j, with --graph URL or the setting GraphRec:Graph:Uri, such as http://localhost:7474. (Without Neo4j nothing is derived on disk: a server computes it when it starts.)");
            await using var store = await Neo4jStore.OpenAsync(options, cancel);
            var snapshot = new GraphSnapshot(Workbench.Filled(await store.Export.ReadAsync(cancel), options), cancel: cancel);
            await Seeding.Bars().StartAsync(async bars =>
            {
                var task = bars.AddTask("derived edges", maxValue: Math.Max(1, snapshot.Dramas.Length));
                await store.Derived.WriteAsync(snapshot, tuned.MinCoWatchers, new Direct<DerivedProgress>(p => task.Value = p.Done), cancel);
                task.Value = task.MaxValue;
            });
            Terminal.Answer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The derived edges of {snapshot.Dramas.Length:N0} dramas are those of graph version {snapshot.Version}."));
            return Errors.Ok;
        });
        return command;
    }
}
