using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>The check of what metrics are made with.</summary>
internal static class Cut
{
    /// <summary><paramref name="k"/>, how many places of a list count.</summary>
    /// <exception cref="InvalidInputException">It is less than 1.</exception>
    public static int Of(int k) => k >= 1 ? k : throw new InvalidInputException(ErrorCodes.BadUserInput, $"k is {k}; set it to 1 or more.");
}
