using GraphRec.Core;

namespace GraphRec.Graph;

/// <summary>
/// The binary viewer–drama relation that co-watch counts and walks run on: one definition of "engaged", shared by every
/// engine (<see cref="IGraphQueries"/>). Both directions, sorted ascending.
/// </summary>
public sealed class Bipartite
{
    private Bipartite(int[] userOffsets, int[] items, int[] itemOffsets, int[] users) =>
        (UserOffsets, Items, ItemOffsets, Users) = (userOffsets, items, itemOffsets, users);

    /// <summary>Row starts per user, length users + 1.</summary>
    public int[] UserOffsets { get; }

    /// <summary>Items of all users, row after row.</summary>
    public int[] Items { get; }

    /// <summary>Row starts per item, length items + 1.</summary>
    public int[] ItemOffsets { get; }

    /// <summary>Users of all items, row after row.</summary>
    public int[] Users { get; }

    public int UserCount => UserOffsets.Length - 1;
    public int ItemCount => ItemOffsets.Length - 1;
    public int EdgeCount => Items.Length;
    public ReadOnlySpan<int> ItemsOf(int user) => Items.AsSpan(UserOffsets[user], UserOffsets[user + 1] - UserOffsets[user]);
    public ReadOnlySpan<int> UsersOf(int item) => Users.AsSpan(ItemOffsets[item], ItemOffsets[item + 1] - ItemOffsets[item]);
    public int ItemDegree(int item) => ItemOffsets[item + 1] - ItemOffsets[item];
    public int UserDegree(int user) => UserOffsets[user + 1] - UserOffsets[user];

    /// <summary>How many users two items have in common.</summary>
    public int CommonUsers(int a, int b)
    {
        var left = UsersOf(a);
        var right = UsersOf(b);
        var common = 0;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (l, r) = (left[i], right[j]);
            if (l == r) common++;
            if (l <= r) i++;
            if (r <= l) j++;
        }
        return common;
    }

    /// <summary>Builds from each user's items; a repeated item counts once, order does not matter.</summary>
    public static Bipartite Build(int userCount, int itemCount, Func<int, IEnumerable<int>> itemsOf)
    {
        var userOffsets = new int[userCount + 1];
        var items = new List<int>();
        var itemOffsets = new int[itemCount + 1];
        for (var u = 0; u < userCount; u++)
        {
            foreach (var i in itemsOf(u).Distinct().Order())
            {
                items.Add(i);
                itemOffsets[i + 1]++;
            }
            userOffsets[u + 1] = items.Count;
        }
        return Transposed(userOffsets, items.ToArray(), itemOffsets);
    }

    /// <summary>The relation of rows that are sorted already; the arrays become its own.</summary>
    /// <param name="userOffsets">Row starts per user, length users + 1.</param>
    /// <param name="items">Items of all users, row after row, ascending within a user, each once.</param>
    /// <param name="itemCount">How many items there are.</param>
    /// <exception cref="ArgumentException">The starts do not ascend from 0 to the end, or a row does not ascend within the items.</exception>
    public static Bipartite OfSortedRows(int[] userOffsets, int[] items, int itemCount)
    {
        if (userOffsets.Length == 0 || userOffsets[0] != 0 || userOffsets[^1] != items.Length)
            throw new ArgumentException("rows must start at 0 and end where the items do.", nameof(userOffsets));
        var itemOffsets = new int[itemCount + 1];
        for (var user = 0; user + 1 < userOffsets.Length; user++)
        {
            var last = -1;
            if (userOffsets[user + 1] < userOffsets[user]) throw new ArgumentException($"row {user} ends before it starts.", nameof(userOffsets));
            foreach (var item in items.AsSpan(userOffsets[user]..userOffsets[user + 1]))
            {
                if (item <= last || item >= itemCount) throw new ArgumentException($"row {user} does not ascend within the items.", nameof(items));
                last = item;
                itemOffsets[item + 1]++;
            }
        }
        return Transposed(userOffsets, items, itemOffsets);
    }

    /// <summary>Adds the other direction; <paramref name="itemOffsets"/> hold each item's degree at its number + 1.</summary>
    private static Bipartite Transposed(int[] userOffsets, int[] items, int[] itemOffsets)
    {
        for (var i = 1; i < itemOffsets.Length; i++) itemOffsets[i] += itemOffsets[i - 1];
        var users = new int[items.Length];
        var next = itemOffsets[..^1];
        for (var u = 0; u + 1 < userOffsets.Length; u++)
            for (var e = userOffsets[u]; e < userOffsets[u + 1]; e++) users[next[items[e]]++] = u;
        return new Bipartite(userOffsets, items, itemOffsets, users);
    }
}

/// <summary>What counts as having engaged with a drama, and the relation built from it.</summary>
public static class Engagement
{
    /// <summary>The lowest rating, of 10, that counts as engaged.</summary>
    public const double MinRating = 6;

    /// <summary>The lowest share watched that counts as engaged when there is no rating.</summary>
    public const double MinShare = 0.4;

    /// <summary>Whether a viewer engaged: by the rating where there is one, else by the share watched.</summary>
    /// <param name="share">Share watched in [0, 1]; null when never watched.</param>
    /// <param name="rating">Rating 1 to 10; null when never rated.</param>
    public static bool Engaged(double? share, double? rating) => rating is { } r ? r >= MinRating : share >= MinShare;

    /// <summary>The engaged relation of a graph: users × dramas.</summary>
    public static Bipartite Of(CsrGraph graph)
    {
        var (watched, rated) = (graph[EdgeType.Watched], graph[EdgeType.Rated]);
        return Bipartite.Build(watched.FromCount, watched.ToCount, user => EngagedItems(watched, rated, user));
    }

    private static List<int> EngagedItems(Adjacency watched, Adjacency rated, int user)
    {
        var items = new List<int>();
        var ratedItems = rated.Targets(user);
        for (var i = 0; i < ratedItems.Length; i++)
            if (Engaged(null, rated.Value(user, i))) items.Add(ratedItems[i]);
        var watchedItems = watched.Targets(user);
        for (var i = 0; i < watchedItems.Length; i++)
            if (ratedItems.BinarySearch(watchedItems[i]) < 0 && Engaged(watched.Value(user, i), null)) items.Add(watchedItems[i]);
        return items;
    }
}
