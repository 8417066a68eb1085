using GraphRec.Ranking;
using Xunit;

namespace GraphRec.Tests.Ranking;

public sealed class LinearRankerTests
{
    [Fact]
    public void The_score_is_the_weighted_sum()
    {
        var ranker = new LinearRanker([0.5f, 0.25f, 0f]);
        Assert.Equal(3, ranker.FeatureCount);
        Assert.Equal(0.25f, ranker.Weight(1));
        Assert.Equal(0.5 * 1 - 0.25 * 0.5, ranker.Score([1f, -0.5f, 9f]));
        Assert.Equal(0, new LinearRanker([]).Score([]));
    }

    [Fact]
    public void The_sum_is_taken_in_double()
    {
        // In float, 2^24 + 1 is 2^24.
        Assert.Equal(16_777_217, new LinearRanker([16_777_216f, 1f]).Score([1f, 1f]));
    }

    [Fact]
    public void Weights_are_copied()
    {
        float[] weights = [1f];
        var ranker = new LinearRanker(weights);
        weights[0] = 2;
        Assert.Equal(1, ranker.Score([1f]));
    }

    [Fact]
    public void The_default_objectives_are_good() => Assert.Null(new ObjectiveWeights().Problem());

    [Theory]
    [InlineData(0.6, 0.2, "must sum to 1, but sum to 1.1")]
    [InlineData(0.4, 0.2, "must sum to 1, but sum to 0.9")]
    [InlineData(-0.1, 0.8, "must be from 0 to 1")]
    [InlineData(1.1, 0.2, "must be from 0 to 1")]
    [InlineData(double.NaN, 0.2, "must be from 0 to 1")]
    public void Bad_objectives_are_named(double relevance, double diversity, string part) =>
        Assert.Contains(part, new ObjectiveWeights { Relevance = relevance, Diversity = diversity }.Problem());

    [Fact]
    public void Every_objective_is_checked()
    {
        Assert.NotNull(new ObjectiveWeights { Freshness = -0.1 }.Problem());
        Assert.NotNull(new ObjectiveWeights { Completion = 2 }.Problem());
        Assert.NotNull(new ObjectiveWeights { Priority = double.PositiveInfinity }.Problem());
        Assert.Null(new ObjectiveWeights { Relevance = 1, Diversity = 0, Freshness = 0, Completion = 0, Priority = 0 }.Problem());
    }
}
