using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>What to import, and how.</summary>
/// <param name="Path">A folder or a file.</param>
public sealed record ImportRequest(string Path)
{
    /// <summary>What it is; null to find out (<see cref="ImportFormatDetection"/>).</summary>
    public ImportFormat? Format { get; init; }

    /// <summary>Stop at the first bad line, instead of importing the rest.</summary>
    public bool Strict { get; init; }

    /// <summary>Read files again although an earlier import of the same content finished.</summary>
    public bool Again { get; init; }

    /// <summary>
    /// How many records are written at a time. Each batch of events rewrites most pages of a behaviour table that is
    /// small: 5,000 write less than half of what 2,000 do.
    /// </summary>
    public int BatchSize { get; init; } = 5_000;

    /// <summary>How many issues the report names; all are counted.</summary>
    public int MaxIssues { get; init; } = 1_000;

    /// <summary>Checks the request.</summary>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public void Validate()
    {
        if (BatchSize is < 1 or > 100_000)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Set BatchSize to 1 to 100,000; it is {BatchSize}.");
        if (MaxIssues < 0)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Set MaxIssues to 0 or more; it is {MaxIssues}.");
    }
}

/// <summary>Where an import writes.</summary>
public sealed record ImportStores(ICatalog Catalog, IEventLog Events, IGraphWriter Graph, IImportCheckpoints Checkpoints);

/// <summary>How far an import is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Line">Lines dealt with.</param>
/// <param name="Lines">Lines in the file.</param>
/// <param name="Accepted">Good records so far.</param>
/// <param name="Rejected">Rejected lines so far.</param>
public readonly record struct ImportProgress(string File, long Line, long Lines, long Accepted, long Rejected);

/// <summary>A line that was not imported, and why.</summary>
public sealed record ImportIssue(string File, long Line, string Reason)
{
    public override string ToString() => $"{File}:{Line}: {Reason}";
}

/// <summary>What became of one file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Accepted">Good records, including those of an interrupted run that this one continued.</param>
/// <param name="Changed">What this run changed in the store: new or different records, appended events.</param>
/// <param name="Rejected">Rejected lines, including those of an interrupted run that this one continued.</param>
/// <param name="ResumedAfter">The line after which this run went on; 0 when it began at the start.</param>
/// <param name="AlreadyComplete">An earlier run had finished the same content; nothing was read.</param>
public sealed record ImportFileReport(string File, long Accepted, long Changed, long Rejected, long ResumedAfter, bool AlreadyComplete);

/// <summary>What an import did.</summary>
/// <param name="Format">What was imported.</param>
/// <param name="Files">One entry per file, in the order they were read.</param>
/// <param name="Issues">The rejected lines of this run, at most <see cref="ImportRequest.MaxIssues"/>.</param>
/// <param name="Stopped">In strict mode, why and where it stopped, as a sentence; else null.</param>
public sealed record ImportReport(
    ImportFormat Format, IReadOnlyList<ImportFileReport> Files, IReadOnlyList<ImportIssue> Issues, string? Stopped)
{
    public long Accepted => Files.Sum(f => f.Accepted);
    public long Changed => Files.Sum(f => f.Changed);
    public long Rejected => Files.Sum(f => f.Rejected);

    /// <summary>0: all is in. 2: the good lines are in, some were rejected. 3: strict, and stopped at a bad line.</summary>
    public int ExitCode => Stopped is not null ? 3 : Rejected > 0 ? 2 : 0;
}
