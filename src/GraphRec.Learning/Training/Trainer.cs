using System.IO.Hashing;
using System.Runtime.InteropServices;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Reports;
using GraphRec.Learning.Tuning;

namespace GraphRec.Learning.Training;

/// <summary>What is trained.</summary>
/// <param name="Models">Which models are compared; names that differ.</param>
public sealed record TrainingPlan(IReadOnlyList<NamedRecipe> Models)
{
    /// <summary>Recipes that are tried per model; 0 takes a single model as it is, without a validation.</summary>
    public int Trials { get; init; } = 12;

    /// <summary>For every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>From 1; changes no result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>
/// Trains the collaborative model that serving reads: parameters and the kind are chosen on a validation cut by time, what is
/// chosen is measured once on the later test cut beside the others and popularity, and then fitted on everything.
/// </summary>
public static class Trainer
{
    /// <summary>The cut of the metrics.</summary>
    public const int K = 20;

    /// <summary>Trains.</summary>
    /// <param name="split">The log cut by time: what counted as engaged is judged by the events before the cut alone.</param>
    /// <param name="engagements">All engagements of the same log, which the chosen model is fitted on in the end.</param>
    /// <param name="plan">What is compared, and how.</param>
    /// <param name="clock">When.</param>
    /// <param name="progress">Told of every trial; null when nobody listens.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InvalidInputException">
    /// A kind cannot be served, or there are too few engagements to hold some out; the message says what to change.
    /// </exception>
    public static (ModelManifest Manifest, IModel Model) Run(
        TemporalSplit split, Interactions engagements, TrainingPlan plan, TimeProvider clock, IProgress<LaboratoryProgress>? progress,
        CancellationToken cancel)
    {
        if (plan is { Trials: 0, Models.Count: > 1 }) throw new ArgumentException("without trials there is nothing to choose by; give one model.", nameof(plan));
        foreach (var model in plan.Models) ItemLists.RefuseOther(model.Recipe.Model);
        NamedRecipe baseline = new("popularity", ModelRecipe.Default("popularity"));
        var measured = new Laboratory(
            new LaboratoryPlan(engagements.Name, split, [.. plan.Models, baseline])
            {
                K = K, Seed = plan.Seed, Threads = plan.Threads, Tuning = plan.Trials == 0 ? null : new TuningPlan { Trials = plan.Trials, Objective = $"ndcg@{K}" },
            },
            clock, progress).Run(cancel);
        ComparedModel[] compared = [.. measured.Models.Select(Compared)];
        var best = compared.Where(model => model.Name != baseline.Name).MaxBy(model => model.Validation) ?? throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"No model could be fitted: {string.Join(" ", measured.LeftOut.Select(left => $"{left.Name}: {left.Reason}"))}");
        var recipe = plan.Models.Single(model => model.Name == best.Name).Recipe with { Parameters = best.Parameters };
        var fitted = ModelKinds.Fit(recipe, new FitInput(engagements.Matrix(), engagements, plan.Seed, plan.Threads), cancel);
        var now = clock.GetUtcNow();
        return (new ModelManifest
        {
            Version = FormattableString.Invariant($"{now:yyyyMMdd-HHmmss}-{recipe.Model}"),
            Kind = recipe.Model,
            Parameters = best.Parameters,
            Seed = plan.Seed,
            TrainedAt = now,
            GraphRec = typeof(Trainer).Assembly.GetName().Version!.ToString(3),
            Engagements = engagements.Count,
            DataHash = HashOf(engagements),
            Cut = split.Cut,
            Compared = compared,
            Dramas = engagements.Items,
        }, fitted);
    }

    private static ComparedModel Compared(ModelReport model) => new(
        model.Name, model.Params, model.Validation ?? 0, model.Metrics[$"ndcg@{K}"], model.Metrics[$"recall@{K}"]);

    private static string HashOf(Interactions engagements)
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(engagements.UserNumbers));
        hash.Append(MemoryMarshal.AsBytes(engagements.ItemNumbers));
        hash.Append(MemoryMarshal.AsBytes(engagements.Times));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
