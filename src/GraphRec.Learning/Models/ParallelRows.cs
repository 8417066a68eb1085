namespace GraphRec.Learning.Models;

/// <summary>
/// Runs one function per row on several threads. A row is always computed whole by one thread from the same input, so that
/// the result does not depend on how many there are.
/// </summary>
internal static class ParallelRows
{
    /// <summary>
    /// Calls <paramref name="row"/> for 0 … count − 1, each thread with a scratch of its own; chunks of rows are handed out
    /// as threads become free, because rows differ in cost by orders of magnitude.
    /// </summary>
    public static void ForEach<TScratch>(
        int count, int chunk, int threads, Func<TScratch> scratch, Action<TScratch, int> row, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        cancel.ThrowIfCancellationRequested();
        var next = 0;
        void Work()
        {
            var own = scratch();
            int start;
            while ((start = Interlocked.Add(ref next, chunk) - chunk) < count)
            {
                if (cancel.IsCancellationRequested) return;
                for (var i = start; i < Math.Min(start + chunk, count); i++) row(own, i);
            }
            GC.KeepAlive(own);
        }

        if (threads == 1) Work();
        else Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
        cancel.ThrowIfCancellationRequested();
    }
}
