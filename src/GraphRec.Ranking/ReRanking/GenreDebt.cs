namespace GraphRec.Ranking.ReRanking;

/// <summary>Genres of an item, as numbers from 0.</summary>
public delegate ReadOnlySpan<int> GenresOf(int item);

/// <summary>
/// Calibration (Steck, "Calibrated recommendations", RecSys 2018): a list should have a viewer's genres in the shares in which
/// they like them. Steck adds the item that lowers the Kullback–Leibler divergence most; here an item is worth what the list still
/// owes the viewer of it, Σ over its genres g of min(1 / genres, max(0, p(g) · places − what stands there already)), which is in
/// [0, 1], wants no logarithm, and is a sum that can be told. Of one list; not for concurrent use.
/// </summary>
/// <param name="weight">The weight of the objective.</param>
/// <param name="wanted">By genre, its share of what the viewer likes; they sum to 1, or are all 0.</param>
/// <param name="genresOf">The genres of items.</param>
public sealed class GenreDebt(double weight, double[] wanted, GenresOf genresOf)
{
    private readonly double[] _placed = new double[wanted.Length];
    private int _places = 1;

    /// <summary>The weighted contribution of an item at the next place.</summary>
    public double Of(int item)
    {
        var genres = genresOf(item);
        double owed = 0;
        foreach (var genre in genres) owed += Math.Clamp((wanted[genre] * _places) - _placed[genre], 0, 1.0 / genres.Length);
        return weight * owed;
    }

    /// <summary>Puts an item in the next place.</summary>
    public void Place(int item)
    {
        var genres = genresOf(item);
        foreach (var genre in genres) _placed[genre] += 1.0 / genres.Length;
        _places++;
    }
}
