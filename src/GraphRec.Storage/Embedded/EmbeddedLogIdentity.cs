using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// Which log this is. Two logs with one id are copies: what the shorter one holds, the longer one holds too, under the
/// same sequences.
/// </summary>
internal sealed class EmbeddedLogIdentity(ReaderPool readers, StoreWriter writer)
{
    /// <summary>The log's id: 32 hexadecimal digits, made with the file.</summary>
    public Task<string> IdAsync(CancellationToken cancel = default) => ReadAsync("SELECT id FROM log", cancel)!;

    /// <summary>The store that holds the graph of these events; null when that is this one.</summary>
    public Task<string?> GraphAsync(CancellationToken cancel = default) => ReadAsync("SELECT graph FROM log", cancel);

    /// <summary>Makes an empty log another one: of the given id, or of a new one. Returns the id.</summary>
    /// <exception cref="InvalidOperationException">It is not empty: a defect.</exception>
    public Task<string> BecomeAsync(string? id, CancellationToken cancel) => writer.RunAsync("name log", session =>
    {
        if (session.Scalar("SELECT max(sequence) FROM event") > 0) throw new InvalidOperationException("A log that holds events keeps its id.");
        session.Prepare("UPDATE log SET id = coalesce($1, lower(hex(randomblob(16))))").Bind(id).Run();
        using var row = session.Prepare("SELECT id FROM log").Query();
        row.Read();
        return row.GetString(0);
    }, cancel);

    /// <summary>Notes which store holds the graph of these events.</summary>
    public Task NoteGraphAsync(string graph, CancellationToken cancel) =>
        writer.RunAsync("note graph", session => session.Prepare("UPDATE log SET graph = $1").Bind(graph).Run(), cancel);

    /// <summary>Writes events of a copy with the sequences they have; those that are there are passed over. Returns how many were not.</summary>
    public Task<int> RestoreAsync(IReadOnlyList<LoggedEvent> events, CancellationToken cancel) =>
        writer.RunAsync("restore events", session => EmbeddedEventLog.Restore(session, events), cancel);

    private Task<string?> ReadAsync(string sql, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("read log", session =>
        {
            using var row = session.Prepare(sql).Query();
            return row.Read() ? row.Text(0) : null;
        }));
    }
}
