using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>
/// Reads the form in which sequential recommenders publish data sets (the preprocessed files of SASRec, Kang and McAuley,
/// ICDM 2018, one user per line as S3-Rec has them): per line a user and that user's items in order of time, between
/// blanks or tabs. Ids are any text without blanks. Times are positions. An item that comes again in a user's line counts
/// where it came first.
/// </summary>
public static class SequenceFiles
{
    /// <summary>Reads a file; its name without the extension is the name of the data set.</summary>
    /// <exception cref="InvalidInputException">The file is missing, has no items, or a user has two lines.</exception>
    public static Interactions Read(string path)
    {
        IdNumbers users = new(), items = new();
        var (userNumbers, itemNumbers, times) = (new List<int>(), new List<int>(), new List<long>());
        foreach (var (number, line) in TextLines.Of(path))
        {
            var (user, position) = (-1, 0);
            foreach (var range in TextLines.Fields(line))
            {
                var field = line.AsSpan(range);
                if (field.IsEmpty) continue;
                if (user < 0)
                {
                    user = users.Of(field, out var added);
                    if (!added) throw TextLines.Bad(path, number, $"user {field} has a line already, and which items come first is not known");
                    continue;
                }
                userNumbers.Add(user);
                itemNumbers.Add(items.Of(field, out _));
                times.Add(position++);
            }
        }
        if (times.Count == 0) throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} has no items; write a user and that user's items on each line.");
        return Interactions.Of(
            Path.GetFileNameWithoutExtension(path), users.Ids, items.Ids, [.. userNumbers], [.. itemNumbers], null, [.. times], InteractionTimes.Positions);
    }
}
