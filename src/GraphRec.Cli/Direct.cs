namespace GraphRec.Cli;

/// <summary>Progress told at once: <see cref="Progress{T}"/> would post to the thread pool, and bars would jump after the end.</summary>
internal sealed class Direct<T>(Action<T> report) : IProgress<T>
{
    private readonly Lock _turn = new();

    public void Report(T value)
    {
        lock (_turn) report(value);
    }
}
