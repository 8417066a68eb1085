namespace GraphRec.Recommend.Curation;

/// <summary>How two pages of one viewer differ, as the viewer sees it: rows, places and reasons; not scores.</summary>
internal static class PageComparison
{
    /// <summary>The changes; null when there are none.</summary>
    public static ViewerChange? Of(string userId, IReadOnlyList<Row> before, IReadOnlyList<Row> after)
    {
        var (old, now) = (Places(before), Places(after));
        var moved = new List<PlaceChange>();
        var reasoned = new List<PlaceChange>();
        foreach (var (id, place) in now)
        {
            if (!old.TryGetValue(id, out var was)) continue;
            var change = new PlaceChange(place.Item.Drama, was.Place, place.Place);
            if (was.Row.Id != place.Row.Id || was.Place.Position != place.Place.Position) moved.Add(change);
            else if (was.Place.Reason != place.Place.Reason) reasoned.Add(change);
        }
        var changes = new ViewerChange(userId)
        {
            RowsAdded = Titles(after, before),
            RowsRemoved = Titles(before, after),
            RowsMoved = Reordered(before, after),
            Entering = [.. now.Where(p => !old.ContainsKey(p.Key)).Select(p => new PlaceChange(p.Value.Item.Drama, null, p.Value.Place))],
            Leaving = [.. old.Where(p => !now.ContainsKey(p.Key)).Select(p => new PlaceChange(p.Value.Item.Drama, p.Value.Place, null))],
            Moved = moved,
            Reasoned = reasoned,
        };
        return changes.Count > 0 ? changes : null;
    }

    /// <summary>Every drama of a page by id, top down; no drama is on it twice.</summary>
    private static Dictionary<string, (Row Row, Recommendation Item, PagePlace Place)> Places(IReadOnlyList<Row> page)
    {
        var places = new Dictionary<string, (Row, Recommendation, PagePlace)>(StringComparer.Ordinal);
        foreach (var row in page)
            for (var i = 0; i < row.Items.Count; i++)
                places.Add(row.Items[i].Drama.Id, (row, row.Items[i], new PagePlace(row.Title, i + 1, row.Items[i].Reason.Text)));
        return places;
    }

    private static string[] Titles(IReadOnlyList<Row> of, IReadOnlyList<Row> without) =>
        [.. of.ExceptBy(without.Select(r => r.Id), r => r.Id).Select(r => r.Title)];

    private static string[] Reordered(IReadOnlyList<Row> before, IReadOnlyList<Row> after)
    {
        var old = before.IntersectBy(after.Select(r => r.Id), r => r.Id).Select(r => r.Id);
        var now = after.IntersectBy(before.Select(r => r.Id), r => r.Id);
        return [.. now.Zip(old).Where(p => p.First.Id != p.Second).Select(p => p.First.Title)];
    }
}
