using System.Text;
using GraphRec.Core;
using GraphRec.Graph;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class DoctorTests
{
    private static readonly Drama[] Good = [Drama("a"), Drama("b") with { Follows = "a" }, Drama("c")];

    [Fact]
    public void A_good_graph_has_no_issues_and_its_counts_are_right()
    {
        var diagnosis = Doctor.Examine(Export(Good, [new Person("p", "Gong Yoo"), new Person("q", "Kim Go-eun")],
            [new Credit("a", "p", CreditRole.Actor, 1), new Credit("b", "q", CreditRole.Director, 1)], [Sample.Watched("ann", "c"), Sample.Rated("ann", "c", 8)]));
        Assert.Empty(diagnosis.Issues);
        Assert.Equal((1, 3, 2, 1, 0, 0), (diagnosis.Nodes["User"], diagnosis.Nodes["Drama"], diagnosis.Nodes["Person"], diagnosis.Nodes["Genre"], diagnosis.Nodes["Tag"], diagnosis.Nodes["Network"]));
        Assert.Equal((1, 1, 3, 1, 1, 1), (diagnosis.Edges["ACTED_IN"], diagnosis.Edges["DIRECTED"], diagnosis.Edges["HAS_GENRE"], diagnosis.Edges["FOLLOWS"], diagnosis.Edges["WATCHED"], diagnosis.Edges["RATED"]));
        Assert.Equal([7], diagnosis.Components);
    }

    [Theory]
    [InlineData("a", "nobody", "(nobody)-[ACTED_IN]->(a)", "add the person nobody, or remove the credit")]
    [InlineData("nothing", "p", "(p)-[ACTED_IN]->(nothing)", "add the drama nothing, or remove the credit")]
    public void A_credit_without_its_end_is_named(string drama, string person, string subject, string advice)
    {
        var issue = Only(Export(Good, [new Person("p", "Gong Yoo")], [new Credit(drama, person, CreditRole.Actor, 1)], []));
        Assert.Equal(new GraphIssue(Doctor.DanglingEdge, subject, advice), issue);
    }

    [Fact]
    public void A_season_of_nothing_and_behaviour_towards_nothing_are_named()
    {
        Assert.Equal("(c)-[FOLLOWS]->(gone)", Only(Export([.. Good[..2], Good[2] with { Follows = "gone" }], [], [], [])).Subject);
        var issue = Only(Export(Good, [], [], [Sample.Watched("ann", "gone"), Sample.Watched("ann", "a")]));
        Assert.Equal((Doctor.DanglingEdge, "(ann)-[WATCHED]->(gone)"), (issue.Kind, issue.Subject));
    }

    [Theory]
    [InlineData(NodeKind.Person, "p9", "add the person p9; until then the mute counts for nothing")]
    [InlineData(NodeKind.Genre, "Noir", "no drama has the genre Noir; until one does the mute counts for nothing")]
    [InlineData(NodeKind.Tag, "food", "no drama has the tag food; until one does the mute counts for nothing")]
    [InlineData(NodeKind.Drama, "d9", "import the drama d9; until then the event counts for nothing")]
    public void A_mute_of_nothing_is_named(NodeKind kind, string id, string advice)
    {
        var mute = new BehaviourEdge("ann", EdgeType.Muted, new NodeRef(kind, id), 1, Sample.Minute(0), Sample.Minute(0), 1);
        Assert.Equal(new GraphIssue(Doctor.DanglingEdge, $"(ann)-[MUTED]->({id})", advice), Only(Export(Good, [], [], [mute])));
    }

    [Theory]
    [InlineData(1, 1, "p and q direct it at order 1")]
    [InlineData(Credit.NoOrder, Credit.NoOrder, "p and q direct it without an order")]
    public void A_second_director_at_the_same_place_is_named(int first, int second, string advice)
    {
        var issue = Only(Directed(first, second));
        Assert.Equal((Doctor.SecondDirector, "a"), (issue.Kind, issue.Subject));
        Assert.StartsWith(advice, issue.Advice);
    }

    [Fact]
    public void Directors_at_places_of_their_own_are_fine()
    {
        Assert.Empty(Doctor.Examine(Directed(1, 2)).Issues);
        Assert.Empty(Doctor.Examine(Directed(1, Credit.NoOrder)).Issues);
        Assert.Empty(Doctor.Examine(Directed(1, 1) with { Credits = [.. Directed(1, 1).Credits.Select(c => c with { Role = CreditRole.Writer })] }).Issues);
    }

    [Fact]
    public void What_the_store_found_is_passed_on()
    {
        var stub = new GraphIssue("stub", "(:Drama {id: 'x'})", "give it a title");
        Assert.Equal([stub], Doctor.Examine(Export(Good, [], [], []) with { Issues = [stub] }).Issues);
    }

    [Fact]
    public void A_snapshot_knows_the_same_issues_after_any_edit()
    {
        Drama[] dramas = [Drama("a") with { Follows = "b" }, Drama("b") with { Follows = "a" }, Sample.Drama("c")];
        var export = Export(dramas, [new Person("p", "Kim")], [new Credit("a", "q", CreditRole.Actor, 1)], [Sample.Watched("ann", "gone"), Sample.Watched("ann", "c"), Sample.Watched("bob", "b")]);
        var edited = export with { Dramas = [dramas[0], Drama("d")], Issues = [new GraphIssue("stub", "x", "y")] };
        var snapshot = new GraphSnapshot(export, 1, TestContext.Current.CancellationToken);
        Assert.Equal(Doctor.Examine(export).Issues, snapshot.Issues);
        Assert.Same(snapshot.Issues, snapshot.Issues);
        var after = snapshot.WithCatalog(edited.Catalog, 2, edited.Issues, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(6, after.Issues.Count);
        Assert.Equal(Doctor.Examine(edited).Issues, after.Issues);
    }

    [Theory]
    [InlineData("Gong Yoo", "gong yoo")]
    [InlineData("Gong Yoo", "GongYoo")]
    [InlineData("Kim Go-eun", "Kim Go Eun")]
    [InlineData("Zoé Álvarez", "Zoe Alvarez")]
    [InlineData("Zoe\u0301 Alvarez", "ZOÉ ALVAREZ")]
    [InlineData("\uFF2B\uFF49\uFF4D", "Kim")] // full width
    [InlineData("Nguy\u1EC5n", "nguyen")]
    [InlineData("\u0130lker \u015Eahin", "ilker sahin")]
    [InlineData("\uACF5\uC720", "\u1100\u1169\u11BC\u110B\u1172")] // Hangul, composed and not
    public void Names_that_differ_by_case_marks_or_spaces_are_one_hint(string one, string other)
    {
        var issue = Only(Export(Good, [new Person("z", one), new Person("y", other), new Person("x", "Someone else")], [], []));
        Assert.Equal((Doctor.DuplicatePerson, "y, z"), (issue.Kind, issue.Subject));
        Assert.Contains(one, issue.Advice);
    }

    [Theory]
    [InlineData("Gong Yoo", "Gong Yu")]
    [InlineData("\uACF5\uC720", "\uACF5\uC774")]
    [InlineData("\u5F20", "\u7AE0")]
    [InlineData("\U00020BB7\u7530", "\u7530")] // a surname outside the first plane
    [InlineData("Bj\u00F8rn", "Bjarn")]
    public void Other_names_are_not(string one, string other) =>
        Assert.Empty(Doctor.Examine(Export(Good, [new Person("z", one), new Person("y", other)], [], [])).Issues);

    [Fact]
    public void Namesakes_with_different_native_names_are_not_one() =>
        Assert.Empty(Doctor.Examine(Export(Good, [new Person("z", "Kim", "\u91D1"), new Person("y", "Kim", "\uAE40")], [], [])).Issues);

    [Fact]
    public void The_runtime_itself_does_not_normalise()
    {
        // Why NameFold exists: InvariantGlobalization is on. Should this fail one day, the tables can go.
        Assert.True(AppContext.TryGetSwitch("System.Globalization.Invariant", out var invariant) && invariant);
        Assert.Equal("é", "é".Normalize(NormalizationForm.FormKD));
    }

    [Theory]
    [InlineData("b", "c", "a", "a → b → c")]
    [InlineData("b", "a", null, "a → b")]
    [InlineData("a", null, null, "a")]
    public void A_cycle_of_seasons_is_named_once(string? ofA, string? ofB, string? ofC, string subject)
    {
        var issue = Only(Export([Good[0] with { Follows = ofA }, Good[1] with { Follows = ofB }, Good[2] with { Follows = ofC }], [], [], []));
        Assert.Equal((Doctor.SeasonCycle, subject), (issue.Kind, issue.Subject));
        Assert.StartsWith(ofA == "a" ? "a drama cannot follow itself: remove the link" : "remove one of the follows links", issue.Advice);
    }

    [Fact]
    public void Two_cycles_are_two_issues_and_a_chain_is_none()
    {
        var chain = Enumerable.Range(0, 50).Select(i => Drama($"s{i:00}") with { Follows = i == 0 ? null : $"s{i - 1:00}" }).ToArray();
        Assert.Empty(Doctor.Examine(Export(chain, [], [], [])).Issues);
        var cycles = Doctor.Examine(Export([.. chain, Drama("x") with { Follows = "y" }, Drama("y") with { Follows = "x" }, Drama("z") with { Follows = "z" }], [], [], []));
        Assert.Equal(["x → y", "z"], cycles.Issues.Select(i => i.Subject).Order());
    }

    [Fact]
    public void A_drama_without_genre_is_named() =>
        Assert.Equal((Doctor.NoGenre, "x"), (Only(Export([.. Good, Sample.Drama("x")], [], [], [])).Kind, Only(Export([.. Good, Sample.Drama("x")], [], [], [])).Subject));

    [Fact]
    public void Components_are_counted_over_all_edges_largest_first()
    {
        Drama[] dramas = [Drama("a"), Drama("b"), Drama("c") with { Genres = ["other"] }, Drama("d") with { Genres = ["third"] }, Drama("e") with { Genres = ["fourth"], Tags = ["t"], Networks = ["n"] }];
        var diagnosis = Doctor.Examine(Export(dramas, [new Person("p", "P"), new Person("q", "Q")], [new Credit("c", "p", CreditRole.Writer, 1)], [Sample.Watched("ann", "c"), Sample.Watched("ann", "d"), Sample.Watched("bob", "gone")]));
        // {c, other, p, ann, d, third}; {e, fourth, t, n}; {a, b, genre}; q; bob.
        Assert.Equal([6, 4, 3, 1, 1], diagnosis.Components);
    }

    [Fact]
    public void Every_issue_is_reported_at_once()
    {
        var diagnosis = Doctor.Examine(Export([Sample.Drama("a") with { Follows = "a" }], [new Person("p", "Kim"), new Person("q", "KIM")], [new Credit("b", "p", CreditRole.Actor, 1)], []));
        Assert.Equal([Doctor.DanglingEdge, Doctor.DuplicatePerson, Doctor.SeasonCycle, Doctor.NoGenre], diagnosis.Issues.Select(i => i.Kind));
    }

    private static GraphExport Directed(int first, int second) => Export(
        Good, [new Person("p", "Kim"), new Person("q", "Lee")], [new Credit("a", "q", CreditRole.Director, first), new Credit("a", "p", CreditRole.Director, second)], []);

    private static GraphIssue Only(GraphExport export) => Assert.Single(Doctor.Examine(export).Issues);

    private static Drama Drama(string id) => Sample.Drama(id) with { Genres = ["genre"] };

    private static GraphExport Export(Drama[] dramas, Person[] people, Credit[] credits, BehaviourEdge[] behaviour) =>
        new(new GraphVersion(1, 1), dramas, people, credits, behaviour);
}
