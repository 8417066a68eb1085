using GraphRec.Core;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Tuning;

/// <summary>How far a run is.</summary>
/// <param name="Model">Of which model.</param>
/// <param name="Stage"><c>tuning</c>, <c>fitting</c> or <c>ranking</c>.</param>
/// <param name="Trials">How many trials of the model ended.</param>
/// <param name="Best">The best value of the objective so far; null when there is none.</param>
/// <param name="Share">How far this trial or fit is, 0 to 1.</param>
public sealed record LaboratoryProgress(string Model, string Stage, int Trials, double? Best, double Share);

/// <summary>
/// Searches for the best recipes of several models. Without a budget every model gets the same number of trials, and the
/// trials are the same for one seed. With one, the model that was given the least time so far gets the next trial, as long as
/// enough is left to fit and measure all of them at the end.
/// </summary>
public sealed class Tuner
{
    // Fits differ from trial to trial, and the final one has more data; it must not run over for all that.
    private const double Caution = 1.35;
    private const double SecondsOfMetrics = 3;

    // Before, progress tells nothing of the time.
    private const double LeastShare = 0.02;

    private readonly TuningPlan _plan;
    private readonly TimeBudget _budget;
    private readonly Split _split, _validation;
    private readonly IProgress<LaboratoryProgress>? _progress;
    private readonly List<ModelTuning> _models;
    private readonly Dictionary<ModelTuning, double> _spent = [];
    private readonly Dictionary<ModelTuning, double> _slow = [];
    private readonly Dictionary<string, string> _leftOut = new(StringComparer.Ordinal);

    /// <param name="plan">How to search.</param>
    /// <param name="models">For what.</param>
    /// <param name="split">What the models are fitted and measured on in the end: its test part is only counted here.</param>
    /// <param name="bench">Where trials are made.</param>
    /// <param name="budget">Within which everything ends, measuring included.</param>
    /// <param name="progress">Told of every trial; null when nobody listens.</param>
    public Tuner(
        TuningPlan plan, IReadOnlyList<NamedRecipe> models, Split split, TrialBench bench, TimeBudget budget, IProgress<LaboratoryProgress>? progress)
    {
        (_plan, _budget, _split, _validation, _progress) = (plan, budget, split, bench.Validation, progress);
        _models = [.. models.Select(model => new ModelTuning(model, bench))];
        foreach (var model in _models) _spent[model] = model.Trials.Sum(trial => trial.FitSeconds + trial.ScoreSeconds);
    }

    /// <summary>The searches, in the order of the models.</summary>
    public IReadOnlyList<ModelTuning> Models => _models;

    /// <summary>Seconds of the time that are kept for what comes after these models are measured.</summary>
    public double Reserve { get; init; }

    /// <summary>Models that are too slow for the time, with the reason.</summary>
    public IReadOnlyDictionary<string, string> LeftOut => _leftOut;

    /// <summary>What fitting and measuring a model in the end will take, in seconds; the cautious side of what its trials took.</summary>
    public double SecondsToFinish(ModelTuning model)
    {
        if (_leftOut.ContainsKey(model.Model.Name)) return 0;
        if (_slow.TryGetValue(model, out var seconds)) return seconds;
        var trial = model.Best ?? model.Trials.LastOrDefault();
        return trial is null ? 0 : SecondsOfMetrics + (Caution * ((trial.FitSeconds * MoreData) + (trial.ScoreSeconds * MoreUsers)));
    }

    /// <summary>Makes all trials.</summary>
    public void Run(CancellationToken cancel)
    {
        if (_budget.IsBounded) RunInTime(cancel);
        else RunAll(cancel);
    }

    private double MoreData => (double)_split.Train.Count / Math.Max(1, _validation.Train.Count);

    private double MoreUsers => (double)_split.Test.Count / Math.Max(1, _validation.Test.Count);

    private double Reserved => Reserve + _models.Sum(SecondsToFinish);

    private void RunAll(CancellationToken cancel)
    {
        foreach (var model in _models)
        {
            while (model.Trials.Count < _plan.MostTrials && !model.IsExhausted) Try(model, double.PositiveInfinity, cancel);
        }
    }

    private void RunInTime(CancellationToken cancel)
    {
        for (var n = 0; n < _models.Count; n++)
        {
            // The share of each model that is still to come has to hold its first trial and its fit in the end.
            var share = (_budget.Left - Reserved) / (_models.Count - n);
            var begun = _budget.Elapsed;
            if (_models[n].Trials.Count == 0 && !Try(_models[n], share / (1 + (Caution * MoreData)), cancel)) Slow(_models[n], _budget.Elapsed - begun);
        }
        var open = _models.Where(model => !_slow.ContainsKey(model) && !_leftOut.ContainsKey(model.Model.Name)).ToList();
        while (open.Count > 0)
        {
            open.RemoveAll(model => model.IsExhausted || model.Trials.Count >= _plan.MostTrials);
            var free = _budget.Left - Reserved;
            open.RemoveAll(model => Expected(model) > free);
            if (open.MinBy(model => _spent[model]) is { } next && !Try(next, free, cancel)) open.Remove(next);
        }
    }

    /// <summary>What the next trial will take: as the longest of the last three, with caution.</summary>
    private static double Expected(ModelTuning model) =>
        Caution * model.Trials.TakeLast(3).Select(trial => trial.FitSeconds + trial.ScoreSeconds).DefaultIfEmpty().Max();

    /// <summary>Makes a trial; false when it was stopped because the time for it was over, or would be by what it says of its progress.</summary>
    private bool Try(ModelTuning model, double seconds, CancellationToken cancel)
    {
        using var until = _budget.Until(seconds, cancel);
        var begun = _budget.Elapsed;
        var share = new Told(value =>
        {
            Tell(model, value);
            var taken = _budget.Elapsed - begun;
            if (value >= LeastShare && taken >= 1 && taken / value > seconds) until.Cancel();
        });
        try
        {
            Tell(model, 0);
            model.Next(share, until.Token);
            Tell(model, 1);
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            _spent[model] += _budget.Elapsed - begun;
        }
    }

    /// <summary>
    /// A model whose first trial did not end in time is not tuned. It is fitted once as given where that takes no more than its
    /// part of what is left, or two fifths, as far as its progress tells; else it is left out.
    /// </summary>
    private void Slow(ModelTuning model, double seconds)
    {
        var fit = model.LastShare >= LeastShare ? seconds / model.LastShare * MoreData * Caution : double.PositiveInfinity;
        if (fit <= Math.Max(0.4, 1.0 / _models.Count) * (_budget.Left - Reserved)) _slow[model] = fit;
        else
        {
            _leftOut[model.Model.Name] = FormattableString.Invariant(
                $"One fit takes longer than was free for it{(double.IsFinite(fit) ? $", about {fit:0} s" : "")}; allow more minutes, or measure fewer models at once.");
        }
    }

    private void Tell(ModelTuning model, double share) =>
        _progress?.Report(new LaboratoryProgress(model.Model.Name, "tuning", model.Trials.Count, model.Best?.Value, share));
}
