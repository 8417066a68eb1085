using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Evaluation;

/// <summary>
/// Which users engaged with which items: a binary sparse matrix, readable by row (user) and by column (item). Of engagements,
/// users and items are numbered in ordinal order of their ids, so that a tie broken by number is a tie broken by id; of
/// numbered pairs they keep their numbers.
/// </summary>
public sealed class InteractionMatrix
{
    private readonly int[] _userStarts;
    private readonly int[] _itemsOfUsers;
    private readonly int[] _itemStarts;
    private readonly int[] _usersOfItems;

    private InteractionMatrix(IReadOnlyList<string> users, IReadOnlyList<string> items, int[] userStarts, int[] itemsOfUsers)
    {
        (Users, Items, _userStarts, _itemsOfUsers) = (users, items, userStarts, itemsOfUsers);
        (_itemStarts, _usersOfItems) = Transposed(userStarts, itemsOfUsers, items.Count);
    }

    /// <summary>The ids of the rows.</summary>
    public IReadOnlyList<string> Users { get; }

    /// <summary>The ids of the columns; items nobody engaged with are among them.</summary>
    public IReadOnlyList<string> Items { get; }

    /// <summary>How many pairs there are.</summary>
    public int Count => _itemsOfUsers.Length;

    /// <summary>The items of a user, ascending.</summary>
    public ReadOnlySpan<int> ItemsOf(int user) => _itemsOfUsers.AsSpan(_userStarts[user].._userStarts[user + 1]);

    /// <summary>The users of an item, ascending.</summary>
    public ReadOnlySpan<int> UsersOf(int item) => _usersOfItems.AsSpan(_itemStarts[item].._itemStarts[item + 1]);

    /// <summary>
    /// The matrix of these pairs. Columns are <paramref name="items"/>, rows the users who occur; pairs with other items
    /// are left out, repeated pairs count once.
    /// </summary>
    public static InteractionMatrix Of(IEnumerable<string> items, IEnumerable<Engagement> engagements) =>
        EventLogInteractions.Of(items, engagements, "engagements").Matrix();

    /// <summary>
    /// The matrix of numbered pairs, given as two arrays side by side in any order; repeated pairs count once. Rows and
    /// columns are all <paramref name="users"/> and <paramref name="items"/>, with these ids. Time and memory are linear in
    /// pairs, users and items.
    /// </summary>
    /// <exception cref="InvalidInputException">The arrays differ in length, or a number has no id.</exception>
    public static InteractionMatrix Of(
        IReadOnlyList<string> users, IReadOnlyList<string> items, ReadOnlySpan<int> userNumbers, ReadOnlySpan<int> itemNumbers)
    {
        NumberedPairs.Check("pairs", users.Count, items.Count, userNumbers, itemNumbers);
        // Two stable counting sorts: pairs by item, then those by user, so that every row comes out ascending.
        var itemStarts = NumberedPairs.Starts(itemNumbers, items.Count);
        var usersByItem = new int[userNumbers.Length];
        var next = itemStarts[..^1];
        for (var pair = 0; pair < userNumbers.Length; pair++) usersByItem[next[itemNumbers[pair]]++] = userNumbers[pair];
        var (userStarts, itemsByUser) = Transposed(itemStarts, usersByItem, users.Count);
        return new InteractionMatrix(users, items, userStarts, Distinct(userStarts, itemsByUser));
    }

    /// <summary>The same, of so many users and items, whose ids are their numbers.</summary>
    /// <exception cref="InvalidInputException">The arrays differ in length, or a number is too large.</exception>
    public static InteractionMatrix Of(int userCount, int itemCount, ReadOnlySpan<int> userNumbers, ReadOnlySpan<int> itemNumbers) =>
        Of(new NumberIds(userCount), new NumberIds(itemCount), userNumbers, itemNumbers);

    /// <summary>Rows of column numbers as columns of row numbers, ascending.</summary>
    private static (int[] Starts, int[] Rows) Transposed(int[] starts, int[] columns, int columnCount)
    {
        var transposed = NumberedPairs.Starts(columns, columnCount);
        var rows = new int[columns.Length];
        var next = transposed[..^1];
        for (var row = 0; row + 1 < starts.Length; row++)
        {
            foreach (var column in columns.AsSpan(starts[row]..starts[row + 1])) rows[next[column]++] = row;
        }
        return (transposed, rows);
    }

    /// <summary>Ascending rows without repetitions; moves the starts to where the rows then begin.</summary>
    private static int[] Distinct(int[] starts, int[] columns)
    {
        int kept = 0, from = 0;
        for (var row = 0; row + 1 < starts.Length; row++)
        {
            var to = starts[row + 1];
            for (var n = from; n < to; n++)
            {
                if (n == from || columns[n] != columns[n - 1]) columns[kept++] = columns[n];
            }
            (starts[row + 1], from) = (kept, to);
        }
        return kept == columns.Length ? columns : columns[..kept];
    }
}
