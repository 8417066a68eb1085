namespace GraphRec.Storage.Neo4j;

/// <summary>Receives the rows of an answer as they arrive: the statement's number, from 0, and the row.</summary>
internal delegate void RowHandler(int statement, Row row);

/// <summary>An open transaction.</summary>
/// <param name="Id">Its name at the server.</param>
/// <param name="Affinity">What leads requests to the member of a cluster where it is open; null where none was told.</param>
/// <param name="Bookmarks">The states of the database that it was to see.</param>
internal sealed record OpenTransaction(string Id, string? Affinity, IReadOnlyCollection<string> Bookmarks);

/// <summary>One of the HTTP interfaces of Neo4j.</summary>
internal interface INeo4jEndpoint
{
    /// <summary>Whether so many statements are run by one request, without a transaction that was begun for them.</summary>
    bool RunsAtOnce(int statements);

    /// <summary>Opens a transaction, by a request of its own: what runs long can then be ended by its id.</summary>
    Task<OpenTransaction> BeginAsync(CancellationToken cancel);

    /// <summary>Runs statements in order: in an open transaction, or in one of their own, which is then committed.</summary>
    /// <param name="transaction">Null runs them at once.</param>
    /// <param name="statements">The statements; may be none in an open transaction.</param>
    /// <param name="commit">Whether to commit after the last one.</param>
    /// <param name="onRow">Told of every row. When the call fails, what it was told counts for nothing.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="Neo4jException">A statement failed (the transaction is then rolled back), or the server was not reached.</exception>
    Task RunAsync(OpenTransaction? transaction, IReadOnlyList<Statement> statements, bool commit, RowHandler onRow, CancellationToken cancel);

    /// <summary>Rolls an open transaction back, also while a statement runs in it.</summary>
    Task RollbackAsync(OpenTransaction transaction, CancellationToken cancel);
}
