using CsCheck;
using GraphRec.Learning.Data;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Factors;
using GraphRec.Learning.Simulation;
using Xunit;

namespace GraphRec.Tests.Learning.Models.Factors;

public sealed class BprTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Those_who_were_fitted_and_those_folded_in_have_their_own_items_before_others()
    {
        var train = ModelContractTests.Data.Train;
        var model = ModelKinds.Fit(ModelRecipe.Default("bpr"), FitInput.Of(ModelContractTests.Data, 1, 1), Cancel);
        Assert.InRange(Auc(user => user), 0.85, 1);
        Assert.InRange(Auc(_ => UserBlock.Unknown), 0.75, 1);

        // How often an item of a user is scored above one that is not.
        double Auc(Func<int, int> numberOf)
        {
            var (right, all) = (0, 0);
            var scores = new float[24];
            for (var user = 0; user < train.Users.Count; user++)
            {
                var items = train.ItemsOf(user).ToArray();
                model.NewScorer().Score(new UserBlock([numberOf(user)], [0, items.Length], items, [.. items.Select(_ => 1f)]), scores);
                foreach (var item in items)
                {
                    foreach (var other in Enumerable.Range(0, 24).Except(items)) (right, all) = (right + (scores[item] > scores[other] ? 1 : 0), all + 1);
                }
            }
            return (double)right / all;
        }
    }

    /// <summary>A vector folded in maximises a concave function: no small change of one number makes it larger.</summary>
    [Fact]
    public void Folding_in_finds_the_maximum() => Gen.Select(Gen.Int[1, 12], Gen.Int[0, 1000]).Sample((count, seed) =>
    {
        var random = new Random(seed);
        var table = new FactorTable(40, 6);
        table.Draw(seed, 0.5, 1, Cancel);
        int[] items = [.. Enumerable.Range(0, 40).OrderBy(_ => random.Next()).Take(count).Order()];
        float[] weights = [.. items.Select(_ => (0.2f + random.NextSingle()) * (random.Next(4) == 0 ? -1 : 1))];
        const double regularization = 0.1;
        var w = new BprFolding(table, regularization).Run(items, weights).ToArray();
        Assert.Equal(1, w[0]);
        for (var k = 1; k < 6; k++)
        {
            var (up, down) = (w.ToArray(), w.ToArray());
            (up[k], down[k]) = (w[k] + 0.01f, w[k] - 0.01f);
            Assert.Equal(0, (Objective(up) - Objective(down)) / 0.02, 5e-3);
        }

        // All 40 items stand for the others, since there are fewer than are drawn.
        double Objective(float[] v)
        {
            var sum = -regularization / 2 * v.Skip(1).Sum(x => (double)x * x);
            for (var n = 0; n < items.Length; n++)
            {
                for (var other = 0; other < 40; other++)
                {
                    var difference = Math.Sign(weights[n]) * (Score(v, items[n]) - Score(v, other));
                    sum -= Math.Abs(weights[n]) * Math.Log(1 + Math.Exp(-difference)) / (items.Length * 40.0);
                }
            }
            return sum;
        }

        double Score(float[] v, int item)
        {
            var sum = 0.0;
            for (var k = 0; k < 6; k++) sum += (double)v[k] * table[item][k];
            return sum;
        }
    }, iter: 50);

    [Fact]
    public void Numbers_are_drawn_in_proportion_to_their_weights()
    {
        var table = new AliasTable([1, 0, 3, 6]);
        var random = new SimulationRandom(3, 0);
        var counts = new int[4];
        for (var n = 0; n < 100_000; n++) counts[table.Draw(random)]++;
        // Five standard deviations of a share of 100,000 draws are at most 0.008.
        double[] expected = [0.1, 0, 0.3, 0.6];
        for (var n = 0; n < 4; n++) Assert.Equal(expected[n], counts[n] / 100_000.0, 0.008);
        Assert.Equal(0, counts[1]);
    }
}
