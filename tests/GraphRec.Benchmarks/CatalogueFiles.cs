using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Benchmarks;

/// <summary>Reads the catalogue's JSON lines, as much of them as the benchmarks need.</summary>
internal static class CatalogueFiles
{
    private sealed record Sequel(string Drama, string Follows);

    private sealed record CreditLine(string Drama, string Person, CreditRole Role, int? Order, string? Character, string? Billing);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    /// <summary>The catalogue in a folder with dramas, people, credits and sequels as JSON lines.</summary>
    public static CatalogBatch Read(string folder)
    {
        var sequels = Lines<Sequel>(folder, "sequels.jsonl").ToDictionary(s => s.Drama, s => s.Follows, StringComparer.Ordinal);
        return new CatalogBatch(
            [.. Lines<Drama>(folder, "dramas.jsonl").Select(d => d with { Follows = sequels.GetValueOrDefault(d.Id) })],
            [.. Lines<Person>(folder, "people.jsonl")],
            [.. Lines<CreditLine>(folder, "credits.jsonl").Select(c => new Credit(c.Drama, c.Person, c.Role, c.Order ?? 0, c.Character, c.Billing))]);
    }

    private static IEnumerable<T> Lines<T>(string folder, string file) =>
        File.ReadLines(Path.Combine(folder, file)).Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize<T>(line, Json)!);
}
