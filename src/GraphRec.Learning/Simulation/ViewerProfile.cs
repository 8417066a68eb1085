namespace GraphRec.Learning.Simulation;

/// <summary>The habits of one simulated viewer that are not taste.</summary>
/// <param name="UserId">The public id, <c>viewer-0001</c> ….</param>
/// <param name="Region">Where they live.</param>
/// <param name="Devices">The device they mostly use, then the other one.</param>
/// <param name="EventBudget">How many events they leave in the whole period.</param>
/// <param name="Conformity">How much fame draws them: 0 not at all, 1 as much as it draws everybody together.</param>
/// <param name="Tolerance">Log-odds with which they finish a drama they neither like nor dislike.</param>
/// <param name="Exploration">Chance that they pick a drama by fame alone, whatever their taste.</param>
/// <param name="RatingHabit">Chance that they rate a drama they finished.</param>
/// <param name="RatingBias">How generous they are, in rating points.</param>
/// <param name="FirstDay">The day of the period on which they arrive.</param>
/// <param name="EndDay">The day on which they leave for good; the period's length when they stay.</param>
internal sealed record ViewerProfile(
    string UserId, Region Region, (string Main, string Other) Devices, int EventBudget, double Conformity, double Tolerance,
    double Exploration, double RatingHabit, double RatingBias, int FirstDay, int EndDay)
{
    private static readonly string[] Kinds = ["tv", "phone", "tablet", "laptop"];

    /// <summary>Draws the habits of a simulated viewer.</summary>
    public static ViewerProfile Draw(string userId, int eventBudget, int days, SimulationRandom random)
    {
        var main = random.Below(Kinds.Length);
        var other = (main + 1 + random.Below(Kinds.Length - 1)) % Kinds.Length;
        // Two in five arrive during the period, one in seven leaves before it ends.
        var first = random.Chance(0.4) ? random.Below(Math.Max(1, days * 3 / 4)) : 0;
        var end = random.Chance(0.14) ? first + 1 + random.Below(days - first) : days;
        return new ViewerProfile(
            userId, Region.Draw(random), (Kinds[main], Kinds[other]), eventBudget,
            Conformity: random.Between(0.45, 0.95),
            Tolerance: 0.5 + (0.7 * random.Normal()),
            Exploration: random.Between(0.03, 0.12),
            RatingHabit: Math.Pow(random.Unit(), 0.8),
            RatingBias: 0.5 * random.Normal(),
            first, end);
    }
}
