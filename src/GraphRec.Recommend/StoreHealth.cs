using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>
/// Whether the store of the graph answers, as those who use it beside the requests last saw it: each tells of its own use.
/// While it does not answer one of them, answers go on from the snapshot, and say that they are degraded.
/// </summary>
public sealed class StoreHealth
{
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    // Every request reads it, and none waits for the lock.
    private volatile string? _problem;

    /// <summary>Whether every last use of the store went well.</summary>
    public bool Reachable => _problem is null;

    /// <summary>What went wrong, as a sentence for operators; null when nothing did.</summary>
    public string? Problem => _problem;

    /// <summary>Tells how a use of the store ended.</summary>
    /// <param name="use">What it is used for, the same words each time.</param>
    /// <param name="failure">What went wrong; null when nothing did.</param>
    public void Tell(string use, StorageException? failure)
    {
        lock (_problems)
        {
            if (failure is null) _problems.Remove(use);
            else _problems[use] = failure.Message;
            _problem = _problems.Values.FirstOrDefault();
        }
    }
}
