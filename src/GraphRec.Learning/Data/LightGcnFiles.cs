using System.Globalization;
using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>
/// Reads the form in which NGCF (Wang et al., SIGIR 2019) and LightGCN (He et al., SIGIR 2020) publish data sets: a folder
/// with <c>train.txt</c> and <c>test.txt</c>, per line the number of a user and of that user's items, between blanks or tabs.
/// A user may have no items in either file, or no line. An item that a user has twice in one file is counted once, as NGCF's
/// own reader does; one in both files is an error, because no list ever holds what was trained on.
/// </summary>
public static class LightGcnFiles
{
    // Arrays are as long as the largest number: a number of ten digits is a wrong file, not a larger machine.
    private const int MaxNumber = (1 << 26) - 1;

    /// <summary>Reads a folder; its name is the name of the data set.</summary>
    /// <exception cref="InvalidInputException">A file is missing, has no items, or a line is no list of numbers.</exception>
    public static GivenSplit Read(string folder)
    {
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        var train = new Pairs(Path.Combine(folder, "train.txt"));
        var test = new Pairs(Path.Combine(folder, "test.txt"));
        var users = new NumberIds(Math.Max(train.UserCount, test.UserCount));
        var items = new NumberIds(Math.Max(train.ItemCount, test.ItemCount));
        return GivenSplit.Of(train.Of(name, users, items), test.Of(name, users, items));
    }

    private sealed class Pairs
    {
        private readonly List<int> _users = [];
        private readonly List<int> _items = [];

        public Pairs(string path)
        {
            foreach (var (number, line) in TextLines.Of(path)) Add(path, number, line);
            if (_items.Count == 0) throw TextLines.Empty(path);
        }

        public int UserCount { get; private set; }
        public int ItemCount { get; private set; }

        public Interactions Of(string name, NumberIds users, NumberIds items) =>
            Interactions.Of(name, users, items, [.. _users], [.. _items]);

        private void Add(string path, int number, string line)
        {
            var user = -1;
            foreach (var range in TextLines.Fields(line))
            {
                var field = line.AsSpan(range);
                if (field.IsEmpty) continue;
                if (!int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) || parsed > MaxNumber)
                    throw TextLines.Bad(path, number, $"'{field}' is no number from 0 to {MaxNumber}");
                if (user < 0)
                {
                    user = parsed;
                    UserCount = Math.Max(UserCount, user + 1);
                    continue;
                }
                _users.Add(user);
                _items.Add(parsed);
                ItemCount = Math.Max(ItemCount, parsed + 1);
            }
        }
    }
}
