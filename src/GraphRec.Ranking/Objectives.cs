namespace GraphRec.Ranking;

/// <summary>
/// Weights of the re-ranking objectives. Each objective is in [0, 1]; the served score is their weighted sum, so that
/// with weights that sum to 1 it is in [0, 1] as well.
/// </summary>
public sealed record ObjectiveWeights
{
    /// <summary>How well it fits the viewer: the ranker's score over the best of this viewer.</summary>
    public double Relevance { get; init; } = 0.5;

    /// <summary>How unlike it is to what stands above it in the list, by <see cref="ReRanking.DiversityMeasure"/>.</summary>
    public double Diversity { get; init; } = 0.2;

    /// <summary>How much of it the list still owes the viewer, whose taste has its genres in other shares than the list so far.</summary>
    public double Calibration { get; init; }

    /// <summary>How lately it was released.</summary>
    public double Freshness { get; init; } = 0.15;

    /// <summary>How likely those who start it finish it.</summary>
    public double Completion { get; init; } = 0.1;

    /// <summary>The priority that the catalogue's owner gave it.</summary>
    public double Priority { get; init; } = 0.05;

    /// <summary>What is wrong with the weights, as a sentence that says what to change; null when they are good.</summary>
    public string? Problem()
    {
        double[] all = [Relevance, Diversity, Calibration, Freshness, Completion, Priority];
        if (all.Any(w => !(w is >= 0 and <= 1))) return "every objective weight must be from 0 to 1.";
        return Math.Abs(all.Sum() - 1) > 1e-9 ? $"the objective weights must sum to 1, but sum to {all.Sum()}." : null;
    }
}
