namespace GraphRec.Learning.Linear;

/// <summary>
/// Runs numbered tasks on several threads, handed out as threads become free. The tasks are the same for any number of
/// threads and none reads what another writes, so that the result is the same too.
/// </summary>
internal static class Tasks
{
    /// <summary>Calls <paramref name="task"/> for 0 … count − 1; cancellation is looked at before each.</summary>
    public static void ForEach(int count, int threads, Action<int> task, CancellationToken cancel) =>
        ForEach(count, threads, () => task, (same, number) => same(number), cancel);

    /// <summary>The same, each thread with a scratch of its own.</summary>
    public static void ForEach<TScratch>(int count, int threads, Func<TScratch> scratch, Action<TScratch, int> task, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        cancel.ThrowIfCancellationRequested();
        var next = -1;
        void Work()
        {
            var own = scratch();
            int number;
            while ((number = Interlocked.Increment(ref next)) < count)
            {
                cancel.ThrowIfCancellationRequested();
                task(own, number);
            }
        }

        threads = Math.Min(threads, count);
        if (threads <= 1)
        {
            Work();
            return;
        }
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
        }
        catch (AggregateException e) when (e.InnerExceptions.All(x => x is OperationCanceledException))
        {
            throw new OperationCanceledException(cancel);
        }
    }
}
