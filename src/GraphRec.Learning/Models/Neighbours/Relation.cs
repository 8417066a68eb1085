using GraphRec.Graph;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Neighbours;

/// <summary>The training relation as the kernels read it, and as models that answer from it keep it in their files.</summary>
internal static class Relation
{
    /// <summary>The same pairs, users and items.</summary>
    public static Bipartite Of(InteractionMatrix train)
    {
        var starts = new int[train.Users.Count + 1];
        var items = new int[train.Count];
        for (var user = 0; user + 1 < starts.Length; user++)
        {
            var row = train.ItemsOf(user);
            row.CopyTo(items.AsSpan(starts[user]));
            starts[user + 1] = starts[user] + row.Length;
        }
        return Bipartite.OfSortedRows(starts, items, train.Items.Count);
    }

    /// <summary>Writes the entries that <see cref="Read"/> reads.</summary>
    public static void Write(ModelWriter writer, Bipartite relation)
    {
        writer.Number("itemCount", relation.ItemCount);
        writer.Array<int>("userStarts", relation.UserOffsets);
        writer.Array<int>("items", relation.Items);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="Core.InvalidInputException">The rows are no relation.</exception>
    public static Bipartite Read(ModelReader reader)
    {
        var itemCount = reader.Number("itemCount");
        var (starts, items) = (reader.Array<int>("userStarts"), reader.Array<int>("items"));
        if (itemCount is not (>= 0 and < int.MaxValue)) throw reader.Bad("is damaged at itemCount; train again or copy it again");
        try
        {
            return Bipartite.OfSortedRows(starts, items, (int)itemCount);
        }
        catch (ArgumentException e)
        {
            throw reader.Bad($"is damaged ({e.Message}); train again or copy it again");
        }
    }
}
