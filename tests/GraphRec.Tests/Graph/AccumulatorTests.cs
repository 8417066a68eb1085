using CsCheck;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class AccumulatorTests
{
    [Fact]
    public void Sums_equal_those_of_a_dictionary() =>
        Gen.Select(Gen.Int[0, 19], Gen.Int[-5, 5]).Array[0, 60].Sample(adds =>
        {
            var scores = new ScoreAccumulator(20);
            for (var round = 0; round < 2; round++) // the second round shows that Clear leaves nothing
            {
                scores.Clear();
                var sums = new Dictionary<int, float>();
                foreach (var (index, value) in adds)
                {
                    scores.Add(index, value);
                    sums[index] = sums.GetValueOrDefault(index) + value;
                }
                Assert.Equal(adds.Select(a => a.Item1).Distinct(), scores.Touched.ToArray());
                for (var i = 0; i < 20; i++) Assert.Equal(sums.GetValueOrDefault(i), scores[i]);
            }
        });

    [Fact]
    public void Adding_many_is_adding_each()
    {
        var scores = new ScoreAccumulator(4);
        scores.Add([2, 0], 1.5f);
        scores.AddScaled([0, 3], 2, [10, 20, 30, 40]);
        Assert.Equal([2, 0, 3], scores.Touched.ToArray());
        Assert.Equal([21.5f, 0, 1.5f, 80], [scores[0], scores[1], scores[2], scores[3]]);
    }

    [Fact]
    public void Set_replaces_and_a_sum_of_zero_stays_touched()
    {
        var scores = new ScoreAccumulator(3);
        scores.Add(1, 2);
        scores.Set(1, 5);
        scores.Set(2, 0);
        Assert.Equal(5, scores[1]);
        Assert.Equal([1, 2], scores.Touched.ToArray());
        Assert.Equal(2, scores.Count);
    }

    [Fact]
    public void An_index_outside_is_refused_and_leaves_the_others_usable()
    {
        var scores = new ScoreAccumulator(2);
        Assert.Throws<IndexOutOfRangeException>(() => scores.Add(2, 1));
        Assert.Throws<IndexOutOfRangeException>(() => scores.Add([2], 1));
        scores.Add(1, 1);
        Assert.Equal([1], scores.Touched.ToArray());
    }

    [Fact]
    public void Top_equals_sorting_everything() =>
        Gen.Select(Gen.Int[-3, 3].Array[0, 50], Gen.Int[0, 12], Gen.Int[0, 1000]).Sample((scores, k, seed) =>
        {
            var top = new TopK(k);
            var order = Enumerable.Range(0, scores.Length).ToArray();
            new Random(seed).Shuffle(order);
            foreach (var item in order) top.Offer(item, scores[item]);
            top.Sort();
            var expected = Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(k).ToArray();
            Assert.Equal(expected, top.Items.ToArray());
            Assert.Equal(expected.Select(i => (float)scores[i]), top.Scores.ToArray());
        });

    [Fact]
    public void Floor_is_what_a_newcomer_must_reach()
    {
        var top = new TopK(2);
        Assert.Equal(float.NegativeInfinity, top.Floor);
        top.Offer(7, 1);
        top.Offer(3, 4);
        Assert.Equal(1, top.Floor);
        top.Offer(8, 1); // the same score, a larger index
        top.Offer(6, 1); // the same score, a smaller index
        top.Sort();
        Assert.Equal([3, 6], top.Items.ToArray());
        Assert.Equal(float.PositiveInfinity, new TopK(0).Floor);
    }

    [Fact]
    public void What_is_known_is_passed_over_and_the_scores_are_cleared()
    {
        var top = new TopK(2);
        top.Offer(0, 9); // of the row before
        float[] scores = [3, 5, 1, 0, -2, 4];
        top.TakeUnknown(scores, [1]);
        Assert.Equal([5, 0], top.Items.ToArray());
        Assert.Equal([4f, 3f], top.Scores.ToArray());
        Assert.Equal(new float[6], scores);
    }
}
