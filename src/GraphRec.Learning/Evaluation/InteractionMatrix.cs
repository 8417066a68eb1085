namespace GraphRec.Learning.Evaluation;

/// <summary>
/// Which users engaged with which items: a binary sparse matrix, readable by row (user) and by column (item). Users and
/// items are numbered in ordinal order of their ids, so that a tie broken by number is a tie broken by id.
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
        _itemStarts = new int[items.Count + 1];
        foreach (var item in itemsOfUsers) _itemStarts[item + 1]++;
        for (var i = 0; i < items.Count; i++) _itemStarts[i + 1] += _itemStarts[i];
        _usersOfItems = new int[itemsOfUsers.Length];
        var next = _itemStarts[..^1];
        for (var user = 0; user < users.Count; user++)
        {
            foreach (var item in ItemsOf(user)) _usersOfItems[next[item]++] = user;
        }
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
    public static InteractionMatrix Of(IEnumerable<string> items, IEnumerable<Engagement> engagements)
    {
        string[] itemIds = [.. items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = new Dictionary<string, int>(itemIds.Length, StringComparer.Ordinal);
        for (var i = 0; i < itemIds.Length; i++) numbers.Add(itemIds[i], i);
        var rows = engagements.Where(e => numbers.ContainsKey(e.DramaId))
            .GroupBy(e => e.UserId, e => numbers[e.DramaId], StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).ToArray();
        var starts = new int[rows.Length + 1];
        var columns = new List<int>();
        for (var row = 0; row < rows.Length; row++)
        {
            columns.AddRange(rows[row].Distinct().Order());
            starts[row + 1] = columns.Count;
        }
        return new InteractionMatrix([.. rows.Select(r => r.Key)], itemIds, starts, [.. columns]);
    }
}
