using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Benchmarks;

/// <summary>
/// Holds out of every user's training items what goes together, as the given test part of Gowalla does (<c>split-facts</c>): an item
/// at random, and as many others as make a fifth, drawn from the items that are most like it, twice as many as are wanted.
/// </summary>
internal static class ClumpCut
{
    private const double Share = 0.2;

    /// <summary>The training part of a split, cut again. The same seed gives the same cut.</summary>
    public static GivenSplit Of(Split split, int seed)
    {
        var (train, random) = (split.Train, new Random(seed));
        List<int> keptUsers = [], keptItems = [], heldUsers = [], heldItems = [];
        for (var user = 0; user < train.Users.Count; user++)
        {
            int[] items = [.. train.ItemsOf(user)];
            var held = Held(train, items, random);
            foreach (var item in items)
            {
                (held.Contains(item) ? heldUsers : keptUsers).Add(user);
                (held.Contains(item) ? heldItems : keptItems).Add(item);
            }
        }
        var data = split.TrainPairs;
        return GivenSplit.Of(
            Interactions.Of(data.Name, data.Users, data.Items, [.. keptUsers], [.. keptItems]),
            Interactions.Of(data.Name, data.Users, data.Items, [.. heldUsers], [.. heldItems]));
    }

    private static HashSet<int> Held(InteractionMatrix train, int[] items, Random random)
    {
        var count = Math.Min((int)Math.Ceiling(Share * items.Length), items.Length - 1);
        if (count <= 0) return [];
        var first = items[random.Next(items.Length)];
        var users = train.UsersOf(first).ToArray().ToHashSet();
        int[] near = [.. items.Where(item => item != first).OrderByDescending(item => Cosine(train, users, item)).Take(2 * count)];
        random.Shuffle(near);
        return [first, .. near.Take(count - 1)];
    }

    /// <summary>Users of both items over the root of the product of how many each has.</summary>
    private static double Cosine(InteractionMatrix train, HashSet<int> users, int item)
    {
        var common = 0;
        foreach (var user in train.UsersOf(item)) common += users.Contains(user) ? 1 : 0;
        return common / Math.Sqrt((double)users.Count * train.UsersOf(item).Length);
    }
}
