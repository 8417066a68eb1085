using System.Collections.Concurrent;

namespace GraphRec.Storage.Embedded;

/// <summary>
/// Reading sessions: WAL lets them read while the writer writes. A session is opened when none is idle, so that readers
/// never wait for each other.
/// </summary>
internal sealed class ReaderPool(string file, EmbeddedOptions options) : IDisposable
{
    private readonly ConcurrentBag<SqlSession> _idle = [];
    private volatile bool _disposed;

    /// <summary>Runs a read on a session of its own.</summary>
    public T Read<T>(string operation, Func<SqlSession, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(EmbeddedStore));
        return SqlErrors.Guard(operation, () =>
        {
            if (!_idle.TryTake(out var session)) session = SqlSession.Open(file, readOnly: true, options.CacheMegabytes);
            var healthy = false;
            try
            {
                var answer = read(session);
                healthy = true;
                return answer;
            }
            finally
            {
                // A session whose read failed may be inside a transaction: it is not used again.
                if (healthy && !_disposed && _idle.Count < options.IdleReaders) _idle.Add(session);
                else session.Dispose();
            }
        });
    }

    /// <summary>Like <see cref="Read{T}"/>, with all statements seeing one state of the database.</summary>
    public T ReadAtOnce<T>(string operation, Func<SqlSession, T> read) => Read(operation, session =>
    {
        session.Execute("BEGIN");
        var answer = read(session);
        session.Execute("COMMIT");
        return answer;
    });

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var session)) session.Dispose();
    }
}
