using System.IO.Hashing;
using System.Text;
using GraphRec.Learning.Models;
using GraphRec.Learning.Simulation;
using MathNet.Numerics.Distributions;

namespace GraphRec.Learning.Tuning;

/// <summary>
/// Chooses the next recipe to try from those tried before: the recipe as given, then a few points that are spread evenly
/// (Halton, "On the efficiency of certain quasi-random sequences", 1960, shifted at random: Cranley, Patterson, 1976), then
/// where a Gaussian process expects the largest improvement (Jones, Schonlau, Welch, "Efficient global optimization", 1998).
/// The choice depends on the seed and on what was tried alone, so that a search goes on from its record.
/// </summary>
public sealed class Search
{
    private const int Candidates = 512;
    // Beyond it the worst are forgotten: time grows with the cube.
    private const int MaxPoints = 120;
    private static readonly int[] Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53];

    private readonly SearchSpace _space;
    private readonly int _seed;
    private readonly long _stream;

    /// <param name="space">What varies.</param>
    /// <param name="name">Of the model; searches of one seed and different names draw different numbers.</param>
    /// <param name="seed">For every random choice.</param>
    public Search(SearchSpace space, string name, int seed)
    {
        (_space, _seed) = (space, seed);
        _stream = (long)(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(name)) >> 24) << 16;
    }

    /// <summary>How many trials are spread evenly before the search follows what it learned; the first is the recipe as given.</summary>
    public int Spread => 1 + Math.Min(2 * _space.Dimensions.Count, _space.Dimensions.Count + 3);

    /// <summary>The next recipe; null when nothing is left that was not tried.</summary>
    /// <param name="given">The recipe to begin with.</param>
    /// <param name="tried">Every recipe so far with its value, the higher the better; null where it could not be measured.</param>
    public ModelRecipe? Next(ModelRecipe given, IReadOnlyList<(ModelRecipe Recipe, double? Value)> tried)
    {
        if (tried.Count == 0) return _space.Written(given);
        if (_space.Dimensions.Count == 0) return null;
        var random = new SimulationRandom(_seed, _stream + tried.Count);
        var known = tried.Select(t => Key(t.Recipe)).ToHashSet();
        var values = Values(tried);
        if (tried.Count < Spread || values is null)
        {
            var halton = _space.At(Halton(tried.Count));
            if (!known.Contains(Key(halton))) return halton;
        }
        double[][] points = [.. tried.Select(t => _space.PointOf(t.Recipe))];
        var candidates = Drawn(random, points, values ?? new double[points.Length]).ToArray();
        if (values is not null) candidates = [.. ByImprovement(points, values, candidates)];
        return candidates.Select(point => _space.At(point)).FirstOrDefault(recipe => !known.Contains(Key(recipe)));
    }

    /// <summary>
    /// Of the trials that are within one standard error of the best, the one nearest to the recipe as given (see
    /// <see cref="TrialChoice.OneStandardError"/>); null when none has a value.
    /// </summary>
    public Trial? Cautious(ModelRecipe given, IReadOnlyList<Trial> tried)
    {
        if (tried.Where(t => t.Value is not null).MaxBy(t => t.Value) is not { } best) return null;
        var origin = _space.PointOf(given);
        return tried.Where(t => t.Value >= best.Value - (best.Error ?? 0)).MinBy(t => Distance(origin, PointOf(given, t)));
    }

    /// <summary>A recipe between the cautious one and the recipe as given, nearer to one or the other by turns; null when all were tried.</summary>
    public ModelRecipe? Retreat(ModelRecipe given, IReadOnlyList<Trial> tried)
    {
        if (Cautious(given, tried) is not { } chosen) return null;
        var known = tried.Select(t => Key(given with { Parameters = t.Params })).ToHashSet();
        var (from, to) = (PointOf(given, chosen), _space.PointOf(given));
        foreach (var share in (ReadOnlySpan<double>)[0.5, 0.25, 0.75])
        {
            var between = _space.At([.. from.Zip(to, (a, b) => a + (share * (b - a)))]);
            if (!known.Contains(Key(between))) return between;
        }
        return null;
    }

    private double[] PointOf(ModelRecipe given, Trial trial) => _space.PointOf(given with { Parameters = trial.Params });

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    /// <summary>
    /// The values with failures as bad as the worst; those far below the middle are raised, because they would make the rest
    /// look flat. Null when nothing was measured yet.
    /// </summary>
    private static double[]? Values(IReadOnlyList<(ModelRecipe Recipe, double? Value)> tried)
    {
        double[] found = [.. tried.Where(t => t.Value is not null).Select(t => t.Value!.Value).Order()];
        if (found.Length == 0) return null;
        var (best, middle) = (found[^1], found[found.Length / 2]);
        var floor = best > middle ? Math.Max(found[0], best - (4 * (best - middle))) : found[0];
        return [.. tried.Select(t => Math.Max(floor, t.Value ?? found[0]))];
    }

    private IEnumerable<double[]> Drawn(SimulationRandom random, double[][] points, double[] values)
    {
        var dimensions = _space.Dimensions.Count;
        var best = Enumerable.Range(0, points.Length).OrderByDescending(n => values[n]).ThenBy(n => n).Take(3).ToArray();
        for (var n = 0; n < Candidates; n++)
        {
            var anywhere = new double[dimensions];
            for (var d = 0; d < dimensions; d++) anywhere[d] = random.Unit();
            yield return anywhere;
            // Near one of the best, at every scale from a fiftieth to a fifth of the range.
            var near = (double[])points[best[n % best.Length]].Clone();
            var size = 0.02 * Math.Pow(10, random.Unit());
            for (var d = 0; d < dimensions; d++) near[d] = Math.Clamp(near[d] + (size * random.Normal()), 0, 1);
            yield return near;
        }
    }

    private static IEnumerable<double[]> ByImprovement(double[][] points, double[] values, double[][] candidates)
    {
        int[] kept = [.. Enumerable.Range(0, points.Length).OrderByDescending(n => values[n]).ThenBy(n => n).Take(MaxPoints)];
        var process = new GaussianProcess([.. kept.Select(n => points[n])], [.. kept.Select(n => values[n])]);
        var best = values.Max();
        return candidates.Select(point => (point, Improvement(process.At(point), best))).OrderByDescending(c => c.Item2).Select(c => c.point);
    }

    /// <summary>The expected improvement on the best value.</summary>
    private static double Improvement((double Mean, double Deviation) at, double best)
    {
        if (at.Deviation < 1e-12) return Math.Max(0, at.Mean - best);
        var z = (at.Mean - best) / at.Deviation;
        return ((at.Mean - best) * Normal.CDF(0, 1, z)) + (at.Deviation * Normal.PDF(0, 1, z));
    }

    private double[] Halton(int number)
    {
        var shift = new SimulationRandom(_seed, _stream);
        var point = new double[_space.Dimensions.Count];
        for (var d = 0; d < point.Length; d++)
        {
            var (sum, digit, left) = (shift.Unit(), 1.0, number);
            for (var prime = Primes[d % Primes.Length]; left > 0; left /= prime) sum += left % prime * (digit /= prime);
            point[d] = sum - Math.Floor(sum);
        }
        return point;
    }

    private string Key(ModelRecipe recipe) => string.Join(';', _space.Dimensions.Select(p => recipe[p].ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
}
