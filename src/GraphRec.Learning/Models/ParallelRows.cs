using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models;

/// <summary>
/// Runs one function per row on several threads. A row is always computed whole by one thread from the same input, so that
/// the result does not depend on how many there are.
/// </summary>
internal static class ParallelRows
{
    /// <summary>
    /// Calls <paramref name="row"/> for 0 … count − 1, each thread with a scratch of its own; <paramref name="chunk"/> rows are
    /// handed out at once as threads become free, because rows differ in cost by orders of magnitude.
    /// </summary>
    public static void ForEach<TScratch>(
        int count, int chunk, int threads, Func<TScratch> scratch, Action<TScratch, int> row, CancellationToken cancel) =>
        Tasks.ForEach((count + chunk - 1) / chunk, threads, scratch, (own, task) =>
        {
            for (var i = task * chunk; i < Math.Min((task + 1) * chunk, count); i++) row(own, i);
        }, cancel);
}
