using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Tuning;

/// <summary>A recipe and what a run calls it: as it was asked for, <c>ials:factors=128</c>.</summary>
public sealed record NamedRecipe(string Name, ModelRecipe Recipe);

/// <summary>Makes a model of a recipe: <see cref="ModelKinds.Fit"/>, or something like it.</summary>
public delegate IModel ModelFit(ModelRecipe recipe, FitInput input, CancellationToken cancel);

/// <summary>What every trial of a run has in common.</summary>
/// <param name="Validation">Where recipes are tried; nothing else of the data is looked at.</param>
/// <param name="Metric">What is raised.</param>
/// <param name="Length">How long the lists must be for it.</param>
/// <param name="Seed">For every random choice.</param>
/// <param name="Threads">From 1; matters to no result.</param>
/// <param name="Log">Where trials are recorded, and those before this run are.</param>
/// <param name="Fit">Makes the models.</param>
/// <param name="Choice">Which trial's recipe is taken in the end.</param>
public sealed record TrialBench(
    Split Validation, IUserMetric Metric, int Length, int Seed, int Threads, TrialLog Log, ModelFit Fit, TrialChoice Choice = TrialChoice.Best);

/// <summary>
/// The search for one model's best recipe, a trial at a time. With the same bench and the same record it does the same; the
/// clock decides nothing here but when the caller says so.
/// </summary>
public sealed class ModelTuning
{
    // A model whose every recipe fails will fail again.
    private const int MostFailures = 3;

    private readonly TrialBench _bench;
    private readonly Search _search;
    private readonly List<Trial> _trials;

    /// <exception cref="InvalidInputException">The recipe is wrong.</exception>
    public ModelTuning(NamedRecipe model, TrialBench bench)
    {
        (Model, _bench) = (model, bench);
        _search = new Search(SearchSpace.Of(model.Recipe), model.Name, bench.Seed);
        _trials = [.. bench.Log.Of(model.Name)];
    }

    /// <summary>What is searched for.</summary>
    public NamedRecipe Model { get; }

    /// <summary>All trials that ended, those before this run too.</summary>
    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>The best so far, of equals the first; null when none has a value.</summary>
    public Trial? Best => _trials.Where(trial => trial.Value is not null).MaxBy(trial => trial.Value);

    /// <summary>The trial whose recipe is taken; null when none has a value.</summary>
    public Trial? Chosen => _bench.Choice == TrialChoice.Best ? Best : _search.Cautious(Model.Recipe, _trials);

    /// <summary>The recipe of the chosen trial, or as given when there is none.</summary>
    public ModelRecipe ChosenRecipe => Chosen is { } chosen ? Model.Recipe with { Parameters = chosen.Params } : Model.Recipe;

    /// <summary>Whether there is nothing more to try.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>How far fitting came in a trial that was stopped, 0 to 1.</summary>
    public double LastShare { get; private set; }

    /// <summary>
    /// Tries the next recipe. Returns null, and sets <see cref="IsExhausted"/>, when there is none, or when the first trials all
    /// failed. A trial that is stopped by <paramref name="cancel"/> is not recorded.
    /// </summary>
    public Trial? Next(IProgress<double>? progress, CancellationToken cancel)
    {
        var hopeless = _trials.Count >= MostFailures && Best is null;
        var recipe = hopeless ? null : NextRecipe();
        if (recipe is null)
        {
            IsExhausted = true;
            return null;
        }
        var trial = Try(new Trial(Model.Name, _trials.Count, recipe.Parameters, null), recipe, progress, cancel);
        _trials.Add(trial);
        _bench.Log.Add(trial);
        return trial;
    }

    private ModelRecipe? NextRecipe()
    {
        // Every fourth trial asks how far back one can go without losing more than is noise.
        if (_bench.Choice == TrialChoice.OneStandardError && _trials.Count > _search.Spread && _trials.Count % 4 == 0
            && _search.Retreat(Model.Recipe, _trials) is { } back) return back;
        return _search.Next(Model.Recipe, [.. _trials.Select(t => (Model.Recipe with { Parameters = t.Params }, t.Value))]);
    }

    private Trial Try(Trial trial, ModelRecipe recipe, IProgress<double>? progress, CancellationToken cancel)
    {
        LastShare = 0;
        var input = FitInput.Of(_bench.Validation, _bench.Seed, _bench.Threads) with
        {
            Progress = new Told(share =>
            {
                LastShare = share;
                progress?.Report(share);
            }),
        };
        IModel? model = null;
        var fit = default(Spent);
        try
        {
            fit = Spent.By(() => model = _bench.Fit(recipe, input, cancel));
            var metrics = new MetricSet(_bench.Length, [_bench.Metric], []);
            var found = RankingEvaluator.Measure(model!, _bench.Validation, metrics, _bench.Threads, cancel);
            return trial with
            {
                Value = found[_bench.Metric.Name], Error = StandardError(found.PerUser[_bench.Metric.Name]), FitSeconds = fit.WallSeconds, FitCpuSeconds = fit.CpuSeconds, ScoreSeconds = found.Scoring.WallSeconds,
            };
        }
        catch (InvalidInputException e)
        {
            return trial with { FitSeconds = fit.WallSeconds, FitCpuSeconds = fit.CpuSeconds, Failure = e.Message };
        }
        catch (OutOfMemoryException)
        {
            return trial with { FitSeconds = fit.WallSeconds, FitCpuSeconds = fit.CpuSeconds, Failure = "It does not fit into memory." };
        }
    }

    private static double StandardError(IReadOnlyList<double> values)
    {
        if (values.Count < 2) return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1) / values.Count);
    }
}
