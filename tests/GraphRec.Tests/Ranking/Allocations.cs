namespace GraphRec.Tests.Ranking;

/// <summary>What a piece of work allocates on its thread.</summary>
internal static class Allocations
{
    /// <summary>Bytes in the cheapest of ten runs: in others a pool may have been trimmed, or code compiled anew.</summary>
    public static long Of(Action work) => Enumerable.Range(0, 10).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
