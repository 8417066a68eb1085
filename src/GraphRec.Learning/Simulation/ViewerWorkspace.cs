namespace GraphRec.Learning.Simulation;

/// <summary>How far a simulated viewer has come with a drama.</summary>
internal enum DramaStatus : byte
{
    Untouched,
    Listed,
    Watching,
    Finished,

    /// <summary>Skipped or given up: not picked again.</summary>
    Left,
}

/// <summary>
/// The large arrays one simulated viewer needs, one slot per drama; reused by the viewers one thread takes in turn.
/// </summary>
internal sealed class ViewerWorkspace(DramaWorld world)
{
    /// <summary>Utility of each drama under the taste at the start and at the end of the period.</summary>
    public double[] EarlyUtility { get; } = new double[world.Count];
    public double[] LateUtility { get; } = new double[world.Count];

    /// <summary>e^(utility + conformity · fame) for both tastes; 0 for what is never picked (again).</summary>
    public double[] EarlyWeight { get; } = new double[world.Count];
    public double[] LateWeight { get; } = new double[world.Count];

    /// <summary>Running sum of the current month's weights, from which the viewer picks.</summary>
    public double[] PickSums { get; } = new double[world.Count];
    public DramaStatus[] Status { get; } = new DramaStatus[world.Count];

    /// <summary>Brings both utilities to mean 0 and standard deviation 1, as one population.</summary>
    public void Standardise()
    {
        var mean = (EarlyUtility.Average() + LateUtility.Average()) / 2;
        var variance = 0.0;
        for (var d = 0; d < EarlyUtility.Length; d++)
        {
            EarlyUtility[d] -= mean;
            LateUtility[d] -= mean;
            variance += (EarlyUtility[d] * EarlyUtility[d]) + (LateUtility[d] * LateUtility[d]);
        }
        var scale = variance > 0 ? 1 / Math.Sqrt(variance / (2 * EarlyUtility.Length)) : 0;
        for (var d = 0; d < EarlyUtility.Length; d++)
        {
            EarlyUtility[d] *= scale;
            LateUtility[d] *= scale;
        }
    }
}
