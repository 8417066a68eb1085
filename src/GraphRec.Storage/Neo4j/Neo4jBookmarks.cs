namespace GraphRec.Storage.Neo4j;

/// <summary>
/// What this client's transactions have committed, in the server's words: sent along with each new transaction, so that
/// it sees them on whichever member of a cluster it runs. Servers that give no bookmarks are sent none.
/// </summary>
internal sealed class Neo4jBookmarks
{
    private readonly Lock _lock = new();
    private string[] _known = [];

    public IReadOnlyCollection<string> Known
    {
        get
        {
            lock (_lock) return _known;
        }
    }

    /// <summary>After a commit: what it was to see is contained in what it left, as with the drivers' bookmark managers.</summary>
    public void Replace(IReadOnlyCollection<string> seen, IReadOnlyCollection<string> left)
    {
        if (left.Count == 0) return;
        lock (_lock) _known = [.. _known.Except(seen, StringComparer.Ordinal).Union(left, StringComparer.Ordinal)];
    }

    /// <summary>
    /// The server knows them not: its database was made anew. Read again without them, one sees what is there now.
    /// </summary>
    public void Forget()
    {
        lock (_lock) _known = [];
    }
}
