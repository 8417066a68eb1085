using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class AttributeAffinityTests
{
    // Person 0 is in dramas 0 and 1, person 1 in 1 and 2, person 2 in 0 only; drama 3 has nobody.
    private static readonly (int, int)[] Facts = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 0)];

    private static readonly Gen<Adjacency> Relations =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 9]).Array[0, 40].SelectMany(e => Gen.Bool.Select(outwards =>
            outwards ? Sample.HasGenre(8, 10, [.. e.Select(x => (x.Item1, x.Item2))]) : Sample.ActedIn(8, 10, [.. e.Select(x => (x.Item1, x.Item2))])));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Tiny_relation_has_the_expected_value_on_every_node_in_both_directions(bool outwards)
    {
        var relation = outwards ? Sample.HasGenre(3, 4, Facts) : Sample.ActedIn(3, 4, Facts);
        var idf = AttributeAffinity.Idf(relation);
        var (two, one) = (Math.Log(5.0 / 3), Math.Log(5.0 / 2));
        Near([two, two, one], idf);
        var (profile, scores) = (new ScoreAccumulator(3), new ScoreAccumulator(4));
        AttributeAffinity.Profile(relation, [new WeightedItem(0, 2)], profile);
        Near([2 / Math.Sqrt(2), 0, 2 / Math.Sqrt(2)], Dense(profile));
        AttributeAffinity.Score(relation, idf, profile, scores);
        Near([two + one, two, 0, 0], Dense(scores)); // 2 · idf / sqrt(2 · 2) per shared person
    }

    [Fact]
    public void Equals_the_obvious_version_and_each_seed_has_its_exact_share() =>
        Gen.Select(Relations, Gen.Select(Gen.Int[0, 9], Gen.Float[-2, 2]).Array[0, 6]).Sample((relation, drawn) =>
        {
            var seeds = drawn.Select(s => new WeightedItem(s.Item1, s.Item2)).ToArray();
            var idf = AttributeAffinity.Idf(relation);
            var (profile, scores) = (new ScoreAccumulator(8), new ScoreAccumulator(10));
            AttributeAffinity.Profile(relation, seeds, profile);
            AttributeAffinity.Score(relation, idf, profile, scores);
            for (var b = 0; b < 10; b++)
            {
                Assert.Equal(seeds.Sum(s => Obvious(relation, s, b)), scores[b], 1e-4);
                Assert.Equal(scores[b], AttributeAffinity.ScoreOf(relation, idf, profile, b), 1e-4f);
                foreach (var s in seeds)
                {
                    var share = AttributeAffinity.Contribution(relation, idf, s, b);
                    Assert.Equal(Obvious(relation, s, b), share, 1e-5);
                    Assert.Equal(share, Enumerable.Range(0, 8).Sum(x => AttributeAffinity.Contribution(relation, idf, s, b, x)), 1e-5f);
                }
            }
        });

    [Fact]
    public void Nothing_is_allocated()
    {
        var relation = Sample.ActedIn(3, 4, Facts);
        var idf = AttributeAffinity.Idf(relation);
        var (profile, scores) = (new ScoreAccumulator(3), new ScoreAccumulator(4));
        WeightedItem[] seeds = [new(0, 1), new(1, 1)];
        void Once()
        {
            profile.Clear();
            scores.Clear();
            AttributeAffinity.Profile(relation, seeds, profile);
            AttributeAffinity.Score(relation, idf, profile, scores);
            AttributeAffinity.Contribution(relation, idf, seeds[0], 1);
        }

        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_relation_without_a_drama_on_exactly_one_side_is_refused()
    {
        var follows = Adjacency.Build(EdgeType.Follows, NodeKind.Drama, 2, 2, []);
        Assert.Throws<ArgumentException>(() => AttributeAffinity.Idf(follows));
    }

    private static double Obvious(Adjacency relation, WeightedItem seed, int b)
    {
        HashSet<int> Of(int drama) => [.. Enumerable.Range(0, 8).Where(x => relation.FromKind == NodeKind.Drama ? relation.Has(drama, x) : relation.Has(x, drama))];
        var (left, right) = (Of(seed.Item), Of(b));
        var sum = left.Intersect(right).Sum(x => Math.Log(11.0 / (Enumerable.Range(0, 10).Count(d => Of(d).Contains(x)) + 1)));
        return sum == 0 ? 0 : seed.Weight * sum / Math.Sqrt(left.Count * right.Count);
    }

    private static void Near(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6);
    }

    private static float[] Dense(ScoreAccumulator scores) => [.. Enumerable.Range(0, scores.Capacity).Select(i => scores[i])];
}
