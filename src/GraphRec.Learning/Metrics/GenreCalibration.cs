using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// Miscalibration by genre@k = KL(p ‖ q̃) = Σ over genres g of p(g) · ln(p(g) / q̃(g)), in nats, the lower the better (Steck,
/// "Calibrated recommendations", RecSys 2018, §3). p is the distribution of genres in the user's training items, q in the
/// first k of the list, each item sharing 1 among its genres; q̃ = (1 − α)·q + α·p keeps it finite, with α = 0.01. From 0 (the
/// list has the genres of the history in the same shares) to ln(1/α) = 4.6 (it has none of them).
/// </summary>
public sealed class GenreCalibration : IUserMetric
{
    private const double Alpha = 0.01;

    private readonly ItemFeatures _genresOf;
    private readonly int _genres;
    private readonly int _k;

    /// <param name="genresOf">The genres of every item, as numbers from 0. Items without one are passed over.</param>
    /// <param name="genres">How many genres there are.</param>
    /// <param name="k">How many places count, from 1.</param>
    /// <exception cref="InvalidInputException">k or genres is less than 1.</exception>
    public GenreCalibration(ItemFeatures genresOf, int genres, int k)
    {
        (_genresOf, _genres, _k) = (genresOf, Positive.Of(genres), Positive.Of(k));
    }

    public string Name => $"genreMiscalibration@{_k}";

    /// <summary>The divergence for one user; 0 when no known item has a genre: there is nothing that the list could miss.</summary>
    public double Of(in JudgedList list)
    {
        var (history, shown) = (Distribution(list.Known), Distribution(list.Top(_k)));
        var sum = 0.0;
        for (var genre = 0; genre < _genres; genre++)
        {
            if (history[genre] is > 0 and var p) sum += p * Math.Log(p / (((1 - Alpha) * shown[genre]) + (Alpha * p)));
        }
        // Never below 0 but for rounding.
        return Math.Max(0, sum);
    }

    private double[] Distribution(ReadOnlySpan<int> items)
    {
        var shares = new double[_genres];
        var counted = 0;
        foreach (var item in items)
        {
            var genres = _genresOf(item);
            if (genres.IsEmpty) continue;
            counted++;
            foreach (var genre in genres) shares[genre] += 1.0 / genres.Length;
        }
        for (var genre = 0; genre < _genres && counted > 0; genre++) shares[genre] /= counted;
        return shares;
    }
}
