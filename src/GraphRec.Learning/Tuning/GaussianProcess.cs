namespace GraphRec.Learning.Tuning;

/// <summary>
/// A Gaussian process over the unit cube with the Matérn 5/2 kernel and one length scale per coordinate, which are chosen by
/// marginal likelihood from a grid, a coordinate at a time (Rasmussen, Williams, "Gaussian processes for machine learning",
/// 2006, §2.2, §4.2, §5.4). Time: points³ per choice.
/// </summary>
internal sealed class GaussianProcess
{
    private const double Noise = 1e-4;
    private static readonly double[] Scales = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2];

    private readonly IReadOnlyList<double[]> _points;
    private readonly double[] _scales;
    private readonly double[] _root;
    private readonly double[] _weights;
    private readonly double _mean, _variance;

    /// <summary>Fits to values at points; at least one.</summary>
    public GaussianProcess(IReadOnlyList<double[]> points, IReadOnlyList<double> values)
    {
        _points = points;
        _mean = values.Average();
        double[] centred = [.. values.Select(value => value - _mean)];
        _scales = Fitted(points, centred);
        (_, _variance, _root, _weights) = Solve(points, centred, _scales);
    }

    /// <summary>The mean and standard deviation at a point.</summary>
    public (double Mean, double Deviation) At(ReadOnlySpan<double> point)
    {
        var n = _points.Count;
        Span<double> k = n <= 256 ? stackalloc double[n] : new double[n];
        var mean = 0.0;
        for (var i = 0; i < n; i++)
        {
            k[i] = Kernel(point, _points[i], _scales);
            mean += k[i] * _weights[i];
        }
        var left = 1 + Noise;
        for (var i = 0; i < n; i++)
        {
            var sum = k[i];
            for (var j = 0; j < i; j++) sum -= _root[(i * n) + j] * k[j];
            k[i] = sum / _root[(i * n) + i];
            left -= k[i] * k[i];
        }
        return (_mean + mean, Math.Sqrt(Math.Max(0, left) * _variance));
    }

    private static double[] Fitted(IReadOnlyList<double[]> points, double[] values)
    {
        double[] scales = [.. points[0].Select(_ => 0.4)];
        var best = Solve(points, values, scales).Likelihood;
        for (var pass = 0; pass < 2; pass++)
        {
            for (var d = 0; d < scales.Length; d++)
            {
                foreach (var scale in Scales)
                {
                    var kept = scales[d];
                    if (scale == kept) continue;
                    scales[d] = scale;
                    if (Solve(points, values, scales).Likelihood is var found && found > best) best = found;
                    else scales[d] = kept;
                }
            }
        }
        return scales;
    }

    /// <summary>The likelihood (but for a constant) with the variance that makes it largest, the Cholesky root, and K⁻¹·values.</summary>
    private static (double Likelihood, double Variance, double[] Root, double[] Weights) Solve(
        IReadOnlyList<double[]> points, double[] values, double[] scales)
    {
        var n = values.Length;
        var root = new double[n * n];
        var logDeterminant = 0.0;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = i == j ? 1 + Noise : Kernel(points[i], points[j], scales);
                for (var k = 0; k < j; k++) sum -= root[(i * n) + k] * root[(j * n) + k];
                root[(i * n) + j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / root[(j * n) + j];
            }
            logDeterminant += 2 * Math.Log(root[(i * n) + i]);
        }
        double[] weights = [.. values];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++) weights[i] -= root[(i * n) + j] * weights[j];
            weights[i] /= root[(i * n) + i];
        }
        for (var i = n - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < n; j++) weights[i] -= root[(j * n) + i] * weights[j];
            weights[i] /= root[(i * n) + i];
        }
        var variance = Math.Max(1e-18, weights.Zip(values, (w, v) => w * v).Sum() / n);
        return (-0.5 * ((n * Math.Log(variance)) + logDeterminant), variance, root, weights);
    }

    private static double Kernel(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double[] scales)
    {
        var squared = 0.0;
        for (var d = 0; d < scales.Length; d++)
        {
            var difference = (a[d] - b[d]) / scales[d];
            squared += difference * difference;
        }
        var distance = Math.Sqrt(5 * squared);
        return (1 + distance + (distance * distance / 3)) * Math.Exp(-distance);
    }
}
