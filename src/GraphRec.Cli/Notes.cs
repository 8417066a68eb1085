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

        With Neo4j, where curators edit and analysts ask:
          graphrec serve --graph http://localhost:7474
          graphrec copy --from embedded:data --to http://localhost:7474

        Settings, as environment variables, or as JSON in --settings FILE:
          GraphRec__Graph__Uri               the HTTP address of Neo4j, as --graph
          GraphRec__Graph__User, __Password  or GraphRec__Graph__Token; never on the command line
          GraphRec__Graph__Database          'neo4j' if not set
          GraphRec__Graph__CaFile            a PEM file of certificates to trust for https
          GraphRec__Candidates               Snapshot (usual) or Cypher

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
        "derive" => Derive,
        "schema" => Schema,
        "schema apply" => SchemaApply,
        "schema show" => SchemaShow,
        "copy" => Copy,
        "evaluate" => Evaluate,
        "compare" => Compare,
        "train" => Train,
        "models" => Models,
        "models list" or "models show" or "models diff" => ModelsRead,
        "models promote" or "models rollback" or "models remove" => ModelsChange,
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "A command without notes."),
    };

    private const string Evaluate =
        """
        Parameters are chosen on a part of training alone; the test part is measured once, at the end.
        Metrics, splits and the JSON are described in docs/evaluation.md. A trial is recorded as it ends;
        stopped, the same command with --resume goes on from there.

        Examples:
          graphrec evaluate --format lightgcn --data gowalla --quick
          graphrec evaluate --format lightgcn --data gowalla --models rp3beta,ials:factors=128 --tune 30 \
              --json run.json --html run.html
          graphrec evaluate --format movielens --data ml-100k --min-rating 4 --tune-minutes 10
          graphrec evaluate --format movielens --data ml-100k --task rating
          graphrec evaluate --format events --data data

        Exit codes: 0 measured, 1 wrong argument or data, 2 some models could not be measured and are named,
        5 the data directory cannot be used, 130 stopped.

        """;

    private const string Compare =
        """
        Two models are compared user by user: the same test users of the same split. A difference counts when
        the randomization test gives p < 0.05. Reports of other data, splits or users are refused.

        Examples:
          graphrec compare new.json old.json
          graphrec compare run.json run.json --model rp3beta --second-model ials --metric recall@20
          graphrec compare new.json old.json && cp new.json old.json

        Exit codes: 0 the first is better, 7 chance may explain the difference, 8 the second is better,
        1 wrong argument, or reports that cannot be compared.

        """;

    private const string Train =
        """
        Parameters and the kind of model are chosen on a part of training; what is chosen is measured on the
        newest fifth of the engagements, against popularity, itemknn, rp3beta, ease and the version that is
        served, and fitted on everything. It is promoted when it is not worse than any of them, and, on the
        same data, better than what is served; else kept as a candidate, with the reason. Stopped or killed,
        the same command goes on with its trials. docs/models.md tells the whole.

        Examples:
          graphrec train
          graphrec train --models slim,ease,rp3beta --tune 30 --margin 0.002
          graphrec train --candidate && graphrec models list
          graphrec train --threads 1 --data /srv/graphrec

        Exit codes: 0 promoted, or a candidate because of --candidate; 9 kept as a candidate by the gate,
        1 wrong argument, too little data or memory, 5 the data cannot be used, 130 stopped.

        """;

    private const string Models =
        """
        Examples:
          graphrec models list
          graphrec models show current
          graphrec models rollback

        'graphrec models COMMAND --help' shows the options and exit codes of a command.

        """;

    private const string ModelsRead =
        """
        Changes nothing, also while a server runs.

        Examples:
          graphrec models list --json
          graphrec models show current
          graphrec models diff 20260301-040000-slim current

        Exit codes: 0 printed, 1 wrong argument, no such version, or one that cannot be read.

        """;

    private const string ModelsChange =
        """
        A version is checked before it is served: one that is damaged is refused, and rollback passes it
        over. A running server takes the change up within seconds, without a restart or a failed request.

        Examples:
          graphrec models promote 20260301-040000-slim
          graphrec models rollback
          graphrec models remove 20260301-040000-slim

        Exit codes: 0 done, 1 wrong argument, no such version, or one that cannot be served or removed.

        """;

    private const string Derive =
        """
        Writes (:Drama)-[:WALKS_TO {score, version}]->(:Drama) and [:CO_WATCHED {count, score, version}]
        into Neo4j, at most 100 of each from a drama: to look at in Neo4j Browser, and for
        GraphRec__Candidates=Cypher. CO_WATCHED is written from 5 viewers on (minCoWatchers of the recipe).
        Stopped, it goes on where it was. A server with GraphRec__Candidates=Cypher does this by itself.

        Example:
          graphrec derive --graph http://localhost:7474

        Exit codes: 0 written, 1 wrong argument or no data yet, 5 Neo4j cannot be used, 130 stopped.

        """;

    private const string Serve =
        """
        What answers:
          /               a page to look at       /graphql       GraphQL, over POST and GET
          /health/ready   200 when it answers     /health/live   200 while the process lives
          /metrics        for Prometheus          (logs: JSON lines on standard output)

        Filling an empty data directory takes well under a minute. Stopped or killed meanwhile, the next
        start finishes it. One process at a time may write to a data directory; recommend, explain and
        doctor read it while a server runs.

        With --graph (or the setting GraphRec:Graph:Uri) the catalogue and what viewers did are in Neo4j, and
        the data directory keeps the event log: events are answered from there, and delivered to Neo4j
        within seconds. While Neo4j is away, answers go on, and say 'degraded: true'. One server at a
        time records events for a Neo4j database; a lost data directory is filled again from Neo4j.

        Examples:
          graphrec serve
          graphrec serve --data /srv/graphrec --urls http://0.0.0.0:8080
          GraphRec__Graph__User=neo4j GraphRec__Graph__Password=... graphrec serve --graph http://localhost:7474

        Exit codes: 0 stopped by Ctrl-C or SIGTERM, 1 wrong argument or address, 5 the data cannot be used
        or Neo4j does not answer (within 30 seconds), 130 stopped while filling.

        """;

    private const string Import =
        """
        Stopped in the middle, the same command goes on where it stopped; run again after it finished, it
        changes nothing. The formats are in docs/data.md; seed/tiny is a small complete example.

        Examples:
          graphrec import seed/tiny --data /tmp/tiny
          graphrec import events.csv
          graphrec import ml-latest-small --data /tmp/movies
          graphrec import my-catalogue --graph http://localhost:7474

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

    private const string Schema =
        """
        Serving and importing apply the schema by themselves; these commands are for whoever wants to see
        it, or to apply it with other rights. See 'graphrec schema apply --help'.

        """;

    private const string SchemaApply =
        """
        Applied again, it changes nothing; stopped in the middle, the same command finishes it.

        Examples:
          graphrec schema apply --graph http://localhost:7474

        Exit codes: 0 applied, 1 wrong argument, 5 Neo4j cannot be used, or holds what breaks a constraint.

        """;

    private const string SchemaShow =
        """
        Examples:
          graphrec schema show --graph http://localhost:7474 > schema.cypher

        Exit codes: 0 printed, 1 wrong argument, 5 Neo4j cannot be used.

        """;

    private const string Copy =
        """
        Catalogue, event log, behaviour and impressions are copied; then both ends are read, and counted and
        summed per node label and edge type. Stopped in the middle, the same command goes on; run again
        after it finished, it changes nothing and compares again. User and password of Neo4j are settings,
        as for the other commands.

        Examples:
          graphrec copy --from embedded:data --to http://localhost:7474
          graphrec copy --from http://localhost:7474 --to embedded:/srv/backup

        Exit codes: 0 copied, and both hold the same; 1 wrong argument, 5 a store cannot be used or the target
        holds another graph, 6 the two differ, 130 stopped.

        """;
}
