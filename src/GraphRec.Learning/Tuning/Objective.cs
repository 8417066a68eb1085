using System.Globalization;
using GraphRec.Core;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Tuning;

/// <summary>The metrics that can be aimed at, by name.</summary>
public static class Objective
{
    private static readonly Dictionary<string, Func<int, IUserMetric>> Metrics = new(StringComparer.Ordinal)
    {
        ["ndcg"] = k => new NdcgAtK(k),
        ["recall"] = k => new RecallAtK(k),
        ["truncatedRecall"] = k => new TruncatedRecallAtK(k),
        ["precision"] = k => new PrecisionAtK(k),
        ["map"] = k => new MapAtK(k),
        ["hitRate"] = k => new HitRateAtK(k),
    };

    /// <summary>The metric of a name such as <c>ndcg@20</c>, and how long the lists must be for it.</summary>
    /// <exception cref="InvalidInputException">There is none; the message lists those there are.</exception>
    public static (IUserMetric Metric, int Length) Of(string name)
    {
        var parts = name.Split('@');
        if (parts.Length == 2 && Metrics.TryGetValue(parts[0], out var metric)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k >= 1)
            return (metric(k), k);
        throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"The objective must be one of {string.Join(", ", Metrics.Keys)} with a cut, such as ndcg@20, but is '{name}'.");
    }
}
