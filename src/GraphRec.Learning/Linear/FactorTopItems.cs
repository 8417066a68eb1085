using System.Runtime.Intrinsics;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Linear;

/// <summary>
/// Writes the vectors of some users, from several threads: <paramref name="vectors"/> has a row of the factors for each of
/// <paramref name="users"/> and holds zeros.
/// </summary>
public delegate void UserVectors(ReadOnlySpan<int> users, Span<float> vectors);

/// <summary>
/// Every user's best items by the scalar product of two vectors, without ever holding the scores: the product of a block of
/// users and all items is made in tiles of registers, and a tile is compared with its users' k-th best so far before the next
/// one is made. A user's list does not depend on the other users, nor on the number of threads.
/// </summary>
public static class FactorTopItems
{
    /// <summary>Calls <paramref name="consume"/> once per user, as <see cref="Models.ITopItemsModel.TopItems"/> does, which may forward to it.</summary>
    /// <param name="userVectors">A row of <paramref name="factors"/> for each user of <paramref name="known"/>.</param>
    /// <param name="itemVectors">A row of <paramref name="factors"/> for each item.</param>
    /// <param name="factors">How long the vectors are, from 1.</param>
    /// <param name="known">What users have, and are not to be given.</param>
    /// <param name="users">For whom: rows of <paramref name="known"/>.</param>
    /// <param name="top">How many items each.</param>
    /// <param name="threads">How many, from 1; the lists are bit-identical for any number.</param>
    /// <param name="consume">Called from several threads; best items first, ties by lower number.</param>
    /// <param name="cancel">Looked at once per block of users.</param>
    /// <exception cref="ArgumentException">An array has another length than that.</exception>
    public static void Run(
        float[] userVectors, float[] itemVectors, int factors,
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        if (userVectors.LongLength != (long)known.Users.Count * factors)
            throw new ArgumentException($"has {userVectors.LongLength} numbers; {known.Users.Count} users have {factors} each.", nameof(userVectors));
        Run(Copy, itemVectors, factors, known, users, top, threads, consume, cancel);

        void Copy(ReadOnlySpan<int> block, Span<float> vectors)
        {
            for (var row = 0; row < block.Length; row++)
                userVectors.AsSpan(block[row] * factors, factors).CopyTo(vectors[(row * factors)..]);
        }
    }

    /// <summary>The same, with the users' vectors made block by block, as models do that fold users in.</summary>
    public static void Run(
        UserVectors userVectors, float[] itemVectors, int factors,
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        if (Vector512.IsHardwareAccelerated) Run<Tile512>(userVectors, itemVectors, factors, known, users, top, threads, consume, cancel);
        else Run<Tile256>(userVectors, itemVectors, factors, known, users, top, threads, consume, cancel);
    }

    /// <summary>With a tile of one's choice, for tests.</summary>
    internal static void Run<TTile>(
        UserVectors userVectors, float[] itemVectors, int factors,
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
        where TTile : struct, ITile
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factors, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        if (itemVectors.LongLength % factors != 0)
            throw new ArgumentException($"has {itemVectors.LongLength} numbers, which is no multiple of {factors} factors.", nameof(itemVectors));
        var items = new ItemPanels<TTile>(itemVectors, factors, threads, cancel);
        Tasks.ForEach(
            (users.Count + UserTile<TTile>.Size - 1) / UserTile<TTile>.Size,
            threads,
            () => new UserTile<TTile>(items, known, top),
            (tile, task) => tile.Run(users, task * UserTile<TTile>.Size, userVectors, consume),
            cancel);
    }
}

/// <summary>Item vectors packed for a tile, panel by panel: packed once, read by all.</summary>
internal sealed unsafe class ItemPanels<TTile> where TTile : struct, ITile
{
    public ItemPanels(float[] itemVectors, int factors, int threads, CancellationToken cancel)
    {
        (Factors, ItemCount) = (factors, (int)(itemVectors.LongLength / factors));
        Count = (ItemCount + TTile.Columns - 1) / TTile.Columns;
        PanelLength = factors * TTile.Columns;
        Values = GC.AllocateUninitializedArray<float>(checked(Count * PanelLength));
        const int together = 64;
        Tasks.ForEach((Count + together - 1) / together, threads, task => Pack(itemVectors, task * together, Math.Min(Count, (task + 1) * together)), cancel);
    }

    public int Factors { get; }

    public int ItemCount { get; }

    /// <summary>How many panels there are.</summary>
    public int Count { get; }

    public int PanelLength { get; }

    public float[] Values { get; }

    private void Pack(float[] itemVectors, int panel, int end)
    {
        fixed (float* from = itemVectors, into = Values)
        {
            for (; panel < end; panel++)
            {
                var item = panel * TTile.Columns;
                Packing.Across(from + ((long)item * Factors), Factors, Math.Min(TTile.Columns, ItemCount - item), Factors, TTile.Columns, into + ((long)panel * PanelLength));
            }
        }
    }
}

/// <summary>The buffers of one thread, and what it does with a block of users.</summary>
internal sealed unsafe class UserTile<TTile> where TTile : struct, ITile
{
    private readonly ItemPanels<TTile> _items;
    private readonly int[] _users = new int[Size];
    private readonly float[] _vectors;
    private readonly float[] _packed;
    private readonly TopRows _best;

    public UserTile(ItemPanels<TTile> items, InteractionMatrix known, int top)
    {
        _items = items;
        _vectors = new float[Size * items.Factors];
        _packed = new float[Size * items.Factors];
        _best = new TopRows(known, Size, top);
    }

    // With 64 factors the users take 30 KiB and an item panel 8 KiB, so that both stay in L1 or L2 while the panels, 10 MB
    // for 41,000 items, come from L3 once per block.
    /// <summary>How many users a block has.</summary>
    public static int Size => 10 * TTile.Rows;

    public void Run(IReadOnlyList<int> users, int first, UserVectors userVectors, UserTopItems consume)
    {
        var count = Math.Min(Size, users.Count - first);
        Prepare(users, first, count, userVectors);
        fixed (float* packed = _packed, panels = _items.Values)
        {
            var scores = stackalloc float[TTile.Rows * TTile.Columns];
            for (var panel = 0; panel < _items.Count; panel++)
            {
                for (var row = 0; row < count; row += TTile.Rows)
                {
                    TTile.Multiply(_items.Factors, packed + (row * _items.Factors), panels + ((long)panel * _items.PanelLength), 1, scores, TTile.Columns, add: false);
                    for (var user = row; user < Math.Min(count, row + TTile.Rows); user++)
                        _best.Offer(user, scores + ((user - row) * TTile.Columns), Math.Min(TTile.Columns, _items.ItemCount - (panel * TTile.Columns)), panel * TTile.Columns);
                }
            }
        }
        for (var row = 0; row < count; row++) _best.Finish(row, consume);
    }

    private void Prepare(IReadOnlyList<int> users, int first, int count, UserVectors userVectors)
    {
        for (var row = 0; row < count; row++)
        {
            _users[row] = users[first + row];
            _best.Start(row, _users[row]);
        }
        var vectors = _vectors.AsSpan(0, count * _items.Factors);
        vectors.Clear();
        userVectors(_users.AsSpan(0, count), vectors);
        fixed (float* from = _vectors, into = _packed)
        {
            for (var row = 0; row < count; row += TTile.Rows)
                Packing.Across(from + (row * _items.Factors), _items.Factors, Math.Min(TTile.Rows, count - row), _items.Factors, TTile.Rows, into + (row * _items.Factors));
        }
    }
}
