namespace GraphRec.Storage.Files;

/// <summary>How far the import of one file has come.</summary>
/// <param name="File">Which file, and as what it was read.</param>
/// <param name="Fingerprint">Length and hash of its content: a checkpoint of other content does not count.</param>
/// <param name="Line">The last line that is dealt with.</param>
/// <param name="Complete">Whether that was the whole file and no line was rejected.</param>
/// <param name="Accepted">How many records were good so far.</param>
/// <param name="Rejected">How many lines were rejected so far.</param>
public sealed record ImportCheckpoint(string File, string Fingerprint, long Line, bool Complete, long Accepted, long Rejected);

/// <summary>Remembers how far imports have come, so that an interrupted one goes on and a finished one is not repeated.</summary>
public interface IImportCheckpoints
{
    /// <summary>The checkpoint of this file; null when there is none.</summary>
    Task<ImportCheckpoint?> FindAsync(string file, CancellationToken cancel = default);

    /// <summary>Keeps the checkpoint in place of the file's earlier one.</summary>
    Task SaveAsync(ImportCheckpoint checkpoint, CancellationToken cancel = default);

    /// <summary>Forgets the file's checkpoint.</summary>
    Task RemoveAsync(string file, CancellationToken cancel = default);
}
