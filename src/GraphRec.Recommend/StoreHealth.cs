using GraphRec.Core;

namespace GraphRec.Recommend;

/// <summary>
/// Whether the store of the graph answers, as those who use it beside the requests last saw it. While it does not, answers
/// go on from the snapshot, and say that they are degraded.
/// </summary>
public sealed class StoreHealth
{
    private volatile string? _problem;

    /// <summary>Whether the last use of the store went well.</summary>
    public bool Reachable => _problem is null;

    /// <summary>What went wrong, as a sentence for operators; null when nothing did.</summary>
    public string? Problem => _problem;

    public void Succeeded() => _problem = null;

    public void Failed(StorageException failure) => _problem = failure.Message;
}
