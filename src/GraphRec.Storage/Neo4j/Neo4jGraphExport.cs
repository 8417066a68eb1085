using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// <see cref="IGraphExport"/> from Neo4j. The whole is read in one transaction that begins by taking the graph's lock, so
/// that GraphRec's writers wait and it is of one version. (Curators do not take the lock: what they commit meanwhile is
/// in it or not, edit by edit.) Whatever people put into the graph, it is read; what is wrong with it is told.
/// </summary>
internal sealed class Neo4jGraphExport(Neo4jClient client) : IGraphExport
{
    // Each fails only when somebody deletes at that moment what is being read.
    private const int Attempts = 10;

    public async Task<GraphVersion> VersionAsync(CancellationToken cancel = default)
    {
        var versions = await client.QueryAsync("graph version", Cypher.File("export/version").With(), Version, cancel).ConfigureAwait(false);
        return versions.FirstOrDefault();
    }

    public async Task<GraphExport> ReadAsync(CancellationToken cancel = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadOnceAsync(cancel).ConfigureAwait(false);
            }
            catch (StorageException e) when (attempt < Attempts && Neo4jException.SaysThatSomethingVanished(e))
            {
                // Curators do not wait for the lock.
            }
        }
    }

    private Task<GraphExport> ReadOnceAsync(CancellationToken cancel) => client.TransactAsync("read graph", async transaction =>
    {
        var strings = new StringPool();
        var (catalog, behaviour, strays) = (new CatalogReader(), new BehaviourReader(strings), new StrayCheck());
        var facts = CatalogSlices.All.Select(slice => CatalogSlices.Once(slice, strings)).ToArray();
        var version = default(GraphVersion);
        (Statement Statement, Action<Row> Add)[] reads =
        [
            (Cypher.File("write/lock").With(), row => version = Version(row)),
            .. CatalogSlices.All.Select(slice => (CatalogSlices.Statement(slice), Counted(CatalogSlices.Edge(slice), facts[(int)slice].Add))),
            .. BehaviourReader.Types.Select(type => (BehaviourReader.Statement(type), Counted(type, row => behaviour.Add(type, row)))),
            (Cypher.File("export/regions").With(), behaviour.AddRegion),
            .. strays.Counts(),
        ];
        await transaction.RunAsync([.. reads.Select(read => read.Statement)], (statement, row) => reads[statement].Add(row)).ConfigureAwait(false);
        var misplaced = new List<GraphIssue>();
        foreach (var (statement, issue) in strays.Searches()) misplaced.AddRange(await transaction.QueryAsync(statement, issue).ConfigureAwait(false));

        // The lock kept writers out. Nothing is left of it: to read is no commit, which others would look for.
        await transaction.RollbackAsync().ConfigureAwait(false);

        foreach (var slice in CatalogSlices.All) catalog[slice] = facts[(int)slice];
        var (dramas, people, credits) = catalog.Catalog();
        return new GraphExport(version, dramas, people, credits, behaviour.Edges())
        {
            Regions = behaviour.Regions,
            Issues = [.. catalog.Issues(), .. behaviour.Issues.ToList(), .. misplaced],
        };

        Action<Row> Counted(EdgeType? type, Action<Row> add)
        {
            if (type is not { } edge) return add;
            strays.Saw(edge, 0);
            return row =>
            {
                strays.Saw(edge, 1);
                add(row);
            };
        }
    }, cancel, idempotent: true);

    private static GraphVersion Version(Row row) => new(row.Int64(0), row.Int64(1));
}
