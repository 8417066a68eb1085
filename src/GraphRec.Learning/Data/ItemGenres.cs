using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Data;

/// <summary>The genres of the items of a data set.</summary>
public sealed class ItemGenres
{
    private readonly int[][] _genres;

    /// <param name="genres">By item number: the names of its genres, in any order; empty when none is known.</param>
    public ItemGenres(IReadOnlyList<IReadOnlyList<string>> genres)
    {
        Names = [.. genres.SelectMany(names => names).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = Names.Select((name, n) => (name, n)).ToDictionary(p => p.name, p => p.n, StringComparer.Ordinal);
        _genres = [.. genres.Select(names => names.Select(name => numbers[name]).Distinct().Order().ToArray())];
        Of = item => _genres[item];
    }

    /// <summary>The names, in ordinal order; a genre's number is its place.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The genres of an item as numbers.</summary>
    public ItemFeatures Of { get; }
}
