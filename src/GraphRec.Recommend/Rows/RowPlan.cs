namespace GraphRec.Recommend.Rows;

/// <summary>
/// A row before it is filled: what it is about, why, and its dramas in order, more than it will show, so that it stays
/// full when rows above it take some.
/// </summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Key">What tells it from other rows of its kind: a drama, person or genre id; empty where there is only one.</param>
/// <param name="Title">What the viewer reads above it.</param>
/// <param name="Reason">Why the row is on this viewer's page.</param>
/// <param name="Items">Dramas by index, best first.</param>
/// <param name="Utility">Where it stands on the page: larger is higher.</param>
/// <param name="MinItems">Below this many dramas the row is left out.</param>
public sealed record RowPlan(RowKind Kind, string Key, string Title, Reason Reason, IReadOnlyList<int> Items, double Utility, int MinItems = 4)
{
    /// <summary>Stable between requests, so that a front end can keep its scroll position.</summary>
    public string Id => Key.Length == 0 ? Kind.ToString() : $"{Kind}:{Key}";
}
