using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

/// <summary>What serving does a fast way gives what the slow, obvious way gives.</summary>
public sealed class FastPathTests
{
    [Fact]
    public void Filling_answers_every_drama_as_asking_does()
    {
        var met = new HashSet<Ineligible>();
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]).Sample((graph, seed) =>
        {
            var random = new Random(seed);
            var plain = World.Random(graph, 40, 20);
            Drama[] dramas = [.. plain.Dramas.Select((d, i) => Changed(d, i, plain, random))];
            var export = plain with { Dramas = dramas, Behaviour = [.. plain.Behaviour, .. Muted(plain, random)] };
            var snapshot = World.Snapshot(export);
            var user = World.Context(snapshot, export, region: random.Next(3) == 0 ? null : "KR");
            var excluded = new HashSet<int> { -1, random.Next(dramas.Length) };
            var filter = random.Next(2) == 0 ? null : new DramaFilter { Countries = ["KR", "CN"], YearTo = 2027 };
            var eligibility = new Eligibility(snapshot, user, Recipe.Default, excluded, new CompiledFilter(snapshot, filter));
            var filled = new Ineligible[dramas.Length];
            Array.Fill(filled, Ineligible.Excluded);
            eligibility.Fill(filled);
            for (var d = 0; d < filled.Length; d++) Assert.Equal(eligibility.Of(d), filled[d]);
            lock (met) met.UnionWith(filled);
        }, iter: 400);
        Assert.Equal(Enum.GetValues<Ineligible>(), met.Order());
    }

    [Fact]
    public void The_best_items_are_the_first_of_all_sorted() =>
        Gen.Select(Gen.Int[0, 12].Array[0, 60], Gen.Int[0, 70]).Sample((scores, capacity) =>
        {
            var best = new BestItems(capacity);
            for (var i = 0; i < scores.Length; i++) best.Offer(i, scores[i] / 4.0);
            var expected = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(capacity);
            Assert.Equal(expected, best.Take());
        });

    [Fact]
    public void Freshness_is_the_power_at_any_age()
    {
        var freshness = new Freshness(730);
        foreach (var days in (int[])[1, 29, 730, 29_279, 29_280, 60_000]) Assert.Equal(Math.Pow(2, -days / 730.0), freshness.AtAge(days));
        Assert.Equal(1, freshness.AtAge(0));
        Assert.Equal(1, freshness.AtAge(-5));
    }

    private static Drama Changed(Drama drama, int place, GraphExport of, Random random) => drama with
    {
        Year = random.Next(8) == 0 ? 2027 + random.Next(2) : drama.Year,
        AiredFrom = random.Next(8) == 0 ? DateOnly.FromDateTime(World.Now.UtcDateTime).AddDays(random.Next(-2, 3)) : null,
        Regions = random.Next(6) == 0 ? ["JP"] : [],
        Follows = place > 0 && random.Next(6) == 0 ? of.Dramas[place - 1].Id : null,
    };

    private static IEnumerable<BehaviourEdge> Muted(GraphExport export, Random random)
    {
        if (random.Next(3) == 0 && export.Dramas[0].Genres.Count > 0) yield return World.Mute(NodeKind.Genre, export.Dramas[0].Genres[0]);
        if (random.Next(3) == 0 && export.Dramas[^1].Tags.Count > 0) yield return World.Mute(NodeKind.Tag, export.Dramas[^1].Tags[0]);
        if (random.Next(3) == 0 && export.People.Count > 0) yield return World.Mute(NodeKind.Person, export.People[0].Id);
    }
}
