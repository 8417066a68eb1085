using GraphRec.Core;
using GraphRec.Recommend;

namespace GraphRec.Api.Schema;

internal sealed class HomePageType : RecordType<HomePage>
{
    public HomePageType() : base("HomePage", "A viewer's page: rows of dramas, no drama twice.")
    {
        Id("userId", "The viewer it was made for.", p => p.UserId);
        List<Row, RowType>("rows", "The rows, best first. Which rows there are, and their order, follow the viewer.", 8, p => p.Rows, "rows");
        Text("graphVersion", "The version of the graph that the whole page came from, and that its paths are verified against.", p => p.GraphVersion);
        Text("modelVersion", "The ranker (linear-1 or learned), the recipe and the trained version that scored it, between slashes.", p => p.ModelVersion);
        Bool("degraded", "True when something was not available and this is the best page without it.", p => p.Degraded);
        Bool("simulated", "True when the viewer is simulated; say so wherever you show the page.", p => Viewers.IsSimulated(p.UserId));
    }
}

internal sealed class RowType : RecordType<Row>
{
    public RowType() : base("Row", "One row of a page.")
    {
        Id("id", "Identifies the row on its page.", r => r.Id);
        Enum<RowKind, RowKindType>("kind", "What the row is about.", r => r.Kind);
        Text("title", "A heading to show, such as 'Because you watched Goblin'.", r => r.Title);
        Object<Reason, ReasonType>("reason", "Why the row is on the page.", r => r.Reason);
        List<Recommendation, RecommendationType>("items", "The dramas, best first.", 12, r => r.Items, "itemsPerRow");
    }
}

internal sealed class RecommendationType : RecordType<Recommendation>
{
    public RecommendationType() : base("Recommendation", "One recommended drama, with its reason and what its score is made of.")
    {
        Object<Drama, DramaType>("drama", "The drama.", r => r.Drama);
        Float("score", "What it was ranked by. Comparable within one answer only.", r => r.Score);
        Int("matchPercent", "How well it fits the viewer, 0 to 100, to show to people.", r => r.MatchPercent);
        Object<Reason, ReasonType>("reason", "Why it is shown: the fact that contributed most.", r => r.Reason);
        List<Contribution, ContributionType>("ledger", "What the score is made of. The values sum to score.", 6, r => r.Ledger);
        Id("attributionId", "Send it with the events that follow from showing this, so that they are credited to it.", r => r.AttributionId);
    }
}

internal sealed class ConnectionType : RecordType<RecommendationPage>
{
    public ConnectionType() : base("RecommendationConnection", "A slice of a viewer's ranked list, as a Relay connection.")
    {
        List<RankedEdge, EdgeRecordType>("edges", "The recommendations with their cursors.", 20, RankedEdge.Of, "first");
        List<Recommendation, RecommendationType>("nodes", "The recommendations without cursors.", 20, p => p.Items, "first");
        Object<RecommendationPage, PageInfoType>("pageInfo", "Where the slice lies in the list.", p => p);
        Text("graphVersion", "The version of the graph the slice came from.", p => p.GraphVersion);
        Bool("degraded", "True when something was not available and this is the best list without it.", p => p.Degraded);
    }
}

/// <summary>An item of a slice and its rank, counted from 0.</summary>
internal sealed record RankedEdge(Recommendation Node, int Rank, string GraphVersion)
{
    public static IReadOnlyList<RankedEdge> Of(RecommendationPage page)
    {
        var edges = new RankedEdge[page.Items.Count];
        for (var i = 0; i < edges.Length; i++) edges[i] = new RankedEdge(page.Items[i], page.Offset + i, page.GraphVersion);
        return edges;
    }
}

internal sealed class EdgeRecordType : RecordType<RankedEdge>
{
    public EdgeRecordType() : base("RecommendationEdge", "A recommendation and its place in the list.")
    {
        Text("cursor", "Pass it as after to go on behind this one. It stays valid; when the graph changed meanwhile, the list goes on at the same rank.", e => Cursor.Write(e.Rank, e.GraphVersion));
        Object<Recommendation, RecommendationType>("node", "The recommendation.", e => e.Node);
    }
}

internal sealed class PageInfoType : RecordType<RecommendationPage>
{
    public PageInfoType() : base("PageInfo", "Where a slice lies in its list.")
    {
        Bool("hasNextPage", "Whether there is more behind it.", p => p.HasNext);
        Bool("hasPreviousPage", "Whether there is more before it.", p => p.Offset > 0);
        TextOrNull("startCursor", "The first item's cursor; null when there are none.", p => p.Items.Count == 0 ? null : Cursor.Write(p.Offset, p.GraphVersion));
        TextOrNull("endCursor", "The last item's cursor, to pass as after; null when there are none.", p => p.Items.Count == 0 ? null : Cursor.Write(p.Offset + p.Items.Count - 1, p.GraphVersion));
    }
}

internal sealed class ExplanationType : RecordType<Explanation>
{
    public ExplanationType() : base("Explanation", "Why a drama is, or is not, recommended to a viewer.")
    {
        Object<Drama, DramaType>("drama", "The drama asked about.", e => e.Drama);
        Bool("recommended", "Whether it is among what pages are made from.", e => e.Recommended);
        IntOrNull("rank", "Its rank among everything the viewer may be shown, from 1; null when it may not be shown.", e => e.Rank);
        FloatOrNull("score", "What it is ranked by; null when it may not be shown.", e => e.Score);
        List<Reason, ReasonType>("reasons", "What speaks for it, strongest first.", 5, e => e.Reasons);
        List<Contribution, ContributionType>("ledger", "What the score is made of; empty when it may not be shown.", 6, e => e.Ledger);
        Add(new TextListField<Explanation>("whyNot", "What keeps it from being recommended, as sentences; empty when it is.", e => e.WhyNot) { AssumedSize = 3 });
    }
}
