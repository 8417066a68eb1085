using GraphRec.Core;
using GraphRec.Learning.Training;
using GraphRec.Recommend.Sources;

namespace GraphRec.Cli.Hosting;

/// <summary>Notices that <c>graphrec train</c> named another version in the data directory of a server that runs.</summary>
internal sealed class ModelWatch
{
    /// <summary>A look is one small file read.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly string _data;
    private readonly TimeProvider _clock;
    private string? _seen;

    /// <summary>Reads the version that is the current one now.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public ModelWatch(string data, TimeProvider clock, CancellationToken cancel)
    {
        (_data, _clock) = (data, clock);
        _seen = new ModelFolder(data).CurrentName();
        AtStart = Training.Current(data, cancel);
    }

    /// <summary>What was there when it was made; null for nothing.</summary>
    public TrainedLists? AtStart { get; }

    /// <summary>Looks until cancelled.</summary>
    /// <param name="use">Given every version that comes, or null when there is none any more.</param>
    /// <param name="report">Told of every change (null), and of the first of a series of failures.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<TrainedLists?> use, Action<Exception?> report, CancellationToken cancel)
    {
        var failing = false;
        try
        {
            while (true)
            {
                await Task.Delay(Poll, _clock, cancel).ConfigureAwait(false);
                try
                {
                    var name = new ModelFolder(_data).CurrentName();
                    if (name == _seen) continue;
                    use(Training.Current(_data, cancel));
                    _seen = name;
                    failing = false;
                    report(null);
                }
                catch (Exception e) when (e is InvalidInputException or IOException or UnauthorizedAccessException)
                {
                    if (!failing) report(e);
                    failing = true;
                }
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Stopped.
        }
    }
}
