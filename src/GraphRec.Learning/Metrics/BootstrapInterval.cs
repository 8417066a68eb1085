using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// A mean over users and how far it would have moved with other users: the percentile bootstrap (Efron, Tibshirani, "An
/// introduction to the bootstrap", 1993, §13.3).
/// </summary>
/// <param name="Mean">The mean of the values.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Level">The share of resampled means inside, 0.95 unless told.</param>
public sealed record BootstrapInterval(double Mean, double Low, double High, double Level)
{
    /// <summary>
    /// Draws as many values with replacement as there are, takes their mean, <paramref name="resamples"/> times over, and
    /// cuts (1 − level) / 2 of the means off at each end (interpolated between neighbours: Hyndman, Fan 1996, type 7). Every
    /// resample has a random stream of its own, so that threads cannot matter. Time: values · resamples.
    /// </summary>
    /// <param name="values">One value per user.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="resamples">How many means are drawn, from 1.</param>
    /// <param name="level">Between 0 and 1.</param>
    /// <param name="threads">Threads to draw with, from 1; the result is the same for any number.</param>
    /// <param name="cancel">Ends the work with an exception.</param>
    /// <exception cref="InvalidInputException">There is no value, one is not finite, or a parameter is out of range.</exception>
    public static BootstrapInterval Of(
        IReadOnlyList<double> values, int seed, int resamples = 1000, double level = 0.95, int threads = 2,
        CancellationToken cancel = default)
    {
        return OfAll([values], seed, resamples, level, threads, cancel)[0];
    }

    /// <summary>
    /// The intervals of several values per user, each the same as <see cref="Of"/> gives. A user that is drawn is drawn for all
    /// of them, so that twelve metrics take little longer than one: drawing is what takes time.
    /// </summary>
    /// <exception cref="InvalidInputException">There is no value, one is not finite, or a parameter is out of range.</exception>
    public static IReadOnlyList<BootstrapInterval> OfAll(
        IReadOnlyList<IReadOnlyList<double>> values, int seed, int resamples = 1000, double level = 0.95, int threads = 2,
        CancellationToken cancel = default)
    {
        if (level is not (> 0 and < 1))
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"level is {level}; set it between 0 and 1.");
        var parallel = Threads(threads, cancel);
        var (users, width) = (values.Count == 0 ? 0 : values[0].Count, values.Count);
        foreach (var kept in values) Check(kept, users);
        // A row per user, so that what is drawn together lies together.
        var rows = new double[users * width];
        for (var n = 0; n < rows.Length; n++) rows[n] = values[n % width][n / width];
        var means = values.Select(_ => new double[Positive.Of(resamples)]).ToArray();
        Parallel.For(0, resamples, parallel, n =>
        {
            var random = new SimulationRandom(seed, n);
            var sums = new double[width];
            for (var draw = 0; draw < users; draw++)
            {
                var row = rows.AsSpan(random.Below(users) * width, width);
                TensorPrimitives.Add(sums, row, sums);
            }
            for (var m = 0; m < width; m++) means[m][n] = sums[m] / users;
        });
        return [.. values.Select((kept, m) =>
        {
            Array.Sort(means[m]);
            return new BootstrapInterval(kept.Sum() / users, Quantile(means[m], (1 - level) / 2), Quantile(means[m], (1 + level) / 2), level);
        })];
    }

    /// <summary>How to run resamples.</summary>
    internal static ParallelOptions Threads(int threads, CancellationToken cancel) =>
        new() { MaxDegreeOfParallelism = Positive.Of(threads), CancellationToken = cancel };

    /// <summary>Refuses values of which there is no mean.</summary>
    private static void Check(IReadOnlyList<double> values, int users)
    {
        if (values.Count != users) throw new ArgumentException($"there are {users} and {values.Count} users; give the same for all.", nameof(values));
        if (values.Count == 0)
            throw new InvalidInputException(ErrorCodes.BadUserInput, "there is no user to take a mean over; give at least one value.");
        for (var user = 0; user < values.Count; user++)
        {
            if (!double.IsFinite(values[user]))
                throw new InvalidInputException(ErrorCodes.BadUserInput, $"value {user} is {values[user]}; give finite numbers.");
        }
    }

    private static double Quantile(ReadOnlySpan<double> sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
