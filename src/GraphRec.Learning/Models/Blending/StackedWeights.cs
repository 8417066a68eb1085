using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Blending;

/// <summary>A user's candidates, of which some were engaged with afterwards.</summary>
/// <param name="Features">candidates × features.</param>
/// <param name="Hits">The candidates that were, by place; not empty.</param>
internal sealed record JudgedCandidates(float[] Features, int[] Hits);

/// <summary>
/// Weights for a sum of features that ranks what was engaged with above what was not: the maximum of the mean over users of
/// the mean over their hits of log softmax(w · x), which is ListNet's top-one likelihood (Cao et al., "Learning to rank: from
/// pairwise approach to listwise approach", ICML 2007), less a small ridge. It is concave, and found by Newton's method. No
/// weight is below 0: stacking so bound does better on new data (Breiman, "Stacked regressions", Machine Learning 24, 1996, §2).
/// </summary>
internal static class StackedWeights
{
    private const double Ridge = 1e-4;
    private const int MostSteps = 50, Chunk = 32;

    // Longer steps overshoot where the likelihood is flat.
    private const double LongestStep = 5;

    /// <summary>The weights, one per feature. The same for any number of threads.</summary>
    public static double[] Of(IReadOnlyList<JudgedCandidates> users, int features, int threads, CancellationToken cancel)
    {
        var weights = new double[features];
        if (users.Count == 0) return weights;
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, hessian) = Slope(users, weights, threads, cancel);
            var move = Descend(gradient, hessian, weights);
            var length = Math.Sqrt(move.Sum(x => x * x));
            for (var f = 0; f < features; f++) weights[f] = Math.Max(0, weights[f] + (move[f] * Math.Min(1, LongestStep / Math.Max(length, 1e-30))));
            if (length < 1e-4) break;
        }
        return weights;
    }

    /// <summary>The gradient, and the Hessian's negative, features × features, of the mean over users less the ridge.</summary>
    private static (double[] Gradient, double[] Hessian) Slope(
        IReadOnlyList<JudgedCandidates> users, double[] weights, int threads, CancellationToken cancel)
    {
        var features = weights.Length;
        var chunks = (users.Count + Chunk - 1) / Chunk;
        var (gradients, hessians) = (new double[chunks][], new double[chunks][]);
        Tasks.ForEach(chunks, threads, chunk =>
        {
            (gradients[chunk], hessians[chunk]) = (new double[features], new double[features * features]);
            for (var n = chunk * Chunk; n < Math.Min((chunk + 1) * Chunk, users.Count); n++) Add(users[n], weights, gradients[chunk], hessians[chunk]);
        }, cancel);
        // Summed in the order of users, whoever did them.
        var (gradient, hessian) = (new double[features], new double[features * features]);
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            for (var f = 0; f < features; f++) gradient[f] += gradients[chunk][f] / users.Count;
            for (var f = 0; f < hessian.Length; f++) hessian[f] += hessians[chunk][f] / users.Count;
        }
        for (var f = 0; f < features; f++)
        {
            gradient[f] -= Ridge * weights[f];
            hessian[(f * features) + f] += Ridge;
        }
        return (gradient, hessian);
    }

    private static void Add(JudgedCandidates user, double[] weights, double[] gradient, double[] hessian)
    {
        var features = weights.Length;
        var shares = Softmax(user.Features, weights);
        var mean = new double[features];
        for (var c = 0; c < shares.Length; c++)
        {
            var row = user.Features.AsSpan(c * features, features);
            for (var f = 0; f < features; f++)
            {
                var part = shares[c] * row[f];
                mean[f] += part;
                for (var e = 0; e < features; e++) hessian[(f * features) + e] += part * row[e];
            }
        }
        for (var f = 0; f < features; f++)
        {
            double hits = 0;
            foreach (var hit in user.Hits) hits += user.Features[(hit * features) + f];
            gradient[f] += (hits / user.Hits.Length) - mean[f];
            for (var e = 0; e < features; e++) hessian[(f * features) + e] -= mean[f] * mean[e];
        }
    }

    private static double[] Softmax(float[] rows, double[] weights)
    {
        var features = weights.Length;
        var shares = new double[rows.Length / features];
        for (var c = 0; c < shares.Length; c++)
        {
            for (var f = 0; f < features; f++) shares[c] += weights[f] * rows[(c * features) + f];
        }
        var highest = shares.Max();
        double sum = 0;
        for (var c = 0; c < shares.Length; c++) sum += shares[c] = Math.Exp(shares[c] - highest);
        for (var c = 0; c < shares.Length; c++) shares[c] /= sum;
        return shares;
    }

    /// <summary>The move that maximizes the quadratic model and leaves no weight below 0: coordinate by coordinate, round and round.</summary>
    private static double[] Descend(double[] gradient, double[] hessian, double[] weights)
    {
        const int rounds = 1000;
        var features = weights.Length;
        var move = new double[features];
        for (var round = 0; round < rounds; round++)
        {
            var largest = 0.0;
            for (var f = 0; f < features; f++)
            {
                var slope = gradient[f];
                for (var e = 0; e < features; e++)
                {
                    if (e != f) slope -= hessian[(f * features) + e] * move[e];
                }
                var to = Math.Max(slope / hessian[(f * features) + f], -weights[f]);
                largest = Math.Max(largest, Math.Abs(to - move[f]));
                move[f] = to;
            }
            if (largest < 1e-7) break;
        }
        return move;
    }
}
