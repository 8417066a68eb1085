namespace GraphRec.Core;

/// <summary>
/// The facts of dramas and people: written by importers and curators. Every write is idempotent, and raises
/// <see cref="GraphVersion.CatalogRevision"/> when it changed something.
/// </summary>
public interface ICatalog
{
    /// <summary>
    /// Inserts or replaces dramas and people by id, and credits by (drama, person, role), all or nothing. A credit or
    /// season link may name what is not there yet. Returns how many records were new or differed.
    /// </summary>
    Task<int> UpsertAsync(CatalogBatch batch, CancellationToken cancel = default);

    /// <summary>The drama with this id; null when there is none.</summary>
    Task<Drama?> FindDramaAsync(string id, CancellationToken cancel = default);

    /// <summary>The person with this id; null when there is none.</summary>
    Task<Person?> FindPersonAsync(string id, CancellationToken cancel = default);

    /// <summary>The ids of all dramas, or of all people.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another kind of node: a defect.</exception>
    Task<IReadOnlySet<string>> IdsAsync(NodeKind kind, CancellationToken cancel = default);

    /// <summary>The drama's credits, by role, then order, then person id.</summary>
    Task<IReadOnlyList<Credit>> CreditsOfAsync(string dramaId, CancellationToken cancel = default);
}

/// <summary>The append-only log of what viewers did: the source from which all behaviour can be rebuilt.</summary>
public interface IEventLog
{
    /// <summary>
    /// Appends the events that are new by id, in order, and returns once they are durable (a killed process or a lost
    /// power supply loses none of them). Returns the appended ones with their sequence; duplicates are left out.
    /// </summary>
    Task<IReadOnlyList<LoggedEvent>> AppendAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel = default);

    /// <summary>The events after <paramref name="afterSequence"/>, in order.</summary>
    IAsyncEnumerable<LoggedEvent> ReadAsync(long afterSequence, CancellationToken cancel = default);

    /// <summary>The sequence of the newest event; 0 when the log is empty.</summary>
    Task<long> LastSequenceAsync(CancellationToken cancel = default);
}

/// <summary>Writes behaviour into the stored graph.</summary>
public interface IGraphWriter
{
    /// <summary>
    /// Folds logged events into behaviour edges (<see cref="BehaviourFold"/>), atomically with
    /// <see cref="AppliedThroughAsync"/>. Events at or before it are passed over, so that a retry changes nothing.
    /// Calls may come out of order (two requests append one after the other, and apply the other way round): what a call
    /// skips is taken from the log of the same store. So nothing is lost, and nothing counts twice.
    /// </summary>
    /// <exception cref="StorageException">
    /// Nothing was applied. Retryable when the store was not reached, or when events are skipped that its log does not hold
    /// either: another call may bring them, or the caller catches up from the log it reads. Not retryable when the
    /// store's log holds another event at a sequence, or an event at another sequence: these are two logs.
    /// </exception>
    Task ApplyAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel = default);

    /// <summary>The sequence up to which the stored graph holds every event.</summary>
    Task<long> AppliedThroughAsync(CancellationToken cancel = default);
}

/// <summary>
/// What state of the graph an answer came from: the catalogue's revision and the last event in it.
/// </summary>
public readonly record struct GraphVersion(long CatalogRevision, long AppliedThrough)
{
    public override string ToString() => $"c{CatalogRevision}.e{AppliedThrough}";
}

/// <summary>The whole stored graph, read at one version.</summary>
public sealed record GraphExport(
    GraphVersion Version, IReadOnlyList<Drama> Dramas, IReadOnlyList<Person> People, IReadOnlyList<Credit> Credits,
    IReadOnlyList<BehaviourEdge> Behaviour)
{
    /// <summary>What the store holds that cannot be shown above: nodes without a key, stubs, properties of a wrong type, parallel edges.</summary>
    public IReadOnlyList<GraphIssue> Issues { get; init; } = [];

    /// <summary>The catalogue's part.</summary>
    public CatalogBatch Catalog => new(Dramas, People, Credits);

    /// <summary>Each viewer's region: that of their latest event that named one. Viewers without one are left out.</summary>
    public IReadOnlyDictionary<string, string> Regions { get; init; } = new Dictionary<string, string>();
}

/// <summary>Reads the stored graph, for the in-process snapshot, for copies and for checks.</summary>
public interface IGraphExport
{
    /// <summary>The version a read would have now; cheap.</summary>
    Task<GraphVersion> VersionAsync(CancellationToken cancel = default);

    /// <summary>
    /// Everything at one version: dramas and people ordered by id, credits by drama, role, order, person; behaviour by
    /// user, type, target (all ordinal).
    /// </summary>
    Task<GraphExport> ReadAsync(CancellationToken cancel = default);
}

/// <summary>
/// Writes another store's behaviour into a stored graph, for copies: the log first (<see cref="IEventLog"/>) and the
/// catalogue (<see cref="ICatalog"/>), then this. Nothing is folded, and a copy that is made again changes nothing.
/// </summary>
public interface IGraphLoader
{
    /// <summary>Writes edges exactly as given, over those of the same viewer, type and target; each call all or nothing.</summary>
    /// <exception cref="StorageException">The store failed, or an edge leads where its type does not; nothing was written.</exception>
    Task PutBehaviourAsync(IReadOnlyList<BehaviourEdge> edges, CancellationToken cancel = default);

    /// <summary>
    /// Sets regions by viewer. An export does not say from when they are: the next event that names one replaces it.
    /// </summary>
    Task PutRegionsAsync(IReadOnlyDictionary<string, string> regions, CancellationToken cancel = default);

    /// <summary>Sets the version that the graph has now: the last call of a copy.</summary>
    /// <exception cref="StorageException">
    /// The store failed, or its log holds fewer events than the version counts as applied; nothing was set.
    /// </exception>
    Task SetVersionAsync(GraphVersion version, CancellationToken cancel = default);
}

/// <summary>Keeps what was shown, for learning and for attribution. Bounded: the oldest pages go first.</summary>
public interface IImpressionLog
{
    /// <summary>Appends pages; a page with a known id is passed over.</summary>
    Task AppendAsync(IReadOnlyList<PageImpression> pages, CancellationToken cancel = default);

    /// <summary>The page with this id; null when it was never recorded or is past retention.</summary>
    Task<PageImpression?> FindAsync(string pageId, CancellationToken cancel = default);

    /// <summary>The pages that are kept, in the order in which they were appended. What is appended meanwhile may be left out.</summary>
    IAsyncEnumerable<PageImpression> ReadAsync(CancellationToken cancel = default);

    /// <summary>How many pages are kept.</summary>
    Task<long> CountAsync(CancellationToken cancel = default);
}
