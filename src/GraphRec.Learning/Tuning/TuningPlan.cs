using GraphRec.Core;

namespace GraphRec.Learning.Tuning;

/// <summary>Which trial's recipe is taken in the end.</summary>
public enum TrialChoice
{
    /// <summary>The one with the best value.</summary>
    Best,

    /// <summary>
    /// The one nearest to the recipe as given among those within one standard error of the best (the one-standard-error rule:
    /// Breiman, Friedman, Olshen, Stone, "Classification and regression trees", 1984, §3.4.3). What the validation part cannot
    /// tell from chance is no reason to leave what is usual, and test parts are distributed a little differently.
    /// </summary>
    OneStandardError,
}

/// <summary>How parameters are chosen.</summary>
public sealed record TuningPlan
{
    /// <summary>The most trials of a model where only time bounds them: the search rarely finds more after that.</summary>
    public const int TrialsOfTime = 60;

    /// <summary>The most trials per model, from 1; null: as many as the time allows, at most <see cref="TrialsOfTime"/>.</summary>
    public int? Trials { get; init; }

    /// <summary>Within which everything ends, the final measurement too; null: trials alone bound it.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>What is raised, such as <c>ndcg@20</c>.</summary>
    public string Objective { get; init; } = "ndcg@20";

    /// <summary>How the validation part is cut from training.</summary>
    public ValidationProtocol Validation { get; init; } = ValidationProtocol.All[0];

    /// <summary>Which trial's recipe is taken.</summary>
    public TrialChoice Choice { get; init; } = TrialChoice.OneStandardError;

    /// <summary>How many users of the validation part are asked at most, evenly spaced.</summary>
    public int MostUsers { get; init; } = 10_000;

    /// <summary>Where trials are recorded; null: nowhere.</summary>
    public string? File { get; init; }

    /// <summary>Whether to go on with the trials that are recorded there.</summary>
    public bool Resume { get; init; }

    /// <summary>The most trials of a model.</summary>
    public int MostTrials => Trials ?? TrialsOfTime;

    /// <summary>Refuses plans that cannot be carried out.</summary>
    /// <exception cref="InvalidInputException">The message says what to change.</exception>
    public void Validate()
    {
        Tuning.Objective.Of(Objective);
        if (Trials is < 1) throw new InvalidInputException(ErrorCodes.BadUserInput, $"There are {Trials} trials to make; allow at least 1.");
        if (Trials is null && Budget is null) throw new InvalidInputException(ErrorCodes.BadUserInput, "Tuning needs a bound: a number of trials, or minutes.");
        if (Resume && File is null) throw new InvalidInputException(ErrorCodes.BadUserInput, "There is no record to go on with; name the file of trials.");
    }
}
