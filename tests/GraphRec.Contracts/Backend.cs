using GraphRec.Core;

namespace GraphRec.Contracts;

/// <summary>
/// A store under test, empty at first. A backend overrides the ports it has; a suite uses only those its port needs.
/// </summary>
public abstract class Backend : IAsyncDisposable
{
    public virtual ICatalog Catalog => throw new NotSupportedException($"{GetType().Name} has no catalogue.");
    public virtual IEventLog Events => throw new NotSupportedException($"{GetType().Name} has no event log.");
    public virtual IGraphWriter Graph => throw new NotSupportedException($"{GetType().Name} has no graph writer.");
    public virtual IGraphExport Export => throw new NotSupportedException($"{GetType().Name} has no export.");
    public virtual IImpressionLog Impressions => throw new NotSupportedException($"{GetType().Name} has no impression log.");
    public virtual IGraphLoader Loader => throw new NotSupportedException($"{GetType().Name} has no graph loader.");

    /// <summary>How many pages the impression log keeps in these tests.</summary>
    public const int KeptPages = 5;

    public abstract Task OpenAsync();

    /// <summary>Stops and starts the store, with what it holds.</summary>
    public abstract Task ReopenAsync();

    public abstract ValueTask DisposeAsync();
}
