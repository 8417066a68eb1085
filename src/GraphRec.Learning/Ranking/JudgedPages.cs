using GraphRec.Core;

namespace GraphRec.Learning.Ranking;

/// <summary>A drama of a page, where it stood, and what came of it.</summary>
/// <param name="Row">Which row of the page, from 0.</param>
/// <param name="Place">Which place of the row, from 0.</param>
/// <param name="Score">Its served score.</param>
/// <param name="Label">What the viewer did with it within the time of attribution (<see cref="Grades"/>).</param>
/// <param name="Features">As frozen when it was shown.</param>
public sealed record ShownItem(int Row, int Place, float Score, byte Label, float[] Features);

/// <summary>Pages with what came of them.</summary>
public static class JudgedPages
{
    /// <summary>What a viewer does with a drama counts for pages that showed it up to so long before.</summary>
    private static readonly TimeSpan Attribution = TimeSpan.FromDays(7);

    /// <summary>
    /// Pages of the feature set, in their order; of each the items that were candidates of the ranker. An event counts for the page
    /// whose attribution id it carries, and without one for the last page before it that showed the drama to the viewer.
    /// </summary>
    public static List<ShownItem[]> Of(IEnumerable<PageImpression> pages, IEnumerable<ViewerEvent> events, string featureSet)
    {
        var known = pages.Where(page => page.FeatureSet == featureSet).ToList();
        var shown = new Dictionary<(string User, string Drama), List<PageImpression>>();
        foreach (var page in known.OrderBy(page => page.At))
        {
            foreach (var item in page.Items)
            {
                if (!shown.TryGetValue((page.UserId, item.DramaId), out var of)) shown.Add((page.UserId, item.DramaId), of = []);
                of.Add(page);
            }
        }
        var byPage = new Dictionary<(string Page, string Drama), List<ViewerEvent>>();
        foreach (var e in events)
        {
            if (e.Target.Kind != NodeKind.Drama || !shown.TryGetValue((e.UserId, e.Target.Id), out var candidates)) continue;
            var named = e.AttributionId is { } id ? id[..Math.Max(0, id.LastIndexOf('-'))] : null;
            var page = candidates.Find(p => p.PageId == named) ?? candidates.FindLast(p => p.At <= e.At);
            if (page is null || e.At < page.At || e.At - page.At > Attribution) continue;
            if (!byPage.TryGetValue((page.PageId, e.Target.Id), out var own)) byPage.Add((page.PageId, e.Target.Id), own = []);
            own.Add(e);
        }
        return [.. known.Select(page => Judge(page, byPage))];
    }

    private static ShownItem[] Judge(PageImpression page, Dictionary<(string Page, string Drama), List<ViewerEvent>> events)
    {
        var items = new List<ShownItem>(page.Items.Count);
        var (row, name) = (-1, (string?)null);
        foreach (var item in page.Items)
        {
            if (item.Row != name) (row, name) = (row + 1, item.Row);
            if (item.Features.Length == 0) continue;
            var grade = events.TryGetValue((page.PageId, item.DramaId), out var own) ? Grades.Of(BehaviourFold.All(own)) : 0;
            items.Add(new ShownItem(row, item.Position, item.Score, (byte)grade, item.Features));
        }
        return [.. items];
    }
}
