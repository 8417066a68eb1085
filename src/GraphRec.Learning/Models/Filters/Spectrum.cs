using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Filters;

/// <summary>The leading eigenpairs of a data set's item graph, and the powers of degrees that filters are normalised with.</summary>
internal sealed class Spectrum
{
    private readonly InteractionMatrix _train;
    private readonly TruncatedSvd _svd;
    private readonly double _scale;

    private Spectrum(InteractionMatrix train, ScaledPattern graph, TruncatedSvd svd, double scale, float[] userPower) =>
        (_train, Graph, _svd, _scale, UserPower) = (train, graph, svd, scale, userPower);

    /// <summary>R̃, scaled; R̃ᵀR̃ is the item graph.</summary>
    public ScaledPattern Graph { get; }

    /// <summary>How many eigenpairs.</summary>
    public int Rank => _svd.Rank;

    /// <summary>Items × <see cref="Rank"/>.</summary>
    public float[] Vectors => _svd.Right;

    /// <summary><see cref="Rank"/> rounded up to what <see cref="ScaledPattern"/> multiplies.</summary>
    public int Width => (Rank + ScaledPattern.WidthUnit - 1) / ScaledPattern.WidthUnit * ScaledPattern.WidthUnit;

    /// <summary>degree^−userExponent of each user, scaled: h · D^(−1/2) · Rᵀ · diag(this) · R · D^(−1/2) is a step over the graph.</summary>
    public float[] UserPower { get; }

    /// <summary>
    /// Decomposes R̃ and scales it so that the graph's largest eigenvalue is 1: with user exponent 1 it is that already, and
    /// weights and times mean the same with others.
    /// </summary>
    public static Spectrum Of(FitInput input, int rank, double userExponent, CancellationToken cancel)
    {
        var train = input.Train;
        var svd = TruncatedSvd.Of(ScaledPattern.Normalised(train, userExponent / 2, 0.5), rank, input.Seed, input.Threads, input.Progress, cancel);
        var scale = svd.Values[0] > 0 ? 1 / svd.Values[0] : 1;
        var users = Powers(-userExponent / 2, scale);
        var items = DegreePowers.Of(train.Items.Count, item => train.UsersOf(item).Length, -0.5);
        return new Spectrum(train, new ScaledPattern(train, users, items), svd, scale, Powers(-userExponent, scale * scale));

        float[] Powers(double exponent, double times) =>
            Array.ConvertAll(DegreePowers.Of(train.Users.Count, user => train.ItemsOf(user).Length, exponent), power => (float)(power * times));
    }

    /// <summary>An eigenvalue of the graph, falling from 1.</summary>
    public double Value(int k) => _svd.Values[k] * _scale * _svd.Values[k] * _scale;

    /// <summary>degree^exponent of each item; 0 of an item without users.</summary>
    public float[] ItemPower(double exponent) => DegreePowers.Of(_train.Items.Count, item => _train.UsersOf(item).Length, exponent);

    /// <summary>diag(scale) · V · diag(gain) for the first eigenvectors, into columns of a wider matrix.</summary>
    public void Fill(float[] into, int stride, int firstColumn, int columns, float[] scale, Func<int, double> gain)
    {
        var gains = new float[columns];
        for (var k = 0; k < columns; k++) gains[k] = (float)gain(k);
        for (var item = 0; item < scale.Length; item++)
        {
            for (var k = 0; k < columns; k++) into[(item * stride) + firstColumn + k] = scale[item] * Vectors[(item * Rank) + k] * gains[k];
        }
    }

    /// <summary>diag(scale) · V, items × <see cref="Width"/>.</summary>
    public float[] Scaled(float[] scale)
    {
        var scaled = new float[checked(scale.Length * Width)];
        Fill(scaled, Width, 0, Rank, scale, _ => 1);
        return scaled;
    }
}

/// <summary>What a Runge–Kutta solver makes of y' = −yP over a time: y(T) = y(0) · q(P).</summary>
/// <param name="Time">T.</param>
/// <param name="Steps">Steps of the same length.</param>
/// <param name="Order">
/// Stages and order, 1 to 4: a step is the Taylor series of e^(−hP) up to this power of h, whichever solver of so many stages.
/// </param>
internal sealed record Sharpening(double Time, int Steps, int Order)
{
    /// <summary>q at an eigenvalue.</summary>
    public double At(double eigenvalue)
    {
        var h = Time / Steps;
        double step = 1, term = 1;
        for (var k = 1; k <= Order; k++) step += term *= -h * eigenvalue / k;
        return Math.Pow(step, Steps);
    }

    /// <summary>q(P) · vectors, where P = graphᵀ · graph: items × width.</summary>
    public float[] Of(ScaledPattern graph, float[] vectors, int width, int threads, CancellationToken cancel)
    {
        var h = Time / Steps;
        var (sum, term) = ((float[])vectors.Clone(), (float[])vectors.Clone());
        var between = new float[checked(graph.UserCount * width)];
        for (var step = 0; step < Steps; step++)
        {
            sum.CopyTo(term, 0);
            for (var k = 1; k <= Order; k++)
            {
                graph.Multiply(term, between, width, threads, cancel);
                graph.MultiplyTransposed(between, term, width, threads, cancel);
                var factor = (float)(-h / k);
                for (var n = 0; n < sum.Length; n++) sum[n] += term[n] *= factor;
            }
        }
        return sum;
    }
}

/// <summary>The linear function that stands for a filter outside of the leading eigenvectors.</summary>
internal static class Tail
{
    /// <summary>The c of least ∫ (f(x) − f(0) − c·x)² dx over [0, end]: a constant only scores what a history holds already.</summary>
    public static double Slope(Func<double, double> filter, double end)
    {
        if (!(end > 0)) return 1;
        const int points = 256;
        double products = 0, squares = 0;
        for (var n = 0; n < points; n++)
        {
            var x = end * (n + 0.5) / points;
            products += x * (filter(x) - filter(0));
            squares += x * x;
        }
        return products / squares;
    }
}
