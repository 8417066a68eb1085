using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace GraphRec.EndToEnd;

/// <summary>Keeps what is logged, the exception's text included.</summary>
public sealed class LogCollector : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = [];

    public IReadOnlyCollection<LogLine> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            // Copied: the state is the logger's own, and holds the next line's parts afterwards.
            lines.Enqueue(new LogLine(category, logLevel, $"{formatter(state, exception)} {exception}", [.. state as IReadOnlyList<KeyValuePair<string, object?>> ?? []]));
    }
}

/// <summary>One line of the log, with its named parts.</summary>
public sealed record LogLine(string Category, LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> Parts);
