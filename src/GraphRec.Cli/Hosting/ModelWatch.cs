using GraphRec.Core;
using GraphRec.Learning.Training;
using GraphRec.Ranking;
using GraphRec.Recommend.Sources;

namespace GraphRec.Cli.Hosting;

/// <summary>Notices that another version is named in the data directory of a server that runs.</summary>
internal sealed class ModelWatch
{
    /// <summary>A look is one small file read, and a list of one directory.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly ModelFolder _models;
    private readonly TimeProvider _clock;
    private readonly (string Text, Exception Failure)? _failureAtStart;
    private string _seen;
    private string? _served;

    /// <summary>
    /// Reads the version that is the current one now; where it cannot be served, the last that was served before it and can be. A
    /// server starts whatever lies there.
    /// </summary>
    public ModelWatch(string data, TimeProvider clock, CancellationToken cancel)
    {
        (_models, _clock) = (new ModelFolder(data), clock);
        _seen = Stamp();
        Exception? first = null;
        foreach (var version in Served())
        {
            try
            {
                var loaded = _models.Load(version, cancel);
                (AtStart, RankerAtStart, _served) = (Training.ListsOf(loaded), loaded.Ranker, version);
                break;
            }
            catch (Exception e) when (IsOfFiles(e))
            {
                first ??= e;
            }
        }
        if (first is not null) _failureAtStart = ($"The current model cannot be served; answers come from {Name}. {first.Message}", first);
    }

    /// <summary>What was there when it was made; null for nothing.</summary>
    public TrainedLists? AtStart { get; }

    /// <summary>The ranker of the same version; null for the linear one.</summary>
    public LearnedRanker? RankerAtStart { get; }

    private string Name => _served is null ? "no trained model" : $"the model {_served}";

    /// <summary>Looks until cancelled.</summary>
    /// <param name="use">Given every version that comes, or null when there is none any more.</param>
    /// <param name="report">Told of every change, with null; and of versions that cannot be served, once for every state of their files.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<TrainedLists?, LearnedRanker?> use, Action<string, Exception?> report, CancellationToken cancel)
    {
        if (_failureAtStart is var (text, failure)) report(text, failure);
        try
        {
            while (true)
            {
                await Task.Delay(Poll, _clock, cancel).ConfigureAwait(false);
                Look(use, report, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private void Look(Action<TrainedLists?, LearnedRanker?> use, Action<string, Exception?> report, CancellationToken cancel)
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _seen) return;
            // Also where it cannot be served: it is looked at again when its files change, as somebody mends them.
            _seen = stamp;
            var served = _models.Current(cancel);
            use(served is null ? null : Training.ListsOf(served), served?.Ranker);
            _served = served?.Manifest.Version;
            report($"Answers come from {Name} now", null);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            report($"The current model cannot be served; answers go on from {Name}. {e.Message}", e);
        }
    }

    /// <summary>A version that somebody writes by hand may come and go between two looks at it.</summary>
    private static bool IsOfFiles(Exception e) => e is InvalidInputException or IOException or UnauthorizedAccessException;

    private string Stamp()
    {
        try
        {
            return _models.Stamp(_models.Promotions.Current);
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            return e.Message;
        }
    }

    private IReadOnlyList<string> Served()
    {
        try
        {
            return _models.Promotions.Served;
        }
        catch (InvalidInputException)
        {
            return _models.Promotions.Current is { } current ? [current] : [];
        }
    }
}
