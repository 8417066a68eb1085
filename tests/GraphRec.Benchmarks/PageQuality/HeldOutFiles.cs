using GraphRec.Core;
using GraphRec.Learning.Ranking;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks.PageQuality;

/// <summary>Data directories as held-out data.</summary>
internal static class HeldOutFiles
{
    public static async Task<HeldOut> ReadAsync(string data, bool perViewer)
    {
        await using var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true });
        var events = new List<ViewerEvent>();
        await foreach (var logged in store.Events.ReadAsync(0)) events.Add(logged.Event);
        return new HeldOut(data, await store.Export.ReadAsync(), [.. events.OrderBy(e => e.At)], perViewer);
    }
}
