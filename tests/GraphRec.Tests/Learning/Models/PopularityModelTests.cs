using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

/// <summary>How many users have an item, worked out by hand.</summary>
public sealed class PopularityModelTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_counts_users_and_with_a_half_life_recent_ones_more()
    {
        Assert.Equal([1, 2, 1, 0], Scores(halfLifeDays: 0));
        // The last engagement is that of day 20; those of days 0, 10 and 10 are two, one and one half-life older.
        Assert.Equal([0.25f, 1, 1, 0], Scores(halfLifeDays: 10));
    }

    private static float[] Scores(double halfLifeDays)
    {
        Engagement[] engagements = [Pair("u1", "a", 0), Pair("u1", "b", 10), Pair("u2", "b", 10), Pair("u2", "c", 20)];
        var pairs = EventLogInteractions.Of(["a", "b", "c", "d"], engagements, "four");
        var model = PopularityModel.Fit(new FitInput(pairs.Matrix(), pairs, Seed: 1, Threads: 1), halfLifeDays);
        var scores = new float[4];
        model.NewScorer().Score(new UserBlock([0], [0, 1], [0], [1]), scores);
        return scores;
    }

    private static Engagement Pair(string user, string drama, int day) => new(user, drama, Start.AddDays(day));
}
