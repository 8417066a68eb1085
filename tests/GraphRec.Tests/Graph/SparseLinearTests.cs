using CsCheck;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class SparseLinearTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void One_candidate_by_hand()
    {
        // Two users share both items, one has item 0 alone: of target 1 on 0, w = (2 − L1) / (3 + L2) = 1.5 / 5.
        var relation = Sample.From(2, [0, 1], [0, 1], [0]);
        var candidates = new ItemWeights([0, 1, 2], [1, 0], [1, 1]);
        var rows = SparseLinear.Build(relation, candidates, new SparseLinearParameters(0.5f, 2), 1, Cancel);
        Assert.Equal([1], rows.Of(0).ToArray());
        Assert.Equal(0.3f, rows.WeightsOf(0)[0], 1e-5f);
        // Of target 0 on 1: (2 − 0.5) / (2 + 2).
        Assert.Equal(0.375f, rows.WeightsOf(1)[0], 1e-5f);
    }

    /// <summary>The optimum is where no weight wants to move: the slope is 0 where there is weight, and uphill where there is none.</summary>
    [Fact]
    public void No_weight_wants_to_move() =>
        (from relation in Sample.Relations
         from l1 in Gen.Float[0.05f, 1]
         from l2 in Gen.Float[0.5f, 10]
         from neighbours in Gen.Int[1, 12]
         select (relation, l1, l2, neighbours)).Sample(c =>
        {
            var (relation, l1, l2, neighbours) = c;
            var candidates = SimilarItems.Build(relation, SimilarItemsTests.Cosine(relation, neighbours), 1, Cancel);
            var columns = SparseLinear.Build(relation, candidates, new SparseLinearParameters(l1, l2, Passes: 100), 1, Cancel).Transposed();
            for (var target = 0; target < relation.ItemCount; target++)
            {
                var weights = new double[relation.ItemCount];
                for (var n = 0; n < columns.Of(target).Length; n++) weights[columns.Of(target)[n]] = columns.WeightsOf(target)[n];
                var rest = Enumerable.Range(0, relation.UserCount).Select(user => relation.ItemsOf(user).ToArray().Sum(item => item == target ? 1 : -weights[item])).ToArray();
                foreach (var item in candidates.Of(target))
                {
                    var slope = -relation.UsersOf(item).ToArray().Sum(user => rest[user]) + (l2 * weights[item]) + l1;
                    var tolerance = 1e-3 * (relation.ItemDegree(item) + l2) * candidates.Of(target).Length;
                    if (weights[item] > 0) Assert.Equal(0, slope, tolerance);
                    else Assert.True(slope > -tolerance, $"slope {slope}");
                }
                Assert.All(weights, (weight, item) => Assert.True(weight >= 0 && (weight == 0 || candidates.Of(target).Contains(item))));
            }
        });

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        var relation = Sample.Large(4);
        var candidates = SimilarItems.Build(relation, SimilarItemsTests.Cosine(relation, 20), 1, Cancel);
        var p = new SparseLinearParameters(0.5f, 2);
        var (one, three) = (SparseLinear.Build(relation, candidates, p, 1, Cancel), SparseLinear.Build(relation, candidates, p, 3, Cancel));
        Assert.Equal(one.Items, three.Items);
        Assert.Equal(one.Weights, three.Weights);
        Assert.NotEmpty(one.Items);
    }

    [Fact]
    public void A_larger_penalty_of_size_leaves_fewer_weights()
    {
        var relation = Sample.Large(4);
        var candidates = SimilarItems.Build(relation, SimilarItemsTests.Cosine(relation, 20), 1, Cancel);
        int Count(float l1) => SparseLinear.Build(relation, candidates, new SparseLinearParameters(l1, 2), 1, Cancel).Items.Length;
        Assert.True(Count(0.1f) > Count(1) && Count(1) > Count(4));
    }
}
