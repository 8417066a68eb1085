using System.IO.Hashing;
using System.Runtime.InteropServices;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Reports;

/// <summary>What reports say of a split.</summary>
public static class SplitFacts
{
    /// <summary>
    /// XXH3 (128 bits) of the sizes and of every user's training and test items: the same for the same pairs in the same numbering.
    /// </summary>
    public static string HashOf(Split split)
    {
        var hash = new XxHash128();
        void Add(ReadOnlySpan<int> numbers)
        {
            hash.Append(MemoryMarshal.AsBytes([numbers.Length]));
            hash.Append(MemoryMarshal.AsBytes(numbers));
        }

        Add([split.Train.Users.Count, split.Train.Items.Count, split.Test.Count]);
        for (var user = 0; user < split.Train.Users.Count; user++) Add(split.Train.ItemsOf(user));
        foreach (var user in split.Test)
        {
            Add([user.User]);
            Add(user.Items as int[] ?? [.. user.Items]);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    /// <summary>How large the parts are.</summary>
    public static IReadOnlyDictionary<string, long> SizesOf(Split split) => new Dictionary<string, long>
    {
        ["users"] = split.Train.Users.Count,
        ["items"] = split.Train.Items.Count,
        ["trainPairs"] = split.Train.Count,
        ["testUsers"] = split.Test.Count,
        ["testPairs"] = split.TestPairs,
    };
}
