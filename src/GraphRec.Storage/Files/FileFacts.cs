using System.Security.Cryptography;
using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>Which content a file has, so that a checkpoint of other content does not count; and how many lines.</summary>
internal sealed record FileFacts(string Fingerprint, long Lines)
{
    /// <summary>Reads the file once. Companions are files that its records are completed from: they count as content.</summary>
    public static FileFacts Of(string path, params ReadOnlySpan<string> companions)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var lines = Add(hash, path);
        foreach (var companion in companions)
        {
            if (!File.Exists(companion)) continue;
            hash.AppendData("\0companion\0"u8);
            Add(hash, companion);
        }
        return new FileFacts(Convert.ToHexStringLower(hash.GetHashAndReset()), lines);
    }

    private static long Add(IncrementalHash hash, string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
            var buffer = new byte[1 << 17];
            var lines = 0L;
            var last = (byte)'\n';
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                lines += buffer.AsSpan(0, read).Count((byte)'\n');
                last = buffer[read - 1];
            }
            return last == '\n' ? lines : lines + 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException("files", "read", retryable: false, $"cannot read {path}: {e.Message}", e);
        }
    }
}
