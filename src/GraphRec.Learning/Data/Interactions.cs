using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>What the times of a data set's pairs say.</summary>
public enum InteractionTimes
{
    /// <summary>Nothing: the order of a user's pairs has no meaning.</summary>
    Unknown,

    /// <summary>Places in the user's own order, from 0: comparable within a user only.</summary>
    Positions,

    /// <summary>Milliseconds since 1970 UTC.</summary>
    Milliseconds,
}

/// <summary>
/// A data set in memory: pairs of a user and an item, ordered as read, each pair once. Users and items are numbered from 0;
/// a number's id is in <see cref="Users"/> and <see cref="Items"/>, which may hold users and items without a pair.
/// </summary>
public sealed class Interactions
{
    private readonly int[] _users;
    private readonly int[] _items;
    private float[]? _values;
    private long[]? _times;

    private Interactions(
        string name, IReadOnlyList<string> users, IReadOnlyList<string> items, int[] userNumbers, int[] itemNumbers, float[]? values,
        long[]? times, InteractionTimes timeScale)
    {
        (Name, Users, Items, _users, _items, _values, _times) = (name, users, items, userNumbers, itemNumbers, values, times);
        (HasValues, TimeScale) = (values is not null, timeScale);
    }

    /// <summary>How reports name the data set.</summary>
    public string Name { get; }

    /// <summary>The users' ids.</summary>
    public IReadOnlyList<string> Users { get; }

    /// <summary>The items' ids.</summary>
    public IReadOnlyList<string> Items { get; }

    /// <summary>How many pairs there are.</summary>
    public int Count => _users.Length;

    /// <summary>Whether <see cref="Values"/> were read; else each of them is 1.</summary>
    public bool HasValues { get; }

    /// <summary>What <see cref="Times"/> are; they are 0 where they are unknown.</summary>
    public InteractionTimes TimeScale { get; }

    /// <summary>The user of each pair.</summary>
    public ReadOnlySpan<int> UserNumbers => _users;

    /// <summary>The item of each pair.</summary>
    public ReadOnlySpan<int> ItemNumbers => _items;

    /// <summary>The rating of each pair, in the unit of the file.</summary>
    public ReadOnlySpan<float> Values => _values ??= Ones(Count);

    /// <summary>When each pair came about, by <see cref="TimeScale"/>.</summary>
    public ReadOnlySpan<long> Times => _times ??= new long[Count];

    /// <summary>
    /// The data set of these pairs, in this order; the arrays become its own. A pair that comes again is counted once, as it
    /// came first: every model and measure here is about whether a user has an item.
    /// </summary>
    /// <param name="name">How reports name it.</param>
    /// <param name="users">Ids by user number.</param>
    /// <param name="items">Ids by item number.</param>
    /// <param name="userNumbers">The user of each pair.</param>
    /// <param name="itemNumbers">The item of each pair.</param>
    /// <param name="values">The rating of each pair; null when there are none.</param>
    /// <param name="times">The time of each pair; null when it is unknown.</param>
    /// <param name="timeScale">What the times are.</param>
    /// <exception cref="InvalidInputException">
    /// The arrays differ in length, a number has no id, or times are given without a scale.
    /// </exception>
    public static Interactions Of(
        string name, IReadOnlyList<string> users, IReadOnlyList<string> items, int[] userNumbers, int[] itemNumbers,
        float[]? values = null, long[]? times = null, InteractionTimes timeScale = InteractionTimes.Unknown)
    {
        var count = userNumbers.Length;
        if ((values?.Length ?? count) != count || (times?.Length ?? count) != count)
            throw Bad($"{name}: values or times differ from the pairs in number; give one of each per pair.");
        if ((times is null) != (timeScale == InteractionTimes.Unknown))
            throw Bad($"{name}: times and their scale go together; give both or neither.");
        NumberedPairs.Check(name, users.Count, items.Count, userNumbers, itemNumbers);
        var all = new Interactions(name, users, items, userNumbers, itemNumbers, values, times, timeScale);
        var repeated = all.Repeated();
        return repeated.AsSpan().Contains(true) ? all.Where(repeated, false) : all;
    }

    /// <summary>Who has which item.</summary>
    public InteractionMatrix Matrix() => InteractionMatrix.Of(Users, Items, _users, _items);

    /// <summary>
    /// The pairs whose value is at least <paramref name="least"/>, in the same order and numbering: "liked" of a data set of ratings.
    /// </summary>
    /// <exception cref="InvalidInputException">The data set has no values, or none is left.</exception>
    public Interactions ValuedFrom(double least)
    {
        if (!HasValues) throw Bad($"{Name} has no ratings to choose by; use a data set of ratings.");
        var kept = new bool[Count];
        for (var pair = 0; pair < kept.Length; pair++) kept[pair] = _values![pair] >= least;
        return kept.AsSpan().Contains(true) ? Where(kept, true) : throw Bad($"{Name} has no rating of {least} or more; set a lower bound.");
    }

    /// <summary>The pairs whose mark is <paramref name="wanted"/>, in the same order and numbering.</summary>
    internal Interactions Where(ReadOnlySpan<bool> marks, bool wanted)
    {
        var pairs = new int[marks.Count(wanted)];
        for (int pair = 0, next = 0; pair < marks.Length; pair++)
        {
            if (marks[pair] == wanted) pairs[next++] = pair;
        }
        return new Interactions(
            Name, Users, Items, Pick(_users, pairs), Pick(_items, pairs), HasValues ? Pick(_values!, pairs) : null,
            TimeScale == InteractionTimes.Unknown ? null : Pick(_times!, pairs), TimeScale);
    }

    /// <summary>The pairs of each user, as read: those of user u are Pairs[Starts[u]..Starts[u + 1]].</summary>
    internal (int[] Starts, int[] Pairs) ByUser()
    {
        var starts = NumberedPairs.Starts(_users, Users.Count);
        var pairs = new int[Count];
        var next = starts[..^1];
        for (var pair = 0; pair < _users.Length; pair++) pairs[next[_users[pair]]++] = pair;
        return (starts, pairs);
    }

    private bool[] Repeated()
    {
        var repeated = new bool[Count];
        var (starts, pairs) = ByUser();
        // Who had the item last; 0 is nobody.
        var had = new int[Items.Count];
        for (var user = 0; user < Users.Count; user++)
        {
            foreach (var pair in pairs.AsSpan(starts[user]..starts[user + 1]))
            {
                ref var last = ref had[_items[pair]];
                repeated[pair] = last == user + 1;
                last = user + 1;
            }
        }
        return repeated;
    }

    private static T[] Pick<T>(T[] all, int[] pairs)
    {
        var picked = new T[pairs.Length];
        for (var n = 0; n < pairs.Length; n++) picked[n] = all[pairs[n]];
        return picked;
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
