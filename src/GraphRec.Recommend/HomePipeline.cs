using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend.Reasons;
using GraphRec.Recommend.Rows;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend;

/// <summary>Steps 8 and 9 of the read line: rows from the ranked list, no drama twice, each with its reason.</summary>
public sealed class HomePipeline(TrendingCache trending)
{
    /// <summary>How many rows a page has where nobody says otherwise.</summary>
    public const int Rows = 8;

    /// <summary>How many dramas a row has where nobody says otherwise.</summary>
    public const int ItemsPerRow = 12;

    /// <summary>Composes the page.</summary>
    /// <param name="list">The ranked list.</param>
    /// <param name="rows">At most this many rows.</param>
    /// <param name="itemsPerRow">At most this many dramas per row.</param>
    /// <param name="pageId">Attribution ids start with it.</param>
    /// <param name="cancel">Stops the work.</param>
    public (IReadOnlyList<Row> Rows, bool Degraded) Compose(RankedList list, int rows, int itemsPerRow, string pageId, CancellationToken cancel)
    {
        var explainer = new Explainer(list, trending);
        var shown = new HashSet<int>();
        var chosen = new List<(RowPlan Plan, int[] Dramas)>(rows);
        foreach (var plan in new RowPlanner(list, explainer, trending).Plan())
        {
            if (chosen.Count == rows) break;
            var dramas = plan.Items.Where(d => !shown.Contains(d)).Take(itemsPerRow).ToArray();
            if (dramas.Length < Math.Min(plan.MinItems, itemsPerRow)) continue;
            shown.UnionWith(dramas);
            chosen.Add((plan, dramas));
        }
        cancel.ThrowIfCancellationRequested();
        list.Explain([.. chosen.SelectMany(row => row.Dramas)]);
        var page = new List<Row>(rows);
        var number = 0;
        foreach (var (plan, dramas) in chosen)
        {
            cancel.ThrowIfCancellationRequested();
            var items = new Recommendation[dramas.Length];
            for (var i = 0; i < items.Length; i++)
            {
                var attributionId = AttributionId.Of(pageId, number++);
                items[i] = plan.Kind == RowKind.ContinueWatching
                    ? Unfinished(list, explainer, dramas[i], attributionId)
                    : Recommend(list, explainer, dramas[i], ReasonFor(plan.Kind, list, explainer, dramas[i]), attributionId);
            }
            page.Add(new Row(plan.Id, plan.Kind, plan.Title, plan.Reason, items));
        }
        return (page, explainer.Unverified > 0 || list.FellBack);
    }

    /// <summary>One drama with score, ledger and reason.</summary>
    public static Recommendation Recommend(RankedList list, Explainer explainer, int drama, Reason reason, string attributionId) => new(
        list.Snapshot.Dramas[drama], list.ScoreOf(drama), (int)Math.Round(100 * Math.Clamp(list.Relevance(drama), 0, 1)), reason, list.Ledger(drama), attributionId);

    /// <summary>
    /// What the viewer started is there for that alone, and is not ranked with what they have not seen: its score is how
    /// lately they watched it, 2^(-days / 14).
    /// </summary>
    private static Recommendation Unfinished(RankedList list, Explainer explainer, int drama, string attributionId)
    {
        var edge = EdgeTo(list, EdgeType.Watched, drama);
        var score = Math.Pow(2, -Math.Max(0, (list.User.Now - edge.LastAt).TotalDays) / 14);
        var reason = new Reason(ReasonKind.ContinueWatching, $"You {PathFactory.Detail(edge)}", explainer.Verified([explainer.Paths.Own(edge, 1)]));
        return new Recommendation(list.Snapshot.Dramas[drama], score, 100, reason, [new Contribution(LedgerNames.Unfinished, score)], attributionId);
    }

    /// <summary>
    /// What contributed most; but where that is not about the viewer, and the row states a fact of its own about the
    /// drama, the row's fact says more than how popular it is.
    /// </summary>
    private static Reason ReasonFor(RowKind kind, RankedList list, Explainer explainer, int drama)
    {
        if (kind == RowKind.Watchlist)
        {
            var paths = explainer.Verified([explainer.Paths.Own(EdgeTo(list, EdgeType.Watchlisted, drama), 0)]);
            return new Reason(ReasonKind.OnWatchlist, "You put it on your watchlist", paths);
        }
        var best = explainer.Best(drama);
        return kind == RowKind.Trending && best.Paths.Count == 0 ? explainer.Trending(drama) ?? best : best;
    }

    private static BehaviourEdge EdgeTo(RankedList list, EdgeType type, int drama) =>
        list.User.History.Edges.First(e => e.Type == type && e.Target == NodeRef.Drama(list.Snapshot.Dramas[drama].Id));
}

/// <summary>
/// Ids that events carry back, so that what was shown can be credited: <c>page-number</c>, where the page id is a hash
/// of what the page was made from. Two equal requests to an equal graph at the same moment get the same page and the
/// same ids.
/// </summary>
public static class AttributionId
{
    public static string Of(string pageId, int item) => $"{pageId}-{item}";

    /// <summary>The page id of an attribution id.</summary>
    public static string PageOf(string attributionId) => attributionId.LastIndexOf('-') is > 0 and var at ? attributionId[..at] : attributionId;

    /// <summary>20 hexadecimal digits from what a page is made from.</summary>
    public static string Page(string request, string userId, DateTimeOffset at, string graphVersion)
    {
        var text = $"{request}\n{userId}\n{at.UtcTicks}\n{graphVersion}";
        var hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(hash.AsSpan(0, 10));
    }
}
