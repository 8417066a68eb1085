using GraphRec.Core;

namespace GraphRec.Benchmarks;

/// <summary>Impressions in memory, to be looked at.</summary>
internal sealed class KeptPages : IImpressionLog
{
    public List<PageImpression> Pages { get; } = [];

    public Task AppendAsync(IReadOnlyList<PageImpression> pages, CancellationToken cancel = default)
    {
        Pages.AddRange(pages);
        return Task.CompletedTask;
    }

    public Task<PageImpression?> FindAsync(string pageId, CancellationToken cancel = default) => Task.FromResult(Pages.Find(page => page.PageId == pageId));

    public IAsyncEnumerable<PageImpression> ReadAsync(CancellationToken cancel = default) => Pages.ToAsyncEnumerable();

    public Task<long> CountAsync(CancellationToken cancel = default) => Task.FromResult((long)Pages.Count);
}
