using System.Numerics;
using System.Runtime.Intrinsics;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Filters;

/// <summary>The training matrix as entries of a model's file: filters are functions of it.</summary>
internal static class TrainingRows
{
    public static void Write(ModelWriter writer, InteractionMatrix train)
    {
        var users = train.Users.Count;
        var starts = new int[users + 1];
        for (var user = 0; user < users; user++) starts[user + 1] = starts[user] + train.ItemsOf(user).Length;
        var items = new int[train.Count];
        for (var user = 0; user < users; user++) train.ItemsOf(user).CopyTo(items.AsSpan(starts[user]));
        writer.Number("itemCount", train.Items.Count);
        writer.Array<int>("userStarts", starts);
        writer.Array<int>("items", items);
    }

    public static InteractionMatrix Read(ModelReader reader)
    {
        var itemCount = reader.Number("itemCount");
        var starts = reader.Array<int>("userStarts");
        var items = reader.Array<int>("items");
        var users = new int[items.Length];
        var isWhole = starts.Length > 0 && starts[0] == 0 && starts[^1] == items.Length && itemCount is >= 0 and <= int.MaxValue;
        for (var user = 0; isWhole && user + 1 < starts.Length; user++)
        {
            isWhole = starts[user] <= starts[user + 1] && starts[user + 1] <= items.Length;
            if (isWhole) users.AsSpan(starts[user]..starts[user + 1]).Fill(user);
        }
        foreach (var item in items) isWhole &= item >= 0 && item < itemCount;
        if (!isWhole) throw reader.Bad("is damaged at userStarts; train again or copy it again");
        return InteractionMatrix.Of(starts.Length - 1, (int)itemCount, users, items);
    }
}

/// <summary>The best items of a row of scores.</summary>
internal static unsafe class BestOfRow
{
    /// <summary>
    /// Keeps the best items but the known ones by score · destination. Both arrays are longer than the items by 15 or more,
    /// whatever stands there. The scores of the known items are lost.
    /// </summary>
    public static void Select(int items, ReadOnlySpan<int> known, Span<float> scores, ReadOnlySpan<float> destination, TopK best)
    {
        best.Clear();
        // What is not greater than the floor is never offered: neither −∞, nor −∞ · 0.
        foreach (var item in known) scores[item] = float.NegativeInfinity;
        fixed (float* from = scores, by = destination)
        {
            // Items come ascending, so one whose score only equals the floor loses the tie: strictly greater suffices.
            var floor = Vector512.Create(float.NegativeInfinity);
            for (var first = 0; first < items; first += Vector512<float>.Count)
            {
                var group = Vector512.Load(from + first) * Vector512.Load(by + first);
                var better = Vector512.GreaterThan(group, floor).ExtractMostSignificantBits();
                if (better == 0) continue;
                for (; better != 0; better &= better - 1)
                {
                    var lane = BitOperations.TrailingZeroCount(better);
                    if (first + lane < items) best.Offer(first + lane, group[lane]);
                }
                floor = Vector512.Create(best.Floor);
            }
        }
        best.Sort();
    }
}
