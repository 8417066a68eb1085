using System.Runtime.CompilerServices;
using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>The check of counts that metrics and tests are made with.</summary>
internal static class Positive
{
    /// <summary>The value itself, called in the message what the caller calls it.</summary>
    /// <exception cref="InvalidInputException">It is less than 1.</exception>
    public static int Of(int value, [CallerArgumentExpression(nameof(value))] string name = "") => value >= 1
        ? value
        : throw new InvalidInputException(ErrorCodes.BadUserInput, $"{name} is {value}; set it to 1 or more.");
}
