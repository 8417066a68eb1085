namespace GraphRec.Learning.Models.Ratings;

/// <summary>
/// rating(u, i) = μ + b_u + b_i: the mean, how generous the user is and how good the item is, with both shrunk towards 0
/// where there are few ratings (Koren, "Factor in the neighbors", TKDD 2010, §2.1). Minimises Σ (r − μ − b_u − b_i)² +
/// userShrinkage Σ b_u² + itemShrinkage Σ b_i² by alternating between users and items.
/// </summary>
public static class BiasBaseline
{
    /// <summary>Ratings of 0 that a user's own are averaged with.</summary>
    public const double UserShrinkage = 5;

    /// <summary>The same for an item.</summary>
    public const double ItemShrinkage = 3;

    private const int Rounds = 15;

    public static RatingKind Definition { get; } = new("baseline", "mean + bias of the user + bias of the item (Koren, TKDD 2010)")
    {
        Fit = (input, cancel) => Fit(input, cancel),
    };

    /// <summary>Alternates until the biases have settled.</summary>
    public static RatingModel Fit(
        RatingFitInput input, CancellationToken cancel = default, double userShrinkage = UserShrinkage, double itemShrinkage = ItemShrinkage)
    {
        var rows = RatingRows.Of(input.Train);
        var (user, item) = Biases(rows, userShrinkage, itemShrinkage, cancel);
        return new RatingModel(Definition.Name, rows.Mean, rows.Scale, 1, 1, [.. user.Select(bias => (float)bias)], [.. item.Select(bias => (float)bias)]);
    }

    /// <summary>The biases of users and items.</summary>
    internal static (double[] User, double[] Item) Biases(
        RatingRows rows, double userShrinkage, double itemShrinkage, CancellationToken cancel)
    {
        var (user, item) = (new double[rows.ByUser.RowCount], new double[rows.ByItem.RowCount]);
        for (var round = 0; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            Solve(rows.ByItem, user, itemShrinkage, item);
            Solve(rows.ByUser, item, userShrinkage, user);
        }
        return (user, item);
    }

    private static void Solve(SparseRatings rows, double[] others, double shrinkage, double[] biases)
    {
        for (var row = 0; row < rows.RowCount; row++)
        {
            var columns = rows.Columns(row);
            var values = rows.Values(row);
            var sum = 0.0;
            for (var n = 0; n < columns.Length; n++) sum += values[n] - others[columns[n]];
            biases[row] = columns.IsEmpty ? 0 : sum / (shrinkage + columns.Length);
        }
    }
}
