using GraphQL.Types;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend.Curation;

namespace GraphRec.Api.Schema;

/// <summary>How many issues of a kind there are.</summary>
internal sealed record IssueCount(string Kind, int Count);

internal sealed class CurationType : RecordType<GraphSnapshot>
{
    private const int Issues = 100;

    public CurationType() : base("Curation", "What is wrong with the graph that answers come from. None of it stops serving: such edges count for nothing.")
    {
        Add(new ObjectListField<GraphSnapshot, GraphIssue>("issues", "What is wrong, and what to do about it.", typeof(CurationIssueType), IssuesOf)
            { SizedBy = "first", Bounds = [("first", Issues)] })
            .With<StringGraphType>("kind", "Only issues of this kind, spelled as in kinds; all when left out.")
            .With<IntGraphType>("first", $"How many at most: 1 to {Check.MaxListed}.", Issues);
        Int("issueCount", "How many issues there are, of all kinds.", s => s.Issues.Count);
        List<IssueCount, IssueCountType>("kinds", "How many issues there are of each kind that occurs, by name.", 8,
            s => [.. s.Issues.CountBy(i => i.Kind).OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => new IssueCount(k.Key, k.Value))]);
        Text("graphVersion", "The version of the graph that was examined: the catalogue's revision and the last event in it.", s => s.Version.ToString());
    }

    private static IReadOnlyList<GraphIssue> IssuesOf(GraphSnapshot snapshot, in FieldCall call)
    {
        var (kind, first) = (call.Text("kind"), call.Int("first", Issues, 1, Check.MaxListed));
        return [.. snapshot.Issues.Where(i => kind is null || i.Kind == kind).Take(first)];
    }
}

internal sealed class CurationIssueType : RecordType<GraphIssue>
{
    public CurationIssueType() : base("CurationIssue", "One thing wrong with the graph.")
    {
        Text("kind", "What is wrong, in the same few words for the same thing, such as 'dangling edge'.", i => i.Kind);
        Text("subject", "Which node, edge or nodes.", i => i.Subject);
        Text("advice", "What to change, and what it means until then.", i => i.Advice);
    }
}

internal sealed class IssueCountType : RecordType<IssueCount>
{
    public IssueCountType() : base("IssueCount", "How many issues of a kind there are.")
    {
        Text("kind", "The kind.", c => c.Kind);
        Int("count", "How many.", c => c.Count);
    }
}

internal sealed class EdgeChangeType() : NamedEnum<EdgeChange>("What is done to an edge.", Describe)
{
    private static string Describe(EdgeChange change) => change switch
    {
        EdgeChange.Add => "The edge is added; it must not be there yet.",
        EdgeChange.Remove => "The edge is removed; it must be there.",
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };
}

internal sealed class EdgeInputType : ApiInput
{
    public EdgeInputType() : base("EdgeInput", "An edge of the catalogue: ACTED_IN, DIRECTED, WROTE, HAS_GENRE, TAGGED, AIRED_ON or FOLLOWS.")
    {
        Add<NonNullGraphType<EdgeTypeType>>("type", "What joins the two. Edges that say what viewers did, and derived ones, are not edited.");
        Add<NonNullGraphType<IdGraphType>>("from", "Where the edge starts: a person's id for ACTED_IN, DIRECTED and WROTE, else a drama's.");
        Add<NonNullGraphType<IdGraphType>>("to", "Where the edge ends: a drama's id, or the name of a genre, tag or network, which may be new. A FOLLOWS edge ends at the earlier season.");
        Add<StringGraphType>("character", "To add ACTED_IN: whom they play.");
        Add<StringGraphType>("billing", "To add ACTED_IN: main, support or guest.");
        Add<IntGraphType>("order", "To add any but FOLLOWS: the place in the drama's list, from 1; last when left out.");
    }

    public static CatalogEdge Read(IDictionary<string, object?> fields) => new(
        (EdgeType)fields["type"]!, Check.Id("edge.from", Check.Text(fields["from"])), Check.Id("edge.to", Check.Text(fields["to"])))
    {
        Character = Optional("edge.character", fields),
        Billing = Optional("edge.billing", fields),
        Order = (int?)fields.At("order"),
    };

    private static string? Optional(string name, IDictionary<string, object?> fields) =>
        Check.Text(fields.At(name["edge.".Length..])) is { } text ? Check.Id(name, text) : null;
}

internal sealed class CurationPreviewType : RecordType<CurationPreview>
{
    public CurationPreviewType() : base("CurationPreview", "What an edit of one edge would do to home pages.")
    {
        Text("edge", "The edge, as (from)-[TYPE]->(to).", p => p.Edge.ToString());
        Text("graphVersion", "The version of the graph that the edit was tried on.", p => p.GraphVersion);
        Int("viewersTotal", "How many viewers there are who ever did anything.", p => p.ViewersTotal);
        Int("viewersConnected", "How many of all viewers did anything with a drama that the edge joins, or that the person, genre, tag or network of the edge is of. Pages of others may change too: what is rare, and what stands beside it, changes a little for everyone.", p => p.ViewersConnected);
        Int("viewersSampled", "How many viewers' pages were made with and without the edit.", p => p.ViewersSampled);
        Int("viewersChanged", "How many of the sampled viewers' pages change. Divided by viewersSampled it estimates the share of all viewers.", p => p.Viewers.Count);
        FirstOf<ViewerChange, ViewerChangeType>("viewers", "The viewers whose pages change, most changes first.", 20,
            (CurationPreview p, in FieldCall call) => [.. p.Viewers.Take(DramaType.First(call, 20))]);
        List<GraphIssue, CurationIssueType>("newIssues", "What would be wrong with the graph that is not now.", 1, p => p.NewIssues);
    }
}

internal sealed class ViewerChangeType : RecordType<ViewerChange>
{
    public ViewerChangeType() : base("ViewerChange", "How one viewer's home page changes.")
    {
        Id("userId", "The viewer.", v => v.UserId);
        Bool("simulated", "True when the viewer is simulated; say so wherever you show this.", v => Viewers.IsSimulated(v.UserId));
        Texts("rowsAdded", "Titles of rows that come onto the page, top down.", 1, v => v.RowsAdded);
        Texts("rowsRemoved", "Titles of rows that leave the page.", 1, v => v.RowsRemoved);
        Texts("rowsMoved", "Titles of rows that stay, in another order.", 1, v => v.RowsMoved);
        List<PlaceChange, PlaceChangeType>("entering", "Dramas that come onto the page, top down.", 4, v => v.Entering);
        List<PlaceChange, PlaceChangeType>("leaving", "Dramas that leave the page.", 4, v => v.Leaving);
        List<PlaceChange, PlaceChangeType>("moved", "Dramas that stay, in another row or at another place of their row.", 12, v => v.Moved);
        List<PlaceChange, PlaceChangeType>("reasoned", "Dramas that stay where they are, with another reason.", 4, v => v.Reasoned);
    }
}

internal sealed class PlaceChangeType : RecordType<PlaceChange>
{
    public PlaceChangeType() : base("PlaceChange", "A drama that a page shows otherwise.")
    {
        Object<Drama, DramaType>("drama", "The drama.", c => c.Drama);
        ObjectOrNull<PagePlace, PagePlaceType>("before", "Where it stands now; null when it enters.", (PlaceChange c, in FieldCall _) => c.Before);
        ObjectOrNull<PagePlace, PagePlaceType>("after", "Where it would stand; null when it leaves.", (PlaceChange c, in FieldCall _) => c.After);
    }
}

internal sealed class PagePlaceType : RecordType<PagePlace>
{
    public PagePlaceType() : base("PagePlace", "A place on a page.")
    {
        Text("row", "The row's title.", p => p.Row);
        Int("position", "The place in the row, from 1.", p => p.Position);
        Text("reason", "The reason that is read there.", p => p.Reason);
    }
}
