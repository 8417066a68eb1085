using System.Text.Json;
using System.Text.Json.Serialization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Recommend;

namespace GraphRec.Benchmarks.HomeLoad;

/// <summary>
/// Writes what 200 viewers are answered (pages and list) and what is recorded of it, as of one
/// moment, one JSON value per line: two builds that answer alike write equal files.
/// </summary>
internal static class HomePages
{
    private const int Count = 200;

    public static int Write(GraphExport export, string file)
    {
        var options = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter() } };
        var graph = new LiveGraph(export);
        var log = new KeptPages();
        var recorder = new ImpressionRecorder(log);
        var recommender = new Recommender(graph, Recipe.Default, TimeProvider.System, recorder);
        using var stop = new CancellationTokenSource();
        var recording = recorder.RunAsync(e => throw e, stop.Token);
        var viewers = export.Behaviour.Select(b => b.UserId).Distinct().Order(StringComparer.Ordinal).ToArray();
        var context = new RequestContext(At: export.Behaviour.Max(b => b.LastAt).AddHours(1));
        using (var output = new StreamWriter(file))
        {
            for (var i = 0; i < Count; i++)
            {
                var viewer = i == 0 ? "nobody-yet" : viewers[i * viewers.Length / Count];
                // Every viewer's own region, and now and then another one.
                var asked = i % 5 == 4 ? context with { Region = "KR" } : context;
                var home = recommender.Home(viewer, 40, 12, asked, CancellationToken.None);
                var list = recommender.Recommend(viewer, 100, i, ["goblin-2016"], new DramaFilter { YearFrom = 2000 }, asked, CancellationToken.None);
                output.WriteLine(JsonSerializer.Serialize(home, options));
                output.WriteLine(JsonSerializer.Serialize(recommender.Home(viewer, 8, 12, asked, CancellationToken.None), options));
                output.WriteLine(JsonSerializer.Serialize(list, options));
            }
            stop.Cancel();
            recording.GetAwaiter().GetResult();
            foreach (var page in log.Pages) output.WriteLine(JsonSerializer.Serialize(page, options));
        }
        Console.WriteLine($"{file}: {Count} viewers, {log.Pages.Count} recorded pages, {new FileInfo(file).Length:N0} bytes");
        return 0;
    }
}
