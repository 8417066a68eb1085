namespace GraphRec.Storage.Neo4j;

/// <summary>A transaction, opened by the first statement that is run in it. One caller at a time.</summary>
internal sealed class Neo4jTransaction(INeo4jEndpoint endpoint, CancellationToken cancel) : IAsyncDisposable
{
    private static readonly TimeSpan RollbackPatience = TimeSpan.FromSeconds(30);

    private OpenTransaction? _open;
    private bool _ended;

    /// <summary>Runs statements in the transaction.</summary>
    public async Task RunAsync(IReadOnlyList<Statement> statements, RowHandler onRow)
    {
        var open = await OpenAsync().ConfigureAwait(false);
        await UncommittedAsync(endpoint.RunAsync(open, statements, commit: false, onRow, cancel)).ConfigureAwait(false);
    }

    /// <summary>Runs one statement in the transaction and returns its rows.</summary>
    public async Task<List<T>> QueryAsync<T>(Statement statement, Func<Row, T> map)
    {
        var rows = new List<T>();
        await RunAsync([statement], (_, row) => rows.Add(map(row))).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Runs the last statements and commits, in one exchange where the interface has one for that.</summary>
    public async Task CommitAsync(params IReadOnlyList<Statement> statements)
    {
        if (_ended || (_open is null && statements.Count == 0)) return;
        await CommitAsync(statements, static (_, _) => { }).ConfigureAwait(false);
    }

    /// <summary>The same, told of the rows of the last statements.</summary>
    public async Task CommitAsync(IReadOnlyList<Statement> statements, RowHandler onRow)
    {
        var open = await OpenAsync().ConfigureAwait(false);
        await endpoint.RunAsync(open, statements, commit: true, onRow, cancel).ConfigureAwait(false);
        _ended = true;
    }

    /// <summary>Ends the transaction without effect: there is nothing to commit any more.</summary>
    public async Task RollbackAsync()
    {
        if (_open is not null && !_ended) await endpoint.RollbackAsync(_open, cancel).ConfigureAwait(false);
        _ended = true;
    }

    /// <summary>
    /// Rolls back what is not committed, also what still runs: without that, 3.x runs a statement to its end, and any
    /// server keeps the locks of an abandoned transaction for its idle time. A server that cannot be told is left to that.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_open is null || _ended) return;
        _ended = true;
        // Who cancels does not want to wait; a server that is well answers within milliseconds. One that is busy is told all
        // the same, later: a transaction that nobody ends keeps its locks for the server's idle time, 60 s on 3.x.
        var rollback = RollbackAsync(_open);
        await Task.WhenAny(rollback, Task.Delay(cancel.IsCancellationRequested ? 250 : 5_000, CancellationToken.None)).ConfigureAwait(false);
    }

    private async Task RollbackAsync(OpenTransaction open)
    {
        try
        {
            using var patience = new CancellationTokenSource(RollbackPatience);
            await endpoint.RollbackAsync(open, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is Neo4jException or OperationCanceledException or ObjectDisposedException)
        {
            // What failed before tells what there is to tell.
        }
    }

    private async Task<OpenTransaction> OpenAsync()
    {
        if (_ended) throw new InvalidOperationException("The transaction has ended.");
        if (_open is null) await UncommittedAsync(BeginAsync()).ConfigureAwait(false);
        return _open!;

        async Task BeginAsync() => _open = await endpoint.BeginAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>What the server did of this, if its answer is lost, is of no effect: only a commit can leave that unknown.</summary>
    private static async Task UncommittedAsync(Task step)
    {
        try
        {
            await step.ConfigureAwait(false);
        }
        catch (Neo4jException e)
        {
            e.Unknown = false;
            throw;
        }
    }
}
