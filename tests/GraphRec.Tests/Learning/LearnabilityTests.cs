using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Simulation;
using Xunit;

namespace GraphRec.Tests.Learning;

/// <summary>The default set of simulated events can be learned, but not trivially: the bounds docs/simulation.md states.</summary>
public sealed class LearnabilityTests
{
    [Fact]
    public void The_best_simple_model_is_well_above_popularity_and_above_neighbours_and_far_from_perfect()
    {
        var found = LearnabilityCheck.Run(SeedCatalogue.All, SeedCatalogue.DefaultEvents, cancel: TestContext.Current.CancellationToken);
        var ndcg = found.Rows.ToDictionary(r => r.Model, r => r.Ndcg);
        Assert.InRange(ndcg[LearnabilityCheck.SumName] / ndcg["popularity"], 1.8, 4);
        Assert.InRange(ndcg[LearnabilityCheck.SumName] / ndcg["itemknn"], 1.05, 1.6);
        Assert.True(ndcg["Content (TF-IDF)"] < ndcg["itemknn"], "behaviour must hold what the facts do not");
        Assert.All(found.Rows, row => Assert.InRange(row.Recall, 0.01, 0.4));
        Assert.True(found.TestUsers > 1000);
        using var text = new StringWriter();
        SimulationReport.Of(SeedCatalogue.All, SeedCatalogue.DefaultEvents).Write(text, found);
        TestContext.Current.TestOutputHelper!.WriteLine(text.ToString());
    }
}
