using GraphRec.Storage.Files;

namespace GraphRec.Storage.Embedded;

/// <summary><see cref="IImportCheckpoints"/> on SQLite.</summary>
internal sealed class EmbeddedImportCheckpoints(ReaderPool readers, StoreWriter writer) : IImportCheckpoints
{
    private const string Put =
        """
        INSERT INTO import_checkpoint(file, fingerprint, line, complete, accepted, rejected) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT(file) DO UPDATE SET fingerprint = excluded.fingerprint, line = excluded.line,
          complete = excluded.complete, accepted = excluded.accepted, rejected = excluded.rejected
        """;

    public Task<ImportCheckpoint?> FindAsync(string file, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult(readers.Read("find checkpoint", session =>
        {
            using var row = session.Prepare(
                "SELECT file, fingerprint, line, complete, accepted, rejected FROM import_checkpoint WHERE file = $1").Bind(file).Query();
            return row.Read()
                ? new ImportCheckpoint(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetBoolean(3),
                    row.GetInt64(4), row.GetInt64(5))
                : null;
        }));
    }

    public Task SaveAsync(ImportCheckpoint c, CancellationToken cancel = default) => writer.RunAsync(
        "save checkpoint",
        session => session.Prepare(Put).Bind(c.File, c.Fingerprint, c.Line, c.Complete ? 1 : 0, c.Accepted, c.Rejected).Run(),
        cancel);

    public Task RemoveAsync(string file, CancellationToken cancel = default) => writer.RunAsync(
        "remove checkpoint", session => session.Prepare("DELETE FROM import_checkpoint WHERE file = $1").Bind(file).Run(), cancel);
}
