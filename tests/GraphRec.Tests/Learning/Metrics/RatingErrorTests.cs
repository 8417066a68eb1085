using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using Xunit;

namespace GraphRec.Tests.Learning.Metrics;

public sealed class RatingErrorTests
{
    private static readonly Gen<(double[] Predicted, double[] Actual)> Ratings =
        from n in Gen.Int[1, 20]
        from predicted in Gen.Double[-5, 15].Array[n]
        from actual in Gen.Int[1, 10].Array[n]
        select (predicted, actual.Select(a => (double)a).ToArray());

    [Fact]
    public void Both_have_the_value_worked_out_by_hand()
    {
        // Errors −1, 0.5 and 0: √(1.25 / 3) and 1.5 / 3.
        Assert.Equal(0.6454972243679028, Rmse.Of([3, 4.5, 1], [4, 4, 1]), 12);
        Assert.Equal(0.5, Mae.Of([3, 4.5, 1], [4, 4, 1]), 12);
    }

    [Fact]
    public void Rmse_is_at_least_mae_and_both_are_0_only_for_the_truth() => Ratings.Sample(r =>
    {
        var (rmse, mae) = (Rmse.Of(r.Predicted, r.Actual), Mae.Of(r.Predicted, r.Actual));
        Assert.True(rmse >= mae * (1 - 1e-12));
        Assert.Equal(r.Predicted.SequenceEqual(r.Actual), mae == 0);
        Assert.Equal(0, Rmse.Of(r.Actual, r.Actual));
        Assert.Equal(0, Mae.Of(r.Actual, r.Actual));
        Assert.Equal(rmse, Rmse.Of(r.Actual, r.Predicted));
    });

    [Fact]
    public void A_constant_error_is_the_value_of_both() => Gen.Select(Ratings, Gen.Int[-3, 3]).Sample((r, by) =>
    {
        double[] shifted = [.. r.Actual.Select(a => a + by)];
        Assert.Equal(Math.Abs(by), Rmse.Of(shifted, r.Actual), 12);
        Assert.Equal(Math.Abs(by), Mae.Of(shifted, r.Actual), 12);
    });

    [Fact]
    public void What_cannot_be_measured_is_refused_with_what_to_change()
    {
        Assert.Equal("there is no rating to measure; hold some out.", Assert.Throws<InvalidInputException>(() => Rmse.Of([], [])).Message);
        var refused = Assert.Throws<InvalidInputException>(() => Mae.Of([1, double.NaN], [1, 2]));
        Assert.Equal("rating 1 is predicted as NaN and is 2; both must be finite numbers.", refused.Message);
        Assert.Throws<InvalidInputException>(() => Rmse.Of([1], [double.PositiveInfinity]));
        Assert.Throws<ArgumentException>(() => Mae.Of([1], [1, 2]));
    }
}
