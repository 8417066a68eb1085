using System.CommandLine;
using GraphRec.Cli;
using GraphRec.Cli.Commands;

var root = new RootCommand(
    """
    GraphRec recommends dramas from a graph, and gives a reason for each that can be checked.

    A first start:  graphrec serve            (fills ./data from the catalogue that comes with it, then answers on
                                               http://localhost:5080/graphql)
    Your own data:  graphrec import FOLDER    (formats: docs/data.md)
    """)
{
    ServeCommand.Create(),
    ImportCommand.Create(),
    SimulateCommand.Create(),
    RecommendCommand.Create(),
    ExplainCommand.Create(),
    DoctorCommand.Create(),
};
return await Errors.GuardAsync(() => root.Parse(args).InvokeAsync());
