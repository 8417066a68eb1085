using System.CommandLine;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec schema apply</c> and <c>graphrec schema show</c>: the constraints and indexes of Neo4j.</summary>
public static class SchemaCommand
{
    public static Command Create() => new("schema", "The constraints and indexes of the graph in Neo4j.")
    {
        Create("apply", "Apply the constraints and indexes that are missing.", async (options, cancel) =>
        {
            var before = await Neo4jSchemaState.ApplyAsync(options, cancel);
            Terminal.Answer.WriteLine(before.Applied == before.Current
                ? $"Neo4j {before.Server} at {options} has schema version {before.Current} already; what had been dropped of it is there again."
                : $"Neo4j {before.Server} at {options} has schema version {before.Current} now; it had {(before.Applied == 0 ? "none" : before.Applied)}.");
        }),
        Create("show", "Print the constraints and indexes as Cypher, and which version is applied.", async (options, cancel) =>
        {
            var state = await Neo4jSchemaState.ReadAsync(options, cancel);
            var writer = Terminal.Answer.Profile.Out.Writer;
            writer.WriteLine($"// Neo4j {state.Server} at {options}: schema version {state.Applied} of {state.Current} is applied");
            foreach (var statement in state.Statements) writer.WriteLine($"{statement};");
        }),
    };

    private static Command Create(string name, string description, Func<Neo4jOptions, CancellationToken, Task> action)
    {
        var stores = new StoreOptions();
        var command = new Command(name, description);
        stores.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var graph = stores.Read(parsed).Graph ?? throw new InvalidInputException(ErrorCodes.BadUserInput,
                "Say which Neo4j, with --graph URL or the setting GraphRec:Graph:Uri, such as http://localhost:7474. (A data directory brings its own schema up to date.)");
            await action(graph, cancel);
            return Errors.Ok;
        });
        return command;
    }
}
