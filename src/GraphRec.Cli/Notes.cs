namespace GraphRec.Cli;

/// <summary>What <c>--help</c> says below the options of each command. Lines fit 100 columns.</summary>
internal static class Notes
{
    public const string Root =
        """
        A first start:
          graphrec serve                     fills ./data with the catalogue that comes with GraphRec and
                                             simulated viewers, then answers on http://localhost:5080
          graphrec recommend simulated-0001  prints the home page of one of them

        Your own data:
          graphrec import FOLDER             the formats are in docs/data.md

        'graphrec COMMAND --help' shows the options, examples and exit codes of a command.

        """;

    public static string Of(string command) => command switch
    {
        "serve" => Serve,
        "import" => Import,
        "simulate" => Simulate,
        "recommend" => Recommend,
        "explain" => Explain,
        "doctor" => Doctor,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command without notes."),
    };

    private const string Serve =
        """
        What answers:
          /               a page to look at       /graphql       GraphQL, over POST and GET
          /health/ready   200 when it answers     /health/live   200 while the process lives
          /metrics        for Prometheus          (logs: JSON lines on standard output)

        Filling an empty data directory takes well under a minute. Stopped or killed meanwhile, the next
        start finishes it. One process at a time may write to a data directory; recommend, explain and
        doctor read it while a server runs.

        Examples:
          graphrec serve
          graphrec serve --data /srv/graphrec --urls http://0.0.0.0:8080

        Exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 wrong argument or address, 5 the data cannot be used,
        130 stopped while filling.

        """;

    private const string Import =
        """
        Stopped in the middle, the same command goes on where it stopped; run again after it finished, it
        changes nothing. The formats are in docs/data.md; seed/tiny is a small complete example.

        Examples:
          graphrec import seed/tiny --data /tmp/tiny
          graphrec import events.csv
          graphrec import ml-latest-small --data /tmp/movies

        Exit codes: 0 all imported, 1 wrong argument, 2 bad lines were left out and named, 3 --strict stopped
        at a bad line, 5 a file or the data cannot be used, 130 stopped.

        """;

    private const string Simulate =
        """
        The ids of simulated viewers start with 'simulated-', so that no place that shows one can hide it.
        The same options and catalogue give the same events: run again, nothing is recorded twice.

        Examples:
          graphrec import my-catalogue && graphrec simulate
          graphrec simulate --viewers 200 --events 10000 --until 2024-10-01

        Exit codes: 0 recorded, 1 wrong argument or no dramas, 5 the data cannot be used, 130 stopped.

        """;

    private const string Recommend =
        """
        Examples:
          graphrec recommend simulated-0001
          graphrec recommend simulated-0001 --rows 2 --items 3 --paths
          graphrec recommend somebody-new --region JP

        Exit codes: 0 printed, 1 wrong argument or no data yet, 5 the data cannot be used.

        """;

    private const string Explain =
        """
        Examples:
          graphrec explain simulated-0001 goblin-2016

        Exit codes: 0 printed, 1 wrong argument, no such drama or no data yet, 5 the data cannot be used.

        """;

    private const string Doctor =
        """
        It reads and never changes anything, also while a server runs.

        Exit codes: 0 nothing is wrong (people of one name are a hint only), 1 wrong argument or no data yet,
        4 an issue was found, 5 the data cannot be used.

        """;
}
