using GraphRec.Core;

namespace GraphRec.Learning.Data;

/// <summary>What is common to everything that is built from pairs of numbers by counting.</summary>
internal static class NumberedPairs
{
    /// <summary>Where each number's row begins when pairs stand in order of it; length <paramref name="rows"/> + 1.</summary>
    public static int[] Starts(ReadOnlySpan<int> numbers, int rows)
    {
        var starts = new int[rows + 1];
        foreach (var number in numbers) starts[number + 1]++;
        for (var row = 0; row < rows; row++) starts[row + 1] += starts[row];
        return starts;
    }

    /// <summary>Refuses arrays of different lengths, and numbers outside of 0 … count − 1.</summary>
    /// <exception cref="InvalidInputException">There is one; the message names it.</exception>
    public static void Check(string name, int userCount, int itemCount, ReadOnlySpan<int> users, ReadOnlySpan<int> items)
    {
        if (users.Length != items.Length)
        {
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"{name}: there are {users.Length} users but {items.Length} items; give one of each per pair.");
        }
        Check(name, "user", userCount, users);
        Check(name, "item", itemCount, items);
    }

    private static void Check(string name, string what, int count, ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            if ((uint)number < (uint)count) continue;
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"{name}: a pair names {what} {number}, but {what}s are numbered from 0 to {count - 1}.");
        }
    }
}
