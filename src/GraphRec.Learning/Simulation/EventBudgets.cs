namespace GraphRec.Learning.Simulation;

/// <summary>Deals the target number of events out to the simulated viewers.</summary>
internal static class EventBudgets
{
    /// <summary>No viewer gets more than this many times the mean weight, or one would be a tenth of a small set.</summary>
    private const double LargestOverMean = 10;

    /// <summary>
    /// Events per viewer, in order of viewers. Cold viewers have 0 to 3, all others at least
    /// <see cref="SimulationOptions.MinEventsOfActiveViewer"/> with a lognormal tail; they sum to the target exactly.
    /// </summary>
    public static int[] Deal(SimulationOptions options)
    {
        var random = new SimulationRandom(options.Seed, stream: -3);
        var order = Enumerable.Range(0, options.Viewers).ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var other = random.Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        var budgets = new int[options.Viewers];
        var left = options.TargetEvents;
        foreach (var viewer in order.AsSpan(0, options.ColdViewers)) left -= budgets[viewer] = random.Below(4);
        var active = order.AsSpan(options.ColdViewers);
        left -= active.Length * SimulationOptions.MinEventsOfActiveViewer;
        var weights = new double[active.Length];
        for (var i = 0; i < weights.Length; i++) weights[i] = Math.Exp(1.0 * random.Normal());
        var most = LargestOverMean * weights.Average();
        for (var i = 0; i < weights.Length; i++) weights[i] = Math.Min(weights[i], most);
        var total = weights.Sum();
        var (seen, dealt) = (0.0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            // Rounding the running sum, not each part, makes the parts sum to the target.
            seen += weights[i];
            var through = i == weights.Length - 1 ? left : (int)Math.Round(left * (seen / total));
            budgets[active[i]] = SimulationOptions.MinEventsOfActiveViewer + through - dealt;
            dealt = through;
        }
        return budgets;
    }
}
