using System.Text.Json;
using System.Text.Json.Serialization;
using GraphRec.Core;
using GraphRec.Learning.Simulation;

namespace GraphRec.Tests.Learning;

/// <summary>The repository's catalogue and the default set of simulated events on it, each made once per test run.</summary>
internal static class SeedCatalogue
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };
    private static readonly Lazy<CatalogBatch> Catalogue = new(() => Read(Path.Combine(RepositoryRoot(), "seed", "catalog")));
    private static readonly Lazy<IReadOnlyList<ViewerEvent>> Default = new(() => new ViewerSimulator(All, new SimulationOptions()).Run());

    private sealed record Sequel(string Drama, string Follows);

    private sealed record CreditLine(string Drama, string Person, CreditRole Role, int? Order);

    public static CatalogBatch All => Catalogue.Value;

    public static IReadOnlyList<ViewerEvent> DefaultEvents => Default.Value;

    private static CatalogBatch Read(string folder)
    {
        var sequels = Lines<Sequel>(folder, "sequels.jsonl").ToDictionary(s => s.Drama, s => s.Follows, StringComparer.Ordinal);
        return new CatalogBatch(
            [.. Lines<Drama>(folder, "dramas.jsonl").Select(d => d with { Follows = sequels.GetValueOrDefault(d.Id) })],
            [.. Lines<Person>(folder, "people.jsonl")],
            [.. Lines<CreditLine>(folder, "credits.jsonl").Select(c => new Credit(c.Drama, c.Person, c.Role, c.Order ?? 0))]);
    }

    private static IEnumerable<T> Lines<T>(string folder, string file) =>
        File.ReadLines(Path.Combine(folder, file)).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<T>(line, Json)!);

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GraphRec.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no GraphRec.sln above {AppContext.BaseDirectory}");
        return folder;
    }
}
