using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>Ratings as sparse rows, by user and by item, less their mean. Immutable.</summary>
internal sealed class RatingRows
{
    private RatingRows(Interactions ratings)
    {
        var values = ratings.Values;
        var (sum, low, high) = (0.0, float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (!float.IsFinite(value)) throw Bad($"{ratings.Name} has a rating that is {value}; give finite numbers.");
            (sum, low, high) = (sum + value, Math.Min(low, value), Math.Max(high, value));
        }
        (Mean, Scale) = (sum / values.Length, new RatingScale(low, high));
        ByUser = new SparseRatings(ratings.UserNumbers, ratings.ItemNumbers, values, ratings.Users.Count, (float)Mean);
        ByItem = new SparseRatings(ratings.ItemNumbers, ratings.UserNumbers, values, ratings.Items.Count, (float)Mean);
    }

    /// <summary>The mean of all ratings.</summary>
    public double Mean { get; }

    /// <summary>The least and the greatest rating.</summary>
    public RatingScale Scale { get; }

    /// <summary>A row per user, of items.</summary>
    public SparseRatings ByUser { get; }

    /// <summary>A row per item, of users.</summary>
    public SparseRatings ByItem { get; }

    /// <exception cref="InvalidInputException">There are no ratings, or one is not finite.</exception>
    public static RatingRows Of(Interactions ratings) => ratings is { HasValues: true, Count: > 0 }
        ? new RatingRows(ratings)
        : throw Bad($"{ratings.Name} has no ratings to learn from; read a data set of ratings.");

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}

/// <summary>A sparse matrix by rows; within a row columns are in the order in which they were read.</summary>
internal sealed class SparseRatings
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    public SparseRatings(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, int count, float mean)
    {
        _starts = NumberedPairs.Starts(rows, count);
        (_columns, _values) = (new int[rows.Length], new float[rows.Length]);
        var next = _starts[..^1];
        for (var n = 0; n < rows.Length; n++)
        {
            var at = next[rows[n]]++;
            (_columns[at], _values[at]) = (columns[n], values[n] - mean);
        }
    }

    public int RowCount => _starts.Length - 1;

    public int Count => _columns.Length;

    public int Start(int row) => _starts[row];

    public int CountOf(int row) => _starts[row + 1] - _starts[row];

    public ReadOnlySpan<int> Columns(int row) => _columns.AsSpan(_starts[row].._starts[row + 1]);

    /// <summary>The row's ratings less the mean of all.</summary>
    public ReadOnlySpan<float> Values(int row) => _values.AsSpan(_starts[row].._starts[row + 1]);
}
