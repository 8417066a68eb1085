namespace GraphRec.Storage.Files;

/// <summary>A line of a file: what it says, or what is wrong with it.</summary>
internal readonly record struct Parsed<T>(long Line, T? Value, string? Problem) where T : class;

/// <summary>
/// The reading of one file. <paramref name="Lines"/> is always enumerated from the file's start, also when the import
/// goes on in its middle, so that what a reader remembers of earlier lines (ids, positions) is the same.
/// </summary>
/// <param name="Path">The file.</param>
/// <param name="Facts">Its content.</param>
/// <param name="Lines">Its lines; blank ones are left out.</param>
/// <param name="Check">What is wrong with a good line given what the store holds; null for nothing.</param>
/// <param name="Write">Writes a batch, all or nothing, and returns how much it changed. Doing it twice changes nothing more.</param>
internal sealed record ImportPart<T>(
    string Path, FileFacts Facts, IEnumerable<Parsed<T>> Lines, Func<T, CancellationToken, ValueTask<string?>> Check,
    Func<IReadOnlyList<T>, CancellationToken, Task<long>> Write) where T : class;

/// <summary>One run of an import: batches, checkpoints, issues and progress, the same for every format.</summary>
internal sealed class ImportRun(ImportRequest request, ImportFormat format, ImportStores stores, IProgress<ImportProgress>? progress)
{
    private const int ProgressEvery = 5_000;

    private readonly List<ImportFileReport> _files = [];
    private readonly List<ImportIssue> _issues = [];
    private string? _stopped;

    public ImportStores Stores => stores;

    public ImportReport Report() => new(format, _files, _issues, _stopped);

    /// <summary>Imports a file. False when a bad line stopped the whole import.</summary>
    public async Task<bool> ImportAsync<T>(ImportPart<T> part, CancellationToken cancel) where T : class
    {
        var name = Path.GetFileName(part.Path);
        var key = Path.GetFullPath(part.Path);
        var start = await StartAsync(key, part.Facts, cancel).ConfigureAwait(false);
        if (start.Complete)
        {
            _files.Add(new ImportFileReport(name, start.Accepted, 0, start.Rejected, start.Line, AlreadyComplete: true));
            return true;
        }
        var state = new FileState(start);
        var batch = new List<T>(request.BatchSize);
        foreach (var parsed in part.Lines)
        {
            cancel.ThrowIfCancellationRequested();
            if (parsed.Line <= start.Line) continue;
            var problem = parsed.Problem ?? await part.Check(parsed.Value!, cancel).ConfigureAwait(false);
            if (problem is not null)
            {
                if (!Reject(state, new ImportIssue(name, parsed.Line, problem))) break;
            }
            else
            {
                batch.Add(parsed.Value!);
            }
            state.Line = parsed.Line;
            if (batch.Count >= request.BatchSize) await FlushAsync().ConfigureAwait(false);
            else if (state.Line % ProgressEvery == 0) Tell(batch.Count);
        }
        if (_stopped is null) await FinishAsync().ConfigureAwait(false);
        _files.Add(new ImportFileReport(name, state.Accepted, state.Changed, state.Rejected, start.Line, AlreadyComplete: false));
        return _stopped is null;

        async Task FlushAsync()
        {
            if (batch.Count > 0) state.Changed += await part.Write(batch, cancel).ConfigureAwait(false);
            state.Accepted += batch.Count;
            state.Written = state.Line;
            batch.Clear();
            // Killed here, the next run writes this batch again, which changes nothing.
            await stores.Checkpoints.SaveAsync(state.Checkpoint(key, part.Facts, complete: false), cancel).ConfigureAwait(false);
            Tell(0);
        }

        async Task FinishAsync()
        {
            await FlushAsync().ConfigureAwait(false);
            // A file with rejected lines is read again next time: what they missed may have been imported since.
            if (state.Rejected > 0) await stores.Checkpoints.RemoveAsync(key, cancel).ConfigureAwait(false);
            else await stores.Checkpoints.SaveAsync(state.Checkpoint(key, part.Facts, complete: true), cancel).ConfigureAwait(false);
        }

        void Tell(int waiting) =>
            progress?.Report(new ImportProgress(name, state.Line, part.Facts.Lines, state.Accepted + waiting, state.Rejected));
    }

    /// <summary>Records a line that no file's reading found, e.g. a link to what is nowhere. False when that stops the import.</summary>
    public bool Reject(ImportIssue issue)
    {
        var state = new FileState(new ImportCheckpoint("", "", 0, false, 0, 0));
        var goOn = Reject(state, issue);
        _files.Add(new ImportFileReport(issue.File, 0, 0, 1, 0, AlreadyComplete: false));
        return goOn;
    }

    private bool Reject(FileState state, ImportIssue issue)
    {
        state.Rejected++;
        if (_issues.Count < request.MaxIssues) _issues.Add(issue);
        if (!request.Strict) return true;
        _stopped = state.Written == 0
            ? $"Stopped at {issue} Nothing of {issue.File} was written."
            : $"Stopped at {issue} Lines 1 to {state.Written} of {issue.File} are in; nothing after them was written.";
        return false;
    }

    private async Task<ImportCheckpoint> StartAsync(string key, FileFacts facts, CancellationToken cancel)
    {
        var known = await stores.Checkpoints.FindAsync(key, cancel).ConfigureAwait(false);
        return known is not null && known.Fingerprint == facts.Fingerprint && !(known.Complete && request.Again)
            ? known
            : new ImportCheckpoint(key, facts.Fingerprint, 0, false, 0, 0);
    }

    private sealed class FileState(ImportCheckpoint start)
    {
        public long Line { get; set; } = start.Line;

        /// <summary>The last line of the last batch written.</summary>
        public long Written { get; set; } = start.Line;
        public long Accepted { get; set; } = start.Accepted;
        public long Rejected { get; set; } = start.Rejected;
        public long Changed { get; set; }

        public ImportCheckpoint Checkpoint(string key, FileFacts facts, bool complete) =>
            new(key, facts.Fingerprint, Line, complete, Accepted, Rejected);
    }
}
