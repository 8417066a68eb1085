namespace GraphRec.Learning.Ranking;

/// <summary>
/// How likely viewers look at a place of a page: what is clicked is what was looked at and attractive,
/// P(click) = θ(place) · γ(attractiveness). Both are found by expectation maximisation (Wang, Golbandi, Bendersky, Metzler, Najork,
/// "Position bias estimation for unbiased learning to rank in personal search", WSDM 2018, §4, with the attractiveness by
/// twentieths of the served score in place of a regression). Rows and places further down than <see cref="Rows"/> and
/// <see cref="Places"/> are taken together.
/// </summary>
public sealed class PositionBias
{
    /// <summary>How many rows, and places of a row, are told apart.</summary>
    public const int Rows = 8, Places = 12;

    /// <summary>A place is never taken to be looked at less often than this share of the best one: else single clicks would outweigh pages.</summary>
    public const double Least = 0.1;

    private const int Buckets = 20;
    private const int Rounds = 100;

    private readonly double[] _looked;

    private PositionBias(double[] looked) => _looked = looked;

    /// <summary>The chance that a place is looked at, relative to the place that is most.</summary>
    public double LookedAt(int row, int place) => _looked[PlaceOf(row, place)];

    /// <summary>Estimates it from pages. Without a click every place is taken to be looked at.</summary>
    public static PositionBias Of(IReadOnlyList<ShownItem[]> pages)
    {
        var items = pages.SelectMany(page => page).ToArray();
        var places = Array.ConvertAll(items, item => PlaceOf(item.Row, item.Place));
        var buckets = BucketsOf(items);
        var (looked, attractive) = (new double[Rows * Places], new double[Buckets]);
        Array.Fill(looked, 1);
        Array.Fill(attractive, 0.5);
        if (items.All(item => item.Label == 0)) return new PositionBias(looked);
        Array.Fill(looked, 0.5);
        for (var round = 0; round < Rounds; round++) Step(items, places, buckets, looked, attractive);
        var most = looked.Max();
        return new PositionBias(Array.ConvertAll(looked, chance => Math.Max(Least, chance / most)));
    }

    private static void Step(ShownItem[] items, int[] places, int[] buckets, double[] looked, double[] attractive)
    {
        // Half an item that is as likely looked at as not, and as likely attractive: places that were never shown stay in the middle.
        var (lookedSum, lookedCount) = (new double[looked.Length], new double[looked.Length]);
        var (attractiveSum, attractiveCount) = (new double[Buckets], new double[Buckets]);
        for (var n = 0; n < items.Length; n++)
        {
            var (theta, gamma) = (looked[places[n]], attractive[buckets[n]]);
            var clicked = items[n].Label > 0;
            // Not clicked: looked at and not attractive, attractive and not looked at, or neither.
            var none = Math.Max(1e-12, 1 - (theta * gamma));
            lookedSum[places[n]] += clicked ? 1 : theta * (1 - gamma) / none;
            attractiveSum[buckets[n]] += clicked ? 1 : gamma * (1 - theta) / none;
            lookedCount[places[n]]++;
            attractiveCount[buckets[n]]++;
        }
        for (var p = 0; p < looked.Length; p++) looked[p] = lookedCount[p] > 0 ? lookedSum[p] / lookedCount[p] : looked[p];
        for (var b = 0; b < Buckets; b++) attractive[b] = attractiveCount[b] > 0 ? attractiveSum[b] / attractiveCount[b] : attractive[b];
    }

    /// <summary>Twentieths of all items by score; equal scores go together.</summary>
    private static int[] BucketsOf(ShownItem[] items)
    {
        var sorted = Array.ConvertAll(items, item => item.Score);
        Array.Sort(sorted);
        return Array.ConvertAll(items, item => Math.Min(Buckets - 1, (int)((long)LowerBound(sorted, item.Score) * Buckets / sorted.Length)));
    }

    private static int LowerBound(float[] sorted, float score)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < score) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static int PlaceOf(int row, int place) => (Math.Min(row, Rows - 1) * Places) + Math.Min(place, Places - 1);
}
