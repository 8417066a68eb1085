using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend.Curation;

/// <summary>
/// Tries an edit of the catalogue on a copy of the graph in serving, and makes home pages with and without it. Nothing is
/// stored, and nothing is recorded as shown.
/// </summary>
public sealed class CurationPreviewer(Recipe recipe, TrainedLists? trained = null, LearnedRanker? learned = null)
{
    /// <summary>One at a time: a preview makes hundreds of pages, and those of viewers who wait come first.</summary>
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>What the edit would do to the pages of a sample of viewers (<see cref="Sample"/>).</summary>
    /// <param name="state">The graph in serving.</param>
    /// <param name="change">Whether to add or remove the edge.</param>
    /// <param name="edge">The edge.</param>
    /// <param name="sampleSize">How many viewers at most, 1 or more.</param>
    /// <param name="now">The moment that the pages are made for.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="InvalidInputException">The edit cannot be made; the message says what to change.</exception>
    public async Task<CurationPreview> PreviewAsync(
        GraphState state, EdgeChange change, CatalogEdge edge, int sampleSize, DateTimeOffset now, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleSize, 1);
        var before = state.Snapshot;
        var edited = edge.Apply(change, before);
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var after = before.WithCatalog(edited, before.Version.CatalogRevision, cancel: cancel);
            var viewers = state.Viewers();
            var sample = Sample(viewers, sampleSize);
            var (pagesBefore, pagesAfter) = (new Pages(recipe, before, trained, learned), new Pages(recipe, after, trained, learned));
            var changes = new List<ViewerChange>();
            foreach (var viewer in sample)
            {
                // Read once: the viewer may do something between the two pages.
                var history = state.HistoryOf(viewer);
                var (old, made) = (pagesBefore.Of(viewer, history, now, cancel), pagesAfter.Of(viewer, history, now, cancel));
                if (PageComparison.Of(viewer, old, made) is { } changed) changes.Add(changed);
            }
            return new CurationPreview(
                edge, state.Version.ToString(), viewers.Count, Connected(state, edge, after, viewers), sample.Count,
                [.. changes.OrderByDescending(c => c.Count).ThenBy(c => c.UserId, StringComparer.Ordinal)],
                [.. after.Issues.Except(before.Issues)]);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// The viewers whose ids have the smallest hashes (SHA-256): to the graph this is chance, so that shares in the sample
    /// estimate shares of all viewers without bias; and it is the same for every edit, and a larger sample holds the smaller
    /// ones, so that previews can be compared. Ordinal by id.
    /// </summary>
    public static IReadOnlyList<string> Sample(IReadOnlyList<string> viewers, int size) => viewers.Count <= size
        ? viewers
        : [.. viewers.OrderBy(Hash).ThenBy(v => v, StringComparer.Ordinal).Take(size).Order(StringComparer.Ordinal)];

    private static ulong Hash(string viewer) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(viewer)));

    /// <summary>
    /// Viewers with an edge to a drama that is an end of the edited one, or that its other end (a person, genre, tag or
    /// network) has an edge to; or with a mute of that end.
    /// </summary>
    private static int Connected(GraphState state, CatalogEdge edge, GraphSnapshot after, IReadOnlyList<string> viewers)
    {
        var touched = new HashSet<NodeRef>();
        foreach (var end in (NodeRef[])[new(edge.Type.From(), edge.From), new(edge.Type.To(), edge.To)])
        {
            touched.Add(end);
            foreach (var snapshot in (GraphSnapshot[])[state.Snapshot, after]) AddDramasOf(end, snapshot, touched);
        }
        return viewers.Count(viewer => state.HistoryOf(viewer).Edges.Any(e => touched.Contains(e.Target)));
    }

    private static void AddDramasOf(NodeRef end, GraphSnapshot snapshot, HashSet<NodeRef> into)
    {
        var index = snapshot.Graph.Nodes(end.Kind).Find(end.Id);
        if (end.Kind == NodeKind.Drama || index < 0) return;
        for (var type = EdgeType.ActedIn; type < EdgeType.Follows; type++)
        {
            if (type.From() != end.Kind && type.To() != end.Kind) continue;
            var relation = snapshot.Graph[type];
            foreach (var drama in type.From() == end.Kind ? relation.Targets(index) : relation.Sources(index)) into.Add(NodeRef.Drama(snapshot.Dramas[drama].Id));
        }
    }

    /// <summary>Home pages of one snapshot; with a cache of its own, so that the one of the graph in serving keeps what it holds.</summary>
    private sealed class Pages
    {
        private readonly GraphSnapshot _snapshot;
        private readonly RankPipeline _pipeline;
        private readonly HomePipeline _home;

        public Pages(Recipe recipe, GraphSnapshot snapshot, TrainedLists? trained, LearnedRanker? learned)
        {
            var trending = new TrendingCache(recipe.TrendingDays);
            (_snapshot, _pipeline, _home) = (snapshot, new RankPipeline(recipe, trending, trained: trained, learned: learned), new HomePipeline(trending));
        }

        public IReadOnlyList<Row> Of(string viewer, UserHistory history, DateTimeOffset now, CancellationToken cancel)
        {
            var user = new UserContext(viewer, history, _snapshot, _pipeline.Recipe, RequestContext.None, now);
            using var list = _pipeline.Rank(user, _snapshot, cancel: cancel);
            return _home.Compose(list, HomePipeline.Rows, HomePipeline.ItemsPerRow, "preview", cancel).Rows;
        }
    }
}
