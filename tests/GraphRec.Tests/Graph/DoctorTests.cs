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

    private static GraphIssue Only(GraphExport export) => Assert.Single(Doctor.Examine(export).Issues);

    private static Drama Drama(string id) => Sample.Drama(id) with { Genres = ["genre"] };

    private static GraphExport Export(Drama[] dramas, Person[] people, Credit[] credits, BehaviourEdge[] behaviour) =>
        new(new GraphVersion(1, 1), dramas, people, credits, behaviour);
}
