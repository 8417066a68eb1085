using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using GraphRec.Learning.Simulation;

namespace GraphRec.EndToEnd;

/// <summary>The answer that the README shows is the one that the product gives.</summary>
public sealed partial class ReadmeTests
{
    private static readonly DateTimeOffset Until = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_answer_in_the_readme_is_what_the_server_answers()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Server.Root, "README.md"), TestContext.Current.CancellationToken);
        var shown = JsonDocument.Parse(Json().Match(readme).Groups[1].Value).RootElement;
        await using var server = await Server.StartAsync(new ServerSetup { Seed = "catalog", Viewers = new SimulationOptions { Until = Until }, Train = true });
        using var response = await server.Client.PostAsJsonAsync(
            "/graphql", new { query = Query().Match(readme).Groups[1].Value }, TestContext.Current.CancellationToken);
        var answered = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(Rounded(shown), Rounded(answered));
    }

    /// <summary>The document in one form, with numbers to 9 digits: sums may differ in the last bits from machine to machine.</summary>
    private static string Rounded(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject().Select(p => $"{p.Name}:{Rounded(p.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",\n", value.EnumerateArray().Select(Rounded)) + "]",
        JsonValueKind.Number => value.GetDouble().ToString("F9", System.Globalization.CultureInfo.InvariantCulture),
        _ => value.GetRawText(),
    };

    [GeneratedRegex("```graphql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Query();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
