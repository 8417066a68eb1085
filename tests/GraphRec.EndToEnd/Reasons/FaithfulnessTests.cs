using GraphRec.Benchmarks;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.EndToEnd.Reasons;

public sealed class SeedFaithfulnessTests(SeedData data) : FaithfulnessTests(data);

[Trait("data", "MovieLens")]
public sealed class MovieLensFaithfulnessTests(MovieLensData data) : FaithfulnessTests(data);

/// <summary>The deletion test on 500 sampled recommendations; see <see cref="Faithfulness"/>.</summary>
public abstract class FaithfulnessTests(RealData data)
{
    private const int Samples = 500;

    [Fact]
    public void Taking_the_cited_edges_away_lowers_the_rank()
    {
        if (data.Missing is { } why) Assert.Skip(why);
        var result = new Faithfulness(data.Graph, Recipe.Default, data.Now, data.Trained).Run(data.Viewers(400), Samples, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper!.WriteLine(result.ToString());
        Assert.Equal(Samples, result.Samples);
        Assert.True(result.Cited >= 0.9 * Samples, result.ToString());
        Assert.True(result.Random <= result.Cited - 0.1 * Samples, result.ToString());
    }
}
