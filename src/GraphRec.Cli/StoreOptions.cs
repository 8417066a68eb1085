using System.CommandLine;

namespace GraphRec.Cli;

/// <summary><c>--data</c>, <c>--graph</c> and <c>--settings</c>: where the data is, the same in every command.</summary>
public sealed class StoreOptions
{
    public Option<string> Data { get; } = Options.Text("--data", "DIR", "The data directory.", "data");

    public Option<string?> Graph { get; } = new("--graph")
    {
        Description = "The HTTP address of Neo4j, if the graph is there. [default: the setting GraphRec:Graph:Uri]",
        HelpName = "URL",
    };

    public Option<string?> File { get; } = new("--settings")
    {
        Description = $"A JSON file with settings. [default: {Settings.FileName} in the data directory, if there is one]",
        HelpName = "FILE",
    };

    /// <summary>Adds the three to a command, behind what it has.</summary>
    public void AddTo(Command command)
    {
        command.Add(Data);
        command.Add(Graph);
        command.Add(File);
    }

    /// <inheritdoc cref="Settings.Load"/>
    public Settings Read(ParseResult parsed) => Settings.Load(parsed.GetRequiredValue(Data), parsed.GetValue(File), parsed.GetValue(Graph));
}
