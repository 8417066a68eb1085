using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
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

    /// <summary>Kinds of model that the chosen one is measured against, with as many trials as it; for <see cref="PromotionGate"/>.</summary>
    public IReadOnlyList<string> Baselines { get; init; } = PromotionGate.Baselines;

    /// <summary>From which difference in NDCG@20 on one counts; null for the usual, see <see cref="PromotionGate"/>.</summary>
    public double? Margin { get; init; }

    /// <summary>Where trials are recorded as they end, and gone on with when they are there; null: nowhere.</summary>
    public string? TrialFile { get; init; }

    /// <summary>The models to measure: those to choose from, and the baselines that are not among them.</summary>
    internal IReadOnlyList<NamedRecipe> Measured =>
        [.. Models, .. Baselines.Where(kind => Models.All(model => model.Recipe.Model != kind)).Select(kind => new NamedRecipe(kind, ModelRecipe.Default(kind)))];
}

/// <summary>A version that was trained, and is not written yet.</summary>
/// <param name="Manifest">Without parts.</param>
/// <param name="Parts">Its files.</param>
public sealed record TrainedVersion(ModelManifest Manifest, IReadOnlyList<PartContent> Parts);

/// <summary>
/// Trains the collaborative model that serving reads: parameters and the kind are chosen on a validation cut by time, what is
/// chosen is measured once on the later test cut beside the others, the baselines and the version that is served, and then fitted
/// on everything.
/// </summary>
public static class Trainer
{
    /// <summary>The cut of the metrics.</summary>
    public const int K = 20;

    /// <summary>Trains.</summary>
    /// <param name="split">The log cut by time: what counted as engaged is judged by the events before the cut alone.</param>
    /// <param name="engagements">All engagements of the same log, which the chosen model is fitted on in the end.</param>
    /// <param name="plan">What is compared, and how.</param>
    /// <param name="current">The version that is served; null for none.</param>
    /// <param name="clock">When.</param>
    /// <param name="progress">Told of every trial; null when nobody listens.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InvalidInputException">
    /// A kind cannot be served, or there are too few engagements to hold some out; the message says what to change.
    /// </exception>
    public static TrainedVersion Run(
        TemporalSplit split, Interactions engagements, TrainingPlan plan, ModelManifest? current, TimeProvider clock, IProgress<LaboratoryProgress>? progress,
        CancellationToken cancel)
    {
        if (plan is { Trials: 0, Models.Count: > 1 }) throw new ArgumentException("without trials there is nothing to choose by; give one model.", nameof(plan));
        foreach (var model in plan.Models) ItemLists.RefuseOther(model.Recipe.Model);
        var tuning = plan.Trials == 0 ? null : new TuningPlan { Trials = plan.Trials, Objective = PromotionGate.Metric, File = plan.TrialFile, Resume = plan.TrialFile is not null };
        var measured = Measure(split, engagements, plan, plan.Measured, tuning, clock, progress, cancel);
        var best = measured.Models.Where(model => plan.Models.Any(asked => asked.Name == model.Name)).MaxBy(model => model.Validation ?? 0) ?? throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"No model could be fitted: {string.Join(" ", measured.LeftOut.Select(left => $"{left.Name}: {left.Reason}"))}");
        var served = current is null ? null : MeasureServed(split, engagements, plan, current, clock, progress, cancel);
        var verdict = Judge(measured, best, served, current?.DataHash == HashOf(engagements), plan, cancel);
        var recipe = plan.Models.Single(model => model.Name == best.Name).Recipe with { Parameters = best.Params };
        var telling = progress is null ? null : new Told(share => progress.Report(new LaboratoryProgress(best.Name, "fitting on everything", plan.Trials, best.Validation, share)));
        var fitted = ModelKinds.Fit(recipe, new FitInput(engagements.Matrix(), engagements, plan.Seed, plan.Threads, telling), cancel);
        var manifest = ManifestOf(engagements, plan, recipe.Model, clock.GetUtcNow()) with
        {
            Cut = split.Cut,
            Compared = [.. measured.Models.Concat(served?.Models ?? []).Select(Compared)],
            Gate = verdict,
        };
        return new TrainedVersion(manifest, PartsOf(fitted, engagements.Items, best, plan.Threads, cancel));
    }

    private static EvaluationReport Measure(
        TemporalSplit split, Interactions engagements, TrainingPlan plan, IReadOnlyList<NamedRecipe> models, TuningPlan? tuning, TimeProvider clock,
        IProgress<LaboratoryProgress>? progress, CancellationToken cancel) =>
        new Laboratory(new LaboratoryPlan(engagements.Name, split, models) { K = K, Seed = plan.Seed, Threads = plan.Threads, Tuning = tuning }, clock, progress).Run(cancel);

    /// <summary>
    /// Measures the version that is served: its kind, with its parameters, fitted on this training part. Its own file cannot be
    /// measured: it was fitted on all that was known then, much of which lies in the test part by now, and a model that has seen the
    /// answers beats every one that has not. So what is compared is what was chosen, on equal data, and neither has seen the test.
    /// </summary>
    private static EvaluationReport MeasureServed(
        TemporalSplit split, Interactions engagements, TrainingPlan plan, ModelManifest current, TimeProvider clock, IProgress<LaboratoryProgress>? progress,
        CancellationToken cancel)
    {
        var part = current.Part(ModelPart.Collaborative);
        return Measure(split, engagements, plan, [new NamedRecipe(current.Version, new ModelRecipe(part.Kind, part.Parameters))], null, clock, progress, cancel);
    }

    private static GateVerdict Judge(EvaluationReport measured, ModelReport best, EvaluationReport? served, bool sameData, TrainingPlan plan, CancellationToken cancel)
    {
        GateComparison Against(EvaluationReport report, ModelReport other) =>
            PromotionGate.Compare(measured, best.Name, report, other.Name, plan.Margin, plan.Seed, plan.Threads, cancel);

        GateComparison[] baselines = [.. measured.Models.Where(model => model != best && plan.Baselines.Contains(model.Model)).Select(model => Against(measured, model))];
        var current = served?.Models.Select(model => Against(served, model)).FirstOrDefault();
        return PromotionGate.Judge(baselines, current, sameData) with { NotCompared = [.. measured.LeftOut, .. served?.LeftOut ?? []] };
    }

    private static ModelManifest ManifestOf(Interactions engagements, TrainingPlan plan, string kind, DateTimeOffset now)
    {
        // 0.1.0+COMMIT where the build knew the commit.
        var version = typeof(Trainer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
        return new ModelManifest
        {
            Version = FormattableString.Invariant($"{now:yyyyMMdd-HHmmss}-{kind}"),
            Seed = plan.Seed,
            TrainedAt = now,
            GraphRec = version[0],
            Commit = version.ElementAtOrDefault(1),
            Packages = new[] { typeof(TensorPrimitives), typeof(MathNet.Numerics.Control) }.Select(type => type.Assembly.GetName())
                .ToDictionary(name => name.Name!, name => name.Version!.ToString()).Append(new(".NET", Environment.Version.ToString())).ToDictionary(),
            Engagements = engagements.Count,
            Through = DateTimeOffset.FromUnixTimeMilliseconds(engagements.Times[^1]),
            DataHash = HashOf(engagements),
            Compared = [],
        };
    }

    private static IReadOnlyList<PartContent> PartsOf(IModel fitted, IReadOnlyList<string> dramas, ModelReport measured, int threads, CancellationToken cancel)
    {
        var lists = ItemLists.Of(fitted, ItemLists.ServedLength, threads, cancel);
        var metrics = new[] { $"ndcg@{K}", $"recall@{K}" }.ToDictionary(name => name, name => measured.Metrics[name]);
        return
        [
            new(new ModelPart(ModelPart.Dramas, "ids", "dramas.jsonl"), file =>
            {
                foreach (var id in dramas) file.Write([.. JsonSerializer.SerializeToUtf8Bytes(id), (byte)'\n']);
            }),
            new(new ModelPart(ModelPart.Collaborative, fitted.Kind, "model.grmodel") { Parameters = measured.Params, Metrics = metrics }, fitted.Save),
            new(new ModelPart(ModelPart.Lists, "lists", "lists.grmodel"), file => ItemLists.Save(lists, file)),
        ];
    }

    private static ComparedModel Compared(ModelReport model) => new(
        model.Name, model.Params, model.Validation, model.Metrics[$"ndcg@{K}"], model.Metrics[$"recall@{K}"]);

    private static string HashOf(Interactions engagements)
    {
        var hash = new XxHash3();
        hash.Append(MemoryMarshal.AsBytes(engagements.UserNumbers));
        hash.Append(MemoryMarshal.AsBytes(engagements.ItemNumbers));
        hash.Append(MemoryMarshal.AsBytes(engagements.Times));
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
