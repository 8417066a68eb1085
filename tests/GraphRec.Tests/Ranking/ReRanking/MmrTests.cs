using CsCheck;
using GraphRec.Ranking.ReRanking;
using Xunit;

namespace GraphRec.Tests.Ranking.ReRanking;

public sealed class MmrTests
{
    private static readonly Gen<(double[] Base, double[,] Similar, double Weight)> Windows =
        from n in Gen.Int[0, 12]
        // Coarse steps, so that ties are frequent.
        from scores in Gen.Int[-2, 8].Array[n]
        from similar in Gen.Int[0, 4].Array[n * n]
        from weight in Gen.Int[0, 4]
        select (scores.Select(s => s / 8.0).ToArray(), Symmetric(n, similar), weight / 4.0);

    [Fact]
    public void What_is_like_the_best_gives_way_to_what_is_unlike_it()
    {
        // 0 and 1 are twins, 2 is unlike both. Place 1: 0 with 0.9 + 0.5 · 1. Place 2: 1 has 0.8 + 0.5 · 0, 2 has 0.4 + 0.5.
        var order = Order([0.9, 0.8, 0.4], new double[,] { { 1, 1, 0 }, { 1, 1, 0 }, { 0, 0, 1 } }, 0.5);
        Assert.Equal([new RankedItem(0, 1.4, 0.5), new RankedItem(2, 0.9, 0.5), new RankedItem(1, 0.8, 0)], order);
    }

    [Fact]
    public void The_nearest_above_counts_not_the_last_or_the_mean()
    {
        // 2 is like 0 (0.75) and a little like 1 (0.25): its term is 1 − 0.75 wherever it stands below both.
        var order = Order([1, 0.75, 0.5], new double[,] { { 1, 0, 0.75 }, { 0, 1, 0.25 }, { 0.75, 0.25, 1 } }, 0.5);
        Assert.Equal([0, 1, 2], order.Select(r => r.Item));
        Assert.Equal(0.125, order[2].Diversity);
        Assert.Equal(0.625, order[2].Score);
    }

    [Fact]
    public void Without_weight_the_base_alone_orders_and_ties_go_to_the_lower_index()
    {
        var order = Order([0.1, 0.7, 0.3, 0.7], new double[,] { { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1, 1, 1 } }, 0);
        Assert.Equal([1, 3, 2, 0], order.Select(r => r.Item));
        Assert.All(order, r => Assert.Equal(0, r.Diversity));
    }

    [Fact]
    public void A_tie_goes_to_the_lower_index_whatever_the_order_given()
    {
        var into = new RankedItem[3];
        Mmr.Order([new RankItem(5, 0.5), new RankItem(2, 0.5), new RankItem(9, 0.5)], 0.2, new Table(new double[10, 10]), null, into);
        Assert.Equal([2, 5, 9], into.Select(r => r.Item));
    }

    [Fact]
    public void A_shorter_span_gets_the_first_places_and_an_empty_window_nothing()
    {
        var into = new RankedItem[1];
        Mmr.Order([new RankItem(0, 0.1), new RankItem(1, 0.2)], 0.2, new Table(new double[2, 2]), null, into);
        Assert.Equal(1, into[0].Item);
        Mmr.Order([], 0.2, new Table(new double[0, 0]), null, []);
    }

    [Fact]
    public void Equals_the_obvious_version() => Windows.Sample(w =>
    {
        var expected = Obvious(w.Base, w.Similar, w.Weight);
        var actual = Order(w.Base, w.Similar, w.Weight);
        Assert.Equal(expected.Select(e => e.Item), actual.Select(a => a.Item));
        for (var i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i].Score, actual[i].Score, 1e-12);
            Assert.Equal(actual[i].Score, w.Base[actual[i].Item] + actual[i].Diversity, 1e-12);
        }
    });

    private static List<(int Item, double Score)> Obvious(double[] scores, double[,] similar, double weight)
    {
        var placed = new List<(int Item, double Score)>();
        while (placed.Count < scores.Length)
        {
            placed.Add(Enumerable.Range(0, scores.Length).Where(i => placed.All(p => p.Item != i))
                .Select(i => (Item: i, Score: scores[i] + weight * (1 - placed.Select(p => similar[i, p.Item]).DefaultIfEmpty(0).Max())))
                .OrderByDescending(x => x.Score).ThenBy(x => x.Item).First());
        }
        return placed;
    }

    private static RankedItem[] Order(double[] scores, double[,] similar, double weight)
    {
        var into = new RankedItem[scores.Length];
        Mmr.Order(scores.Select((s, i) => new RankItem(i, s)).OrderByDescending(i => i.Base).ToArray(), weight, new Table(similar), null, into);
        return into;
    }

    private static double[,] Symmetric(int n, int[] values)
    {
        var table = new double[n, n];
        for (var a = 0; a < n; a++)
            for (var b = 0; b < n; b++) table[a, b] = values[(Math.Min(a, b) * n) + Math.Max(a, b)] / 4.0;
        return table;
    }

    private readonly struct Table(double[,] similar) : ISimilarity
    {
        public double Of(int a, int b) => similar[a, b];
    }
}
