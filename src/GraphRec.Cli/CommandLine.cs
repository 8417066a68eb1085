using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using GraphRec.Cli.Commands;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>The commands, what <c>--help</c> says beyond their options, and what is said of a wrong command line.</summary>
public static class CommandLine
{
    /// <summary>How long a command that was told to stop may take; <c>serve</c> answers what it has begun.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs. Errors in the command line are told on standard error, each with what is allowed.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var root = Create();
        var parsed = root.Parse(args.Count == 0 ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var message in Complaints(parsed).Distinct()) Errors.Say(message);
            Errors.Console.WriteLine($"'{Name(parsed.CommandResult.Command)} --help' tells more.");
            return Errors.BadInput;
        }
        var exit = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopWithin });
        return args.Count == 0 ? Errors.BadInput : exit;
    }

    private static RootCommand Create()
    {
        var root = new RootCommand("GraphRec recommends dramas from a graph, and gives a reason for each that can be checked.")
        {
            ServeCommand.Create(),
            ImportCommand.Create(),
            SimulateCommand.Create(),
            RecommendCommand.Create(),
            ExplainCommand.Create(),
            DoctorCommand.Create(),
            DeriveCommand.Create(),
            SchemaCommand.Create(),
            CopyCommand.Create(),
            EvaluateCommand.Create(),
            CompareCommand.Create(),
            TrainCommand.Create(),
            ModelsCommand.Create(),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Description = "Show this help.";
        help.Action = new HelpWithNotes((HelpAction)help.Action!);
        root.Options.OfType<VersionOption>().Single().Description = "Show the version.";
        return root;
    }

    private static IEnumerable<string> Complaints(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var token in parsed.UnmatchedTokens)
        {
            yield return command.Subcommands.Count > 0 && !token.StartsWith('-')
                ? $"There is no command '{token}'. The commands are {string.Join(", ", command.Subcommands.Select(c => c.Name))}."
                : $"{Name(command)} does not take '{token}'. It takes {Takes(command)}.";
        }
        foreach (var error in parsed.Errors)
        {
            if (parsed.UnmatchedTokens.Any(t => error.Message.Contains($"'{t}'", StringComparison.Ordinal))) continue;
            if (error.SymbolResult is CommandResult { Command.Subcommands.Count: > 0 }) continue;
            yield return error.SymbolResult switch
            {
                ArgumentResult { Tokens.Count: 0, Argument: var missing, Parent: CommandResult } => $"{missing.Name} is missing: {missing.Description}",
                ArgumentResult { Tokens.Count: 0, Parent: OptionResult { Option: var option } } => $"{option.Name} needs a value: {option.Description}",
                OptionResult { Tokens.Count: 0, Option: var option } => $"{option.Name} needs a value: {option.Description}",
                _ => error.Message,
            };
        }
        if (parsed.UnmatchedTokens.Count == 0 && command.Subcommands.Count > 0)
            yield return $"A command is missing: one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}.";
    }

    private static string Takes(Command command) =>
        string.Join(", ", command.Arguments.Select(a => a.Name).Concat(command.Options.Select(o => o.Name)));

    private static string Name(Command command) =>
        command is RootCommand ? "graphrec" : $"{Name(command.Parents.OfType<Command>().First())} {command.Name}";

    /// <summary>The usual help, and below it what options cannot tell: examples and exit codes.</summary>
    private sealed class HelpWithNotes(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exit = usual.Invoke(parseResult);
            var notes = parseResult.CommandResult.Command switch
            {
                RootCommand => Notes.Root,
                var command => Notes.Of(Name(command)["graphrec ".Length..]),
            };
            parseResult.InvocationConfiguration.Output.WriteLine(notes);
            return exit;
        }
    }
}
