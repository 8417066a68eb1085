using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Metrics;
using Xunit;

namespace GraphRec.Tests.Learning.Metrics;

/// <summary>Bootstrap intervals and paired tests.</summary>
public sealed class SignificanceTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private static readonly Gen<double[]> Values = Gen.Double[0, 1].Array[2, 40];

    private static readonly Gen<(double[] First, double[] Second)> Pairs =
        from n in Gen.Int[2, 25]
        from first in Gen.Int[0, 4].Array[n]
        from second in Gen.Int[0, 4].Array[n]
        select (first.Select(v => v / 10.0).ToArray(), second.Select(v => v / 10.0).ToArray());

    [Fact]
    public void The_interval_of_two_values_is_known()
    {
        // Means of two draws from 0 and 1: 0, ½ and 1 with ¼, ½ and ¼. 95 % reaches from end to end, the middle fifth is ½.
        Assert.Equal(new BootstrapInterval(0.5, 0, 1, 0.95), BootstrapInterval.Of([0, 1], 7, cancel: Cancel));
        Assert.Equal(new BootstrapInterval(0.5, 0.5, 0.5, 0.2), BootstrapInterval.Of([0, 1], 7, level: 0.2, cancel: Cancel));
        Assert.Equal(new BootstrapInterval(3, 3, 3, 0.95), BootstrapInterval.Of([3], 7, cancel: Cancel));
    }

    [Fact]
    public void The_interval_is_near_that_of_the_normal_distribution_for_many_values()
    {
        // 0, 1, …, 99 over 100: mean 0.495, standard deviation √((100² − 1) / 12) / 100, ± 1.96 standard errors.
        double[] values = [.. Enumerable.Range(0, 100).Select(v => v / 100.0)];
        var interval = BootstrapInterval.Of(values, 1, 20_000, cancel: Cancel);
        var half = 1.959964 * Math.Sqrt(9999 / 12.0) / 100 / 10;
        Assert.Equal(0.495, interval.Mean, 12);
        Assert.Equal(0.495 - half, interval.Low, 0.002);
        Assert.Equal(0.495 + half, interval.High, 0.002);
    }

    [Fact]
    public void The_interval_holds_the_mean_and_a_narrower_level_lies_inside() => Gen.Select(Values, Gen.Int[0, 100]).Sample((values, seed) =>
    {
        var (wide, narrow) = (BootstrapInterval.Of(values, seed, 400, cancel: Cancel), BootstrapInterval.Of(values, seed, 400, 0.5, cancel: Cancel));
        Assert.Equal(values.Average(), wide.Mean, 12);
        Assert.InRange(wide.Mean, wide.Low, wide.High);
        Assert.InRange(wide.Low, values.Min() - 1e-12, narrow.Low);
        Assert.InRange(wide.High, narrow.High, values.Max() + 1e-12);
    }, iter: 50);

    [Fact]
    public void The_seed_alone_decides_and_not_the_threads()
    {
        double[] first = [.. Enumerable.Range(0, 300).Select(v => Math.Sin(v))], second = [.. Enumerable.Range(0, 300).Select(v => Math.Sin(v + 0.1))];
        var one = BootstrapInterval.Of(first, 3, threads: 1, cancel: Cancel);
        Assert.Equal(one, BootstrapInterval.Of(first, 3, threads: 7, cancel: Cancel));
        Assert.NotEqual(one, BootstrapInterval.Of(first, 4, threads: 1, cancel: Cancel));
        var test = PairedTest.Of(first, second, 3, 2000, threads: 1, cancel: Cancel);
        Assert.Equal(test, PairedTest.Of(first, second, 3, 2000, threads: 7, cancel: Cancel));
        Assert.NotEqual(test.P, PairedTest.Of(first, second, 4, 2000, threads: 1, cancel: Cancel).P);
    }

    [Fact]
    public void Few_users_are_tested_over_all_signs()
    {
        // Differences 1, 1, 2: of the 8 ways, +++ (4) and −−− (−4) are as far from 0 as 4.
        var test = PairedTest.Of([2, 3, 5], [1, 2, 3], 1, cancel: Cancel);
        Assert.Equal((3, 2.0 / 8), (test.Users, test.P));
        Assert.Equal(4.0 / 3, test.Difference.Mean, 12);
        // Differences 1, 1, −2 sum to 0: every way is as far.
        Assert.Equal(1, PairedTest.Of([2, 3, 1], [1, 2, 3], 1, cancel: Cancel).P);
        // Differences 3, −1, 1: with 3 first the sums are 1, 3, 3 and 5, of which three are as far as 3; and so for −3.
        Assert.Equal(6.0 / 8, PairedTest.Of([3, 0, 1], [0, 1, 0], 1, cancel: Cancel).P);
    }

    [Fact]
    public void Students_t_is_that_of_the_tables()
    {
        // Differences 1, 2, 3, 4, 5: mean 3, variance 2.5, t = 3 / √(2.5 / 5) = 4.242641.
        var test = PairedTest.Of([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], 1, cancel: Cancel);
        Assert.Equal(4.242640687119285, test.T, 12);
        // With 4 degrees of freedom the distribution is ½ + ¾·(x − x³/3) with x = t / √(4 + t²): 0.993380.
        var x = test.T / Math.Sqrt(4 + (test.T * test.T));
        Assert.Equal(2 * (0.5 - (0.75 * (x - (x * x * x / 3)))), test.StudentP, 10);
        // Tables: t(0.975) with 10 degrees of freedom is 2.228. −5, …, 5 have variance 11, so a standard error of √(11 / 11).
        double[] about = [.. Enumerable.Range(0, 11).Select(n => n - 5.0)];
        Assert.Equal(0.05, PairedTest.Of([.. about.Select(a => a + 2.228)], new double[11], 1, cancel: Cancel).StudentP, 0.0001);
    }

    [Fact]
    public void Without_any_difference_p_is_1_and_with_the_same_for_all_t_is_infinite()
    {
        double[] values = [0.1, 0.7, 0.3];
        var same = PairedTest.Of(values, values, 1, cancel: Cancel);
        Assert.Equal((1, 0, 1), (same.P, same.T, same.StudentP));
        var shifted = PairedTest.Of([1, 2, 3], [2, 3, 4], 1, cancel: Cancel);
        Assert.Equal((0.25, double.NegativeInfinity, 0), (shifted.P, shifted.T, shifted.StudentP));
    }

    [Fact]
    public void Models_exchanged_have_the_same_p_and_the_opposite_difference() => Gen.Select(Pairs, Gen.Int[0, 100]).Sample((pair, seed) =>
    {
        var (one, other) = (PairedTest.Of(pair.First, pair.Second, seed, 500, cancel: Cancel), PairedTest.Of(pair.Second, pair.First, seed, 500, cancel: Cancel));
        Assert.Equal((one.P, one.StudentP, -one.T, -one.Difference.Mean), (other.P, other.StudentP, other.T, other.Difference.Mean));
        Assert.InRange(one.P, 1.0 / 501, 1);
        Assert.InRange(one.StudentP, 0, 1);
    }, iter: 50);

    [Fact]
    public void Drawn_signs_come_near_all_signs() => Pairs.Where(p => p.First.Length is > 5 and < 12).Sample(pair =>
    {
        // With at most 11 users all ways are gone through; with 12 more there are too many.
        var all = PairedTest.Of(pair.First, pair.Second, 5, 2048, cancel: Cancel).P;
        var drawn = PairedTest.Of([.. pair.First, .. Zeros], [.. pair.Second, .. Zeros], 5, 4000, cancel: Cancel).P;
        // Six standard errors of a share of 4,000. Users without a difference change no sum.
        Assert.Equal(all, drawn, (6 * Math.Sqrt(all * (1 - all) / 4000)) + (1.0 / 4000));
    }, iter: 30);

    [Fact]
    public void A_clear_difference_is_found_and_none_is_not()
    {
        var random = new Random(1);
        double[] first = [.. Enumerable.Range(0, 1000).Select(_ => random.NextDouble())];
        double[] noise = [.. first.Select(v => v + random.NextDouble() - 0.5)], better = [.. noise.Select(v => v + 0.05)];
        var alike = PairedTest.Of(noise, first, 1, 2000, cancel: Cancel);
        Assert.InRange(alike.P, 0.05, 1);
        Assert.InRange(0, alike.Difference.Low, alike.Difference.High);
        var clear = PairedTest.Of(better, first, 1, 2000, cancel: Cancel);
        Assert.Equal(1 / 2001.0, clear.P);
        Assert.True(clear.Difference.Low > 0 && clear.StudentP < 0.001);
        // Two tests of one question, with a thousand users: nearly the same answer.
        Assert.Equal(alike.StudentP, alike.P, 0.05);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_with_what_to_change()
    {
        Refused("there is no user to take a mean over; give at least one value.", () => BootstrapInterval.Of([], 1, cancel: Cancel));
        Refused("value 1 is NaN; give finite numbers.", () => BootstrapInterval.Of([1, double.NaN], 1, cancel: Cancel));
        Refused("resamples is 0; set it to 1 or more.", () => BootstrapInterval.Of([1], 1, 0, cancel: Cancel));
        Refused("level is 1; set it between 0 and 1.", () => BootstrapInterval.Of([1], 1, level: 1, cancel: Cancel));
        Refused("threads is 0; set it to 1 or more.", () => BootstrapInterval.Of([1], 1, threads: 0, cancel: Cancel));
        Refused("there are 1 users to compare; give at least 2.", () => PairedTest.Of([1], [1], 1, cancel: Cancel));
        Refused("permutations is 0; set it to 1 or more.", () => PairedTest.Of([1, 2], [1, 2], 1, 0, cancel: Cancel));
        Refused("value 0 is NaN; give finite numbers.", () => PairedTest.Of([double.NaN, 2], [1, 2], 1, cancel: Cancel));
        Assert.Throws<ArgumentException>(() => PairedTest.Of([1, 2], [1], 1, cancel: Cancel));
        Assert.ThrowsAny<OperationCanceledException>(() => BootstrapInterval.Of([1, 2], 1, cancel: new CancellationToken(true)));
    }

    private static readonly double[] Zeros = new double[12];

    private static void Refused(string message, Func<object> make)
    {
        var refused = Assert.Throws<InvalidInputException>(make);
        Assert.Equal((ErrorCodes.BadUserInput, message), (refused.Code, refused.Message));
    }
}
