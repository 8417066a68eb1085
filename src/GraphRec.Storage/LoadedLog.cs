using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>
/// A graph never is ahead of its log: the next events would get sequences that count as applied, and be passed over.
/// </summary>
internal static class LoadedLog
{
    public static StorageException TooShort(string store, GraphVersion version) => new(
        store, "load version", retryable: false, $"the graph would follow {version.AppliedThrough} events, more than its log holds; copy the log first.");
}
