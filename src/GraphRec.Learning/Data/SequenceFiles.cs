using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>
/// Reads the forms in which sequential recommenders publish data sets: per line a user and that user's items in order of
/// time, between blanks or tabs, all of them (S3-Rec: Zhou et al., CIKM 2020) or one at a time (SASRec: Kang and McAuley, ICDM
/// 2018): a user's next line goes on where the last one ended. Ids are any text without blanks. Times are positions. An item
/// that comes again for a user counts where it came first.
/// </summary>
public static class SequenceFiles
{
    /// <summary>Reads a file; its name without the extension is the name of the data set.</summary>
    /// <exception cref="InvalidInputException">The file is missing, or has no items.</exception>
    public static Interactions Read(string path)
    {
        IdNumbers users = new(), items = new();
        var (userNumbers, itemNumbers, times) = (new List<int>(), new List<int>(), new List<long>());
        // How many items each user has so far.
        var lengths = new List<long>();
        foreach (var (_, line) in TextLines.Of(path))
        {
            var user = -1;
            foreach (var range in TextLines.Fields(line))
            {
                var field = line.AsSpan(range);
                if (field.IsEmpty) continue;
                if (user < 0)
                {
                    user = users.Of(field, out var added);
                    if (added) lengths.Add(0);
                    continue;
                }
                userNumbers.Add(user);
                itemNumbers.Add(items.Of(field, out _));
                times.Add(lengths[user]++);
            }
        }
        if (times.Count == 0) throw TextLines.Empty(path);
        return Interactions.Of(
            Path.GetFileNameWithoutExtension(path), users.Ids, items.Ids, [.. userNumbers], [.. itemNumbers], null, [.. times],
            InteractionTimes.Positions);
    }
}
