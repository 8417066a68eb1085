using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary><see cref="IGraphLoader"/> on SQLite.</summary>
internal sealed class EmbeddedGraphLoader(StoreWriter writer) : IGraphLoader
{
    private const string PutRegion =
        """
        INSERT INTO viewer(user_id, region, at) VALUES ($1, $2, 0)
        ON CONFLICT(user_id) DO UPDATE SET region = excluded.region, at = excluded.at
        """;

    public Task PutBehaviourAsync(IReadOnlyList<BehaviourEdge> edges, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return writer.RunAsync("load behaviour", session =>
        {
            foreach (var edge in edges) EmbeddedGraphWriter.PutEdge(session, edge);
            return edges.Count;
        }, cancel);
    }

    public Task PutRegionsAsync(IReadOnlyDictionary<string, string> regions, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(regions);
        return writer.RunAsync("load regions", session =>
        {
            foreach (var (user, region) in regions) session.Prepare(PutRegion).Bind(user, region).Run();
            return regions.Count;
        }, cancel);
    }

    public Task SetVersionAsync(GraphVersion version, CancellationToken cancel = default) => writer.RunAsync("load version", session =>
    {
        if (session.Scalar("SELECT max(sequence) FROM event") < version.AppliedThrough) throw LoadedLog.TooShort(SqlErrors.Store, version);
        var set = session.Prepare("UPDATE meta SET value = $1 WHERE key = $2");
        set.Bind(version.CatalogRevision, "catalog_revision").Run();
        set.Bind(version.AppliedThrough, "applied_through").Run();
        return 0;
    }, cancel);
}
