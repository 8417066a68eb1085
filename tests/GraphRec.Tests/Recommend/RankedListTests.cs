using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Ranking;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class RankedListTests
{
    private static readonly Gen<Recipe> Recipes = Gen.Int[1, 20].Select(window => Recipe.Default with { Window = window });

    [Fact]
    public void Ledgers_sum_to_the_score_and_the_score_is_the_formula() => Gen.Select(World.Graphs, Recipes).Sample((export, recipe) =>
    {
        using var list = Rank(export, recipe);
        for (var d = 0; d < list.Snapshot.Dramas.Length; d++)
        {
            if (!list.IsEligible(d)) continue;
            Assert.Equal(list.ScoreOf(d), list.Ledger(d).Sum(c => c.Value), 1e-6);
            Assert.DoesNotContain(list.Ledger(d), c => c.Value == 0);
            Assert.InRange(list.Relevance(d), -100, 1 + 1e-9);
            for (var s = 0; s < list.Model.Sources.Count; s++) Assert.InRange(list.Feature(s, d), -1.000001f, 1.000001f);
        }
    }, iter: 2000);

    [Fact]
    public void A_fit_that_is_only_rounding_is_no_fit()
    {
        // The one drama left shares its genre with a liked and its tag with a disliked drama: what speaks for it is as
        // large as what speaks against it, and their difference is rounding.
        var recipe = Recipe.Default with { Sources = new Dictionary<string, float> { [SourceNames.Genres] = 0.3f, [SourceNames.Tags] = 0.3f, [SourceNames.Actors] = 0.4f } };
        Drama[] dramas = [World.Drama("liked") with { Genres = ["x", "y"] }, World.Drama("disliked") with { Tags = ["t", "u", "v"] }, World.Drama("new") with { Genres = ["x"], Tags = ["t"] }, World.Drama("other") with { Genres = ["y"] }];
        for (var rating = 6.0; rating <= 10; rating += 0.1)
        {
            using var list = Rank(World.Export(dramas, null, [World.Edge(EdgeType.Rated, "liked", rating), World.Edge(EdgeType.Rated, "disliked", 11 - rating), World.Edge(EdgeType.Skipped, "other")]), recipe);
            var drama = list.Snapshot.Index("new");
            Assert.True(list.IsEligible(drama));
            Assert.Equal(0, list.Relevance(drama), 1e-4);
            Assert.Equal(list.ScoreOf(drama), list.Ledger(drama).Sum(c => c.Value), 1e-6);
        }
    }

    [Fact]
    public void Ranks_count_everything_eligible_once() => Gen.Select(World.Graphs, Recipes).Sample((export, recipe) =>
    {
        using var list = Rank(export, recipe);
        var dramas = Enumerable.Range(0, list.Snapshot.Dramas.Length).ToArray();
        var eligible = dramas.Where(list.IsEligible).ToArray();
        Assert.Equal(Enumerable.Range(1, eligible.Length), eligible.Select(d => list.RankOf(d)!.Value).Order());
        Assert.All(dramas.Except(eligible), d => Assert.Null(list.RankOf(d)));
        Assert.Equal(Math.Min(recipe.Window, eligible.Length), list.Window.Length);
        for (var i = 0; i < list.Window.Length; i++)
        {
            Assert.Equal(i + 1, list.RankOf(list.Window[i].Item));
            Assert.Equal(list.Window[i].Score, list.ScoreOf(list.Window[i].Item));
            if (i > 0) Assert.True(list.Window[i].Score <= list.Window[i - 1].Score);
        }
        var below = eligible.Where(d => list.RankOf(d) > list.Window.Length).OrderBy(d => list.RankOf(d)).ToArray();
        Assert.Equal(below.OrderByDescending(list.ScoreOf).ThenBy(d => d), below);
    }, iter: 500);

    [Fact]
    public void Without_a_trained_model_its_weight_is_as_if_it_were_not_there() => World.Graphs.Sample(export =>
    {
        var weight = Recipe.Default.Sources[SourceNames.Collaborative];
        Assert.InRange(weight, 0.01f, 0.5f);
        var unaware = Recipe.Default with
        {
            Sources = Recipe.Default.Sources.Where(s => s.Key != SourceNames.Collaborative).ToDictionary(s => s.Key, s => s.Value / (1 - weight)),
        };
        using var list = Rank(export, Recipe.Default);
        using var same = Rank(export, unaware);
        Assert.Equal(same.Window.ToArray(), list.Window.ToArray());
        foreach (var item in list.Window) Assert.Equal(same.Ledger(item.Item), list.Ledger(item.Item));
    }, iter: 300);

    [Fact]
    public void The_same_question_has_the_same_answer_bit_by_bit() => World.Graphs.Sample(export =>
    {
        // Behaviour and facts in another order, and a pipeline whose buffers were used before.
        var reversed = export with { Behaviour = [.. export.Behaviour.Reverse()], Credits = [.. export.Credits.Reverse()], Dramas = [.. export.Dramas.Reverse()] };
        var pipeline = new RankPipeline(Recipe.Default, new TrendingCache(7));
        using var first = Rank(export, Recipe.Default);
        string[] answers = [Text(first), Again(export), Again(reversed), Again(export)];
        Assert.All(answers, a => Assert.Equal(answers[0], a));

        string Again(GraphExport from)
        {
            var snapshot = new GraphSnapshot(from, 2);
            using var list = pipeline.Rank(World.Context(snapshot, from), snapshot);
            return Text(list);
        }
    }, iter: 200);

    [Fact]
    public void A_literal_score_is_what_the_formula_says()
    {
        // One liked drama; "b" shares its only genre, "c" shares nothing. Fresh by 365 days, half-life 730.
        var released = DateOnly.FromDateTime(World.Now.UtcDateTime).AddDays(-365);
        Drama[] dramas = [World.Drama("a") with { Genres = ["x"] }, World.Drama("b") with { Genres = ["x"], AiredFrom = released, Priority = 0.5, Country = "KR" }, World.Drama("c") with { Year = null, Country = "KR" }];
        var export = World.Export(dramas, null, [World.Edge(EdgeType.Rated, "a", 10)]);
        var recipe = Recipe.Default with { Sources = new Dictionary<string, float> { [SourceNames.Genres] = 1 } };
        using var list = Rank(export, recipe);
        // Nobody watched anything to the end: the mean completion is 0.5, and so is everybody's.
        Assert.Equal(0.5 + 0.2 + 0.15 * Math.Sqrt(0.5) + 0.1 * 0.5 + 0.05 * 0.5, list.ScoreOf(1), 1e-6);
        // c has no genre and b's country: similarity 0.25.
        Assert.Equal(0.2 * 0.75 + 0.1 * 0.5, list.ScoreOf(2), 1e-6);
        Assert.Equal((1, 2), (list.RankOf(1), list.RankOf(2)));
        Assert.Equal(["genres", "diversity", "freshness", "completion", "priority"], list.Ledger(1).Select(c => c.Source));
        Assert.Equal(["diversity", "completion"], list.Ledger(2).Select(c => c.Source));
        Assert.Equal([1, 2], list.Matrix.Candidates);
        Assert.Equal(1, list.Matrix.Row(0)[SourceNames.All.ToList().IndexOf(SourceNames.Genres)], 1e-6f);
    }

    private static RankedList Rank(GraphExport export, Recipe recipe)
    {
        var snapshot = World.Snapshot(export);
        return new RankPipeline(recipe, new TrendingCache(recipe.TrendingDays)).Rank(World.Context(snapshot, export, recipe), snapshot);
    }

    private static string Text(RankedList list) => string.Join('\n', list.Window.ToArray().Select(r => $"{r.Item} {r.Score:R} {r.Diversity:R} {string.Join(' ', list.Ledger(r.Item).Select(c => $"{c.Source}={c.Value:R}"))}"));
}
