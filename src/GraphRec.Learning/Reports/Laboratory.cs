using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Blending;
using GraphRec.Learning.Tuning;

namespace GraphRec.Learning.Reports;

/// <summary>What is to be measured.</summary>
/// <param name="Dataset">The name of the data set.</param>
/// <param name="Split">What is learned from and what is to be found.</param>
/// <param name="Models">Which models; names that differ.</param>
public sealed record LaboratoryPlan(string Dataset, Split Split, IReadOnlyList<NamedRecipe> Models)
{
    /// <summary>The cut of the metrics.</summary>
    public int K { get; init; } = 20;

    /// <summary>For every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>From 1; changes no result.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The genres of the items, where they are known.</summary>
    public ItemGenres? Genres { get; init; }

    /// <summary>Whether the area under the ROC curve is measured too.</summary>
    public bool Auc { get; init; }

    /// <summary>Makes the models.</summary>
    public ModelFit Fit { get; init; } = ModelKinds.Fit;

    /// <summary>How parameters are chosen; null: as given.</summary>
    public TuningPlan? Tuning { get; init; }
}

/// <summary>
/// Measures models on a split: chooses their parameters on a validation part of training where a plan says so, fits each on
/// the whole training part, and measures it once on the test part.
/// </summary>
public sealed class Laboratory
{
    // Of the time for everything.
    private const double BlendShare = 0.3;

    // Scoring all items of a block of users takes about this many times as long as going for the best items alone: of five
    // members on Gowalla, 1.8.
    private const double SlowScores = 2;

    private readonly LaboratoryPlan _plan;
    private readonly TimeBudget _budget;
    private readonly IProgress<LaboratoryProgress>? _progress;
    private readonly MetricSet _metrics;
    private readonly List<LeftOut> _leftOut = [];

    /// <exception cref="InvalidInputException">The plan cannot be carried out.</exception>
    public Laboratory(LaboratoryPlan plan, TimeProvider clock, IProgress<LaboratoryProgress>? progress = null)
    {
        ModelItems.Distinct(plan.Models);
        plan.Tuning?.Validate();
        if (plan.Split.Test.Count == 0) throw new InvalidInputException(ErrorCodes.BadUserInput, $"{plan.Dataset} has no test user: nobody has an item to find.");
        (_plan, _budget, _progress) = (plan, new TimeBudget(clock, plan.Tuning?.Budget), progress);
        _metrics = MetricSet.All(plan.Split, plan.K, plan.Genres, plan.Auc);
    }

    /// <summary>Tunes, fits and measures. Models that fail are named in <see cref="EvaluationReport.LeftOut"/>.</summary>
    public EvaluationReport Run(CancellationToken cancel)
    {
        var hash = SplitFacts.HashOf(_plan.Split);
        var (tuner, tuning) = Tune(hash, cancel);
        ModelTuning? TuningOf(NamedRecipe model) => tuner?.Models.FirstOrDefault(tuned => tuned.Model == model);
        // The quick ones first: should one take longer than expected, the others are measured. Blends are made of them.
        var order = Enumerable.Range(0, _plan.Models.Count)
            .OrderBy(n => IsBlend(_plan.Models[n])).ThenBy(n => TuningOf(_plan.Models[n]) is { } tuned ? tuner!.SecondsToFinish(tuned) : 0).ToArray();
        var measured = new ModelReport?[_plan.Models.Count];
        foreach (var n in order)
        {
            var model = IsBlend(_plan.Models[n]) ? WithMembers(_plan.Models[n], measured) : _plan.Models[n];
            if (model is not null) measured[n] = Measure(model, TuningOf(model), tuner, cancel);
        }
        return new EvaluationReport
        {
            Dataset = _plan.Dataset,
            Split = _plan.Split.Name,
            DataHash = hash,
            K = _plan.K,
            Seed = _plan.Seed,
            Threads = _plan.Threads,
            Sizes = SplitFacts.SizesOf(_plan.Split),
            Tuning = tuning,
            Models = [.. measured.OfType<ModelReport>()],
            LeftOut = _leftOut,
        };
    }

    private (Tuner?, TuningReport?) Tune(string hash, CancellationToken cancel)
    {
        if (_plan.Tuning is not { } plan) return (null, null);
        var validation = plan.Validation.Of(_plan.Split, _plan.Seed, plan.MostUsers);
        var header = new TrialHeader(
            TrialLog.Version, _plan.Dataset, hash, _plan.Split.Name, plan.Validation.Name, plan.Objective, plan.Choice.ToString(), _plan.Seed, plan.MostUsers);
        using var log = plan.File is not { } file ? TrialLog.InMemory() : plan.Resume ? TrialLog.Resume(file, header) : TrialLog.Create(file, header);
        var (metric, length) = Objective.Of(plan.Objective);
        var bench = new TrialBench(validation, metric, length, _plan.Seed, _plan.Threads, log, _plan.Fit, plan.Choice);
        var tuner = new Tuner(plan, [.. _plan.Models.Where(model => !IsBlend(model))], _plan.Split, bench, _budget, _progress)
        {
            Reserve = _plan.Models.Count(IsBlend) * BlendShare * (plan.Budget?.TotalSeconds ?? 0),
        };
        tuner.Run(cancel);
        _leftOut.AddRange(tuner.LeftOut.Select(left => new LeftOut(left.Key, left.Value)));
        return (tuner, new TuningReport(
            plan.Objective, plan.Validation.Name, plan.Choice.ToString(), validation.Test.Count, plan.Trials, plan.Budget?.TotalMinutes, _budget.Elapsed));
    }

    private static bool IsBlend(NamedRecipe model) => ModelKinds.Of(model.Recipe.Model).IsMadeOfOthers;

    /// <summary>
    /// A blend that names no members is made of the models that were measured in this run, with the recipes chosen for them;
    /// where time is bounded, the best on the validation part first, as many as there is time for: it fits each of them twice
    /// and scores without their short cuts. Null, and left out, where there is none. Alone in a run it has the kind's own.
    /// </summary>
    private NamedRecipe? WithMembers(NamedRecipe blend, ModelReport?[] measured)
    {
        if (blend.Recipe.Members.Count > 0 || _plan.Models.All(IsBlend)) return blend;
        var free = _budget.Left * 0.8;
        List<ModelRecipe> members = [];
        foreach (var model in measured.OfType<ModelReport>().Where(model => model.Members is null).OrderByDescending(model => model.Validation ?? 0))
        {
            if (SecondsAsMember(model) > free) continue;
            free -= SecondsAsMember(model);
            members.Add(new ModelRecipe(model.Model!, model.Params));
        }
        if (members.Count > 0) return blend with { Recipe = blend.Recipe with { Members = members } };
        _leftOut.Add(new LeftOut(blend.Name, "There was no time to fit any other model of the run again, or none could be measured; allow more minutes, or measure other models."));
        return null;
    }

    private static double SecondsAsMember(ModelReport model) => (2 * model.Train.WallSeconds) + (SlowScores * model.Score.WallSeconds);

    private ModelReport? Measure(NamedRecipe model, ModelTuning? tuning, Tuner? tuner, CancellationToken cancel)
    {
        if (tuner?.LeftOut.ContainsKey(model.Name) == true) return null;
        using var until = _budget.Until(_budget.Left, cancel);
        try
        {
            return Measured(model, tuning, until.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            _leftOut.Add(new LeftOut(model.Name, "The time was over before it was fitted and measured; allow more minutes, or measure fewer models at once."));
        }
        catch (InvalidInputException e)
        {
            _leftOut.Add(new LeftOut(model.Name, e.Message));
        }
        catch (OutOfMemoryException)
        {
            _leftOut.Add(new LeftOut(model.Name, "It does not fit into memory; use a smaller model, or a machine with more memory."));
        }
        return null;
    }

    private ModelReport Measured(NamedRecipe model, ModelTuning? tuning, CancellationToken cancel)
    {
        var recipe = tuning?.ChosenRecipe ?? model.Recipe;
        void Tell(string stage, double share) =>
            _progress?.Report(new LaboratoryProgress(model.Name, stage, tuning?.Trials.Count ?? 0, tuning?.Best?.Value, share));
        var input = FitInput.Of(_plan.Split, _plan.Seed, _plan.Threads) with
        {
            Progress = new Told(share => Tell("fitting", share)),
            Validation = () => (_plan.Tuning?.Validation ?? ValidationProtocol.All[0]).Cut(_plan.Split, _plan.Seed),
        };
        Tell("fitting", 0);
        IModel? fitted = null;
        var train = Spent.WithPeakBy(() => fitted = _plan.Fit(recipe, input, cancel));
        Tell("ranking", 0);
        var found = RankingEvaluator.Measure(fitted!, _plan.Split, _metrics, _plan.Threads, cancel);
        var metrics = found.PerUser.Keys.Concat(found.OfLists.Keys).ToDictionary(name => name, name => found[name]);
        var intervals = BootstrapInterval.OfAll([.. found.PerUser.Values], _plan.Seed, threads: _plan.Threads, cancel: cancel);
        Tell("ranking", 1);
        return new ModelReport(
            model.Name, recipe.Parameters, metrics,
            found.PerUser.Keys.Zip(intervals).ToDictionary(p => p.First, p => new[] { p.Second.Low, p.Second.High }),
            new TrainReport(train.WallSeconds, train.CpuSeconds, train.PeakBytes),
            new ScoreReport(_plan.Split.Test.Count / Math.Max(1e-9, found.Scoring.WallSeconds), found.Scoring.WallSeconds, found.Scoring.CpuSeconds))
        {
            Model = recipe.Model,
            Validation = tuning?.Chosen?.Value,
            Members = (fitted as BlendModel)?.Members.Select(member => new MemberReport(member.Name, member.Weight)).ToArray(),
            PerUser = found.PerUser.ToDictionary(p => p.Key, p => PackedValues.Pack(p.Value)),
            Trials = tuning is null ? null :
            [
                .. tuning.Trials.Select(t => new TrialReport(t.Number, t.Params, t.Value, t.FitCpuSeconds, t.FitSeconds + t.ScoreSeconds, t.Failure) { Error = t.Error }),
            ],
        };
    }
}
