using GraphRec.Core;
using GraphRec.Learning.Ranking;
using Xunit;

namespace GraphRec.Tests.Learning.Ranking;

public sealed class ImpressionListsTests
{
    private static readonly DateTimeOffset Shown = new(2026, 11, 1, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_came_of_a_page_is_its_labels()
    {
        PageImpression[] pages =
        [
            Page("p1", "ann", Shown, ("top", ["a", "b", "c"]), ("crime", ["d"])),
            Page("p2", "ann", Shown.AddDays(1), ("top", ["a", "b"])),
            Page("p3", "ben", Shown, ("top", ["a"])),
            Page("p4", "ann", Shown, ("top", ["e"])) with { FeatureSet = "another" },
        ];
        ViewerEvent[] events =
        [
            // Of the page that it names, although a later one showed it as well.
            Event("ann", "a", EventKind.Click, Shown.AddDays(1.5)) with { AttributionId = "p1-0" },
            // Without a name: of the last page before it.
            Event("ann", "b", EventKind.Watch, Shown.AddDays(2), 1),
            Event("ann", "d", EventKind.Watch, Shown.AddHours(1), 1),
            Event("ann", "d", EventKind.Rate, Shown.AddHours(3), 4),
            // Before it was shown, too late, and by somebody else.
            Event("ann", "c", EventKind.Watch, Shown.AddHours(-1), 1),
            Event("ben", "a", EventKind.Watch, Shown.AddDays(8), 1),
            Event("eve", "a", EventKind.Watch, Shown.AddHours(1), 1),
        ];
        var judged = JudgedPages.Of(pages, events, "f00d");
        // A rating of 4 says that it was not liked, although it was finished.
        Assert.Equal<byte[]>([[1, 0, 0, 0], [0, 3], [0]], judged.Select(page => page.Select(item => item.Label).ToArray()));
        Assert.Equal([(0, 0), (0, 1), (0, 2), (1, 0)], judged[0].Select(item => (item.Row, item.Place)));
    }

    [Fact]
    public void Pages_of_which_nothing_came_teach_nothing_and_taken_places_count_by_how_seldom_they_are_looked_at()
    {
        ShownItem[][] pages = [[Item(0, 0, 0), Item(0, 5, 2)], [Item(0, 0, 0)]];
        var bias = PositionBias.Of(Clicks(p => p == 0 ? 0.8 : 0.2));
        var list = Assert.Single(ImpressionLists.Of(pages, bias));
        Assert.Equal<byte[]>([0, 2], list.Labels);
        Assert.Equal(1, list.Weights[0]);
        Assert.Equal(1 / bias.LookedAt(0, 5), list.Weights[1], 1e-6);
        Assert.Empty(ImpressionLists.Of(pages[1..], bias));
    }

    [Fact]
    public void How_often_places_are_looked_at_is_found_though_the_best_stand_first()
    {
        // Viewers look at place p with 1 / (1 + p), and better dramas stand further in front: clicks alone would say that
        // nobody looks further down.
        var bias = PositionBias.Of(Clicks(p => 1.0 / (1 + p)));
        for (var place = 0; place < 6; place++) Assert.Equal(1.0 / (1 + place), bias.LookedAt(0, place), 0.06);
    }

    [Fact]
    public void Without_a_click_every_place_is_looked_at() => Assert.Equal(1, PositionBias.Of([[Item(0, 0, 0), Item(0, 3, 0)]]).LookedAt(0, 3));

    /// <summary>Pages whose dramas' attractiveness falls with the place, with noise, and is their score.</summary>
    private static List<ShownItem[]> Clicks(Func<int, double> looks)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 20_000).Select(_ => Enumerable.Range(0, 6).Select(place =>
        {
            var attractive = Math.Clamp(0.7 - (0.05 * place) + (0.5 * (random.NextDouble() - 0.5)), 0.02, 0.98);
            return new ShownItem(0, place, (float)attractive, (byte)(random.NextDouble() < looks(place) * attractive ? 1 : 0), [1]);
        }).ToArray())];
    }

    private static ShownItem Item(int row, int place, byte label) => new(row, place, 0.5f, label, [1]);

    private static PageImpression Page(string id, string user, DateTimeOffset at, params (string Row, string[] Dramas)[] rows) =>
        new(id, user, at, "c1.e1", "m", [.. rows.SelectMany(row => row.Dramas.Select((drama, i) => new Impression(drama, row.Row, i, 0.5f, 1, [1])))]) { FeatureSet = "f00d" };

    private static ViewerEvent Event(string user, string drama, EventKind kind, DateTimeOffset at, double? value = null) =>
        new($"{user} {drama} {kind}", user, NodeRef.Drama(drama), kind, value, at);
}
