using GraphRec.Core;
using GraphRec.Learning.Simulation;
using MathNet.Numerics.Distributions;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// Whether two models differ by more than the choice of users explains, from their values for the same users. Which test
/// suits which metric: Smucker, Allan, Carterette, "A comparison of statistical significance tests for information retrieval
/// evaluation", CIKM 2007, who advise the randomization test.
/// </summary>
/// <param name="Users">How many users were compared.</param>
/// <param name="Difference">The mean of first − second and its bootstrap interval.</param>
/// <param name="P">Two-sided p-value of the randomization test; the smaller, the less it looks like chance.</param>
/// <param name="T">Student's paired t; infinite when all users differ by the same amount, 0 when none differs.</param>
/// <param name="StudentP">Two-sided p-value of <paramref name="T"/> with users − 1 degrees of freedom.</param>
public sealed record PairedTest(int Users, BootstrapInterval Difference, double P, double T, double StudentP)
{
    /// <summary>
    /// Tests the values of two models, user by user. If the models were alike, the sign of each user's difference would be
    /// a coin's: P is the share of ways to set the signs whose mean is at least as far from 0 as the one found (Fisher's
    /// randomization test). All 2^users ways when they are no more than <paramref name="permutations"/>; else that many drawn
    /// ones, the found one counted in, so that P is never 0 (Phipson, Smyth, "Permutation p-values should never be zero",
    /// 2010). Every permutation has a random stream of its own, so that threads cannot matter. Time: users · permutations.
    /// </summary>
    /// <param name="first">One value per user of one model.</param>
    /// <param name="second">The other model's values for the same users in the same order.</param>
    /// <param name="seed">The same seed gives the same answer, and with the models exchanged the same P.</param>
    /// <param name="permutations">How many settings of the signs at most, from 1.</param>
    /// <param name="threads">Threads to draw with, from 1; the result is the same for any number.</param>
    /// <param name="cancel">Ends the work with an exception.</param>
    /// <exception cref="InvalidInputException">
    /// There are fewer than two users, a value is not finite, or permutations or threads is less than 1.
    /// </exception>
    public static PairedTest Of(
        IReadOnlyList<double> first, IReadOnlyList<double> second, int seed, int permutations = 10_000, int threads = 2,
        CancellationToken cancel = default)
    {
        if (first.Count != second.Count)
            throw new ArgumentException($"one model has {first.Count} users but the other {second.Count}; give both for the same.", nameof(second));
        if (first.Count < 2)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"there are {first.Count} users to compare; give at least 2.");
        var parallel = BootstrapInterval.Threads(threads, cancel);
        var differences = new double[first.Count];
        for (var user = 0; user < differences.Length; user++) differences[user] = first[user] - second[user];
        var interval = BootstrapInterval.Of(differences, seed, threads: threads, cancel: cancel);
        var t = TStatistic(differences, interval.Mean);
        var studentP = double.IsInfinity(t) ? 0 : 2 * StudentT.CDF(0, 1, differences.Length - 1, -Math.Abs(t));
        return new PairedTest(differences.Length, interval, Randomization(differences, seed, Positive.Of(permutations), parallel), t, studentP);
    }

    private static double Randomization(double[] differences, int seed, int permutations, ParallelOptions parallel)
    {
        var (sum, size) = (0.0, 0.0);
        foreach (var difference in differences) (sum, size) = (sum + difference, size + Math.Abs(difference));
        // Sums that are equal but for the order of rounding must count as equal.
        var bar = Math.Abs(sum) - (1e-12 * size);
        var exact = differences.Length < 31 && 1 << differences.Length <= permutations;
        var count = exact ? 1 << differences.Length : permutations;
        long asFar = 0;
        Parallel.For(0, count, parallel, () => 0L, (n, _, found) =>
        {
            var flipped = exact ? Flipped(differences, (ulong)n) : Flipped(differences, new SimulationRandom(seed, n));
            return Math.Abs(flipped) >= bar ? found + 1 : found;
        }, found => Interlocked.Add(ref asFar, found));
        return exact ? (double)asFar / count : (1.0 + asFar) / (1.0 + count);
    }

    private static double Flipped(ReadOnlySpan<double> differences, SimulationRandom random)
    {
        var sum = 0.0;
        for (var start = 0; start < differences.Length; start += 64)
            sum += Flipped(differences.Slice(start, Math.Min(64, differences.Length - start)), random.Next());
        return sum;
    }

    /// <summary>
    /// The sum of up to 64 differences, the sign of each turned where its bit is set. Without a branch, which nothing could predict.
    /// </summary>
    private static double Flipped(ReadOnlySpan<double> differences, ulong signs)
    {
        var sum = 0.0;
        foreach (var difference in differences)
        {
            sum += BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(difference) ^ (signs << 63));
            signs >>= 1;
        }
        return sum;
    }

    private static double TStatistic(ReadOnlySpan<double> differences, double mean)
    {
        if (!differences.ContainsAnyExcept(differences[0])) return mean == 0 ? 0 : mean * double.PositiveInfinity;
        var squares = 0.0;
        foreach (var difference in differences) squares += (difference - mean) * (difference - mean);
        return mean / Math.Sqrt(squares / (differences.Length - 1) / differences.Length);
    }
}
