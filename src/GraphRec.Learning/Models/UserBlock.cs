namespace GraphRec.Learning.Models;

/// <summary>Users to be scored together, each with what they engaged with: a sparse matrix by rows.</summary>
public readonly ref struct UserBlock
{
    /// <param name="users">Each user's number in the training matrix, or <see cref="Unknown"/>.</param>
    /// <param name="starts">Where each user's items begin, and where the last one's end: length users + 1.</param>
    /// <param name="items">The items of all users, ascending within a user.</param>
    /// <param name="weights">How much each item says about its user: 1 for an engagement as in training; never 0.</param>
    public UserBlock(ReadOnlySpan<int> users, ReadOnlySpan<int> starts, ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
    {
        if (starts.Length != users.Length + 1) throw new ArgumentException("give one start per user and the end of the last.", nameof(starts));
        if (items.Length != weights.Length) throw new ArgumentException("give one weight per item.", nameof(weights));
        Users = users;
        Starts = starts;
        Items = items;
        Weights = weights;
    }

    /// <summary>The number of a user who is not in the training matrix.</summary>
    public const int Unknown = -1;

    /// <summary>How many users there are.</summary>
    public int Count => Users.Length;

    public ReadOnlySpan<int> Users { get; }

    public ReadOnlySpan<int> Starts { get; }

    public ReadOnlySpan<int> Items { get; }

    public ReadOnlySpan<float> Weights { get; }

    /// <summary>The items of the user in row <paramref name="row"/> of the block, ascending.</summary>
    public ReadOnlySpan<int> ItemsOf(int row) => Items[Starts[row]..Starts[row + 1]];

    /// <summary>One weight per item of the user.</summary>
    public ReadOnlySpan<float> WeightsOf(int row) => Weights[Starts[row]..Starts[row + 1]];
}
