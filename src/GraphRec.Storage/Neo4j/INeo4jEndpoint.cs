namespace GraphRec.Storage.Neo4j;

/// <summary>Receives the rows of an answer as they arrive: the statement's number, from 0, and the row.</summary>
internal delegate void RowHandler(int statement, Row row);

/// <summary>One of the HTTP interfaces of Neo4j.</summary>
internal interface INeo4jEndpoint
{
    /// <summary>
    /// Runs statements in order: in an open transaction, or in a new one; and commits it, or leaves it open.
    /// </summary>
    /// <param name="transaction">What an earlier call answered; null begins a transaction.</param>
    /// <param name="statements">The statements; may be none.</param>
    /// <param name="commit">Whether to commit after the last one.</param>
    /// <param name="onRow">
    /// Told of every row. When the call fails, what it was told counts for nothing.
    /// </param>
    /// <param name="cancel">Stops waiting. A transaction that is not committed is rolled back by the server.</param>
    /// <returns>What names the open transaction; null when it is committed.</returns>
    /// <exception cref="Neo4jException">A statement failed (the transaction is then rolled back), or the server was not reached.</exception>
    Task<string?> RunAsync(string? transaction, IReadOnlyList<Statement> statements, bool commit, RowHandler onRow, CancellationToken cancel);

    /// <summary>Rolls an open transaction back.</summary>
    Task RollbackAsync(string transaction, CancellationToken cancel);
}
