namespace GraphRec.Core;

/// <summary>What a viewer's id says of them.</summary>
public static class Viewers
{
    /// <summary>Ids of simulated viewers start with this, so that no place that shows one can hide it.</summary>
    public const string SimulatedPrefix = "simulated-";

    public static bool IsSimulated(string userId) => userId.StartsWith(SimulatedPrefix, StringComparison.Ordinal);
}
