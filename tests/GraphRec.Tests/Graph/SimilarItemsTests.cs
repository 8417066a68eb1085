using CsCheck;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class SimilarItemsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_cosine_by_hand()
    {
        // Users of the dramas: {0, 1}, {0, 1}, {1, 2}, none.
        var rows = SimilarItems.Build(Sample.Tiny, Cosine(Sample.Tiny, 10), 1, Cancel);
        Assert.Equal([1, 2], rows.Of(0).ToArray());
        Assert.Equal([1, 0.5f], rows.WeightsOf(0).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0, 1], rows.Of(2).ToArray());
        Assert.Equal(0, rows.Of(3).Length);
    }

    [Fact]
    public void Ties_are_broken_by_lower_number_and_rows_ascend()
    {
        var relation = Sample.From(6, [0, 1, 2, 3, 4, 5], [0, 5]);
        var rows = SimilarItems.Build(relation, Cosine(relation, 3), 1, Cancel);
        Assert.Equal([1, 2, 5], rows.Of(0).ToArray());
        Assert.Equal([2, 3, 4], rows.Of(1).ToArray());
    }

    [Fact]
    public void Rows_are_the_best_of_the_obvious_version() =>
        (from relation in Sample.Relations
         from users in Gen.Float[0.25f, 4].Array[relation.UserCount]
         from scales in Gen.Float[0.25f, 4].Array[relation.ItemCount]
         from columns in Gen.Float[0.25f, 4].Array[relation.ItemCount]
         from jaccard in Gen.Bool
         from shrinkage in Gen.OneOf(Gen.Const(0f), Gen.Float[0, 5])
         from neighbours in Gen.Int[0, 8]
         select (relation, p: new SimilarItemsParameters(users, scales, columns, jaccard ? ItemSimilarity.Jaccard : ItemSimilarity.Product, shrinkage, neighbours)))
        .Sample(c => Check(c.relation, c.p));

    [Fact]
    public void So_many_entries_that_some_must_be_thrown_away_between()
    {
        var random = new Random(5);
        var relation = Sample.From(2000, [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 300).Select(_ => (int)(2000 * Math.Pow(random.NextDouble(), 2))).ToArray())]);
        Check(relation, Cosine(relation, 7), sample: 50);
        Check(relation, Cosine(relation, 600), sample: 200);
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var relation = Sample.Large(2);
        var (one, three) = (SimilarItems.Build(relation, Cosine(relation, 9), 1, Cancel), SimilarItems.Build(relation, Cosine(relation, 9), 3, Cancel));
        Assert.Equal(one.Starts, three.Starts);
        Assert.Equal(one.Items, three.Items);
        Assert.Equal(one.Weights, three.Weights);
    }

    [Fact]
    public void Transposing_exchanges_rows_and_columns() => Sample.Relations.Sample(relation =>
    {
        var rows = SimilarItems.Build(relation, Cosine(relation, 3), 1, Cancel);
        var columns = rows.Transposed();
        Assert.Equal(Entries(rows), Entries(columns).Select(e => (e.Column, e.Row, e.Weight)).Order());
        for (var row = 0; row < columns.ItemCount; row++) Assert.Equal(columns.Of(row).ToArray().Order(), columns.Of(row).ToArray());
    });

    internal static SimilarItemsParameters Cosine(Bipartite relation, int neighbours)
    {
        float[] scales = [.. Enumerable.Range(0, relation.ItemCount).Select(item => relation.ItemDegree(item) == 0 ? 0 : 1 / MathF.Sqrt(relation.ItemDegree(item)))];
        return new SimilarItemsParameters([.. Enumerable.Repeat(1f, relation.UserCount)], scales, scales, ItemSimilarity.Product, 0, neighbours);
    }

    private static IEnumerable<(int Row, int Column, float Weight)> Entries(ItemWeights rows) =>
        from row in Enumerable.Range(0, rows.ItemCount)
        from entry in rows.Of(row).ToArray().Zip(rows.WeightsOf(row).ToArray())
        select (row, entry.First, entry.Second);

    private static void Check(Bipartite relation, SimilarItemsParameters p, int sample = 1)
    {
        var rows = SimilarItems.Build(relation, p, 1, Cancel);
        Assert.Equal(relation.ItemCount, rows.ItemCount);
        for (var a = 0; a < relation.ItemCount; a += sample)
        {
            var expected = Enumerable.Range(0, relation.ItemCount).Select(b => b == a ? 0 : Similarity(relation, p, a, b)).ToArray();
            var (items, weights) = (rows.Of(a).ToArray(), rows.WeightsOf(a).ToArray());
            Assert.Equal(Math.Min(p.Neighbours, expected.Count(e => e > 0)), items.Length);
            Assert.Equal(items.Order(), items);
            for (var n = 0; n < items.Length; n++) Assert.Equal(expected[items[n]], weights[n], 1e-5 * expected[items[n]]);
            if (items.Length == 0) continue;
            var worst = weights.Min();
            foreach (var b in Enumerable.Range(0, expected.Length).Except(items)) Assert.True(expected[b] <= worst * (1 + 1e-5));
        }
    }

    private static double Similarity(Bipartite relation, SimilarItemsParameters p, int a, int b)
    {
        double Size(int[] users) => users.Sum(user => (double)p.UserWeights[user]);
        var (of, other) = (relation.UsersOf(a).ToArray(), relation.UsersOf(b).ToArray());
        var shared = Size([.. of.Intersect(other)]);
        if (shared == 0) return 0;
        var similarity = p.Measure == ItemSimilarity.Jaccard ? shared / (Size(of) + Size(other) - shared) : shared * p.RowScales[a] * p.ColumnScales[b];
        return similarity * shared / (shared + p.Shrinkage);
    }
}
