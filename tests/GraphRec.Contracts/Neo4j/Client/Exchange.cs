using System.Text.Json;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>One recorded request and its answer, from a file of <c>exchanges/</c> (its README says how it is written).</summary>
internal sealed record Exchange(
    string Name, string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body, int Status, IReadOnlyDictionary<string, string> AnswerHeaders, string AnswerBody)
{
    // What is another one with every server or run, and what only carries it.
    private static readonly string[] Passing = ["id", "expires", "bookmarks", "lastBookmarks", "commit", "elementId", "startNodeElementId", "endNodeElementId", "meta"];

    public static Exchange Read(string name)
    {
        var lines = File.ReadAllLines(System.IO.Path.Combine(AppContext.BaseDirectory, "Neo4j", "Client", "exchanges", name + ".http"))
            .SkipWhile(line => line.StartsWith('#') || line.Length == 0).ToArray();
        var middle = Array.FindIndex(lines, line => line.StartsWith("HTTP/1.1 ", StringComparison.Ordinal));
        var (asked, answered) = (lines[..middle], lines[middle..]);
        var words = asked[0].Split(' ');
        return new Exchange(
            name, words[0], words[1], HeadersOf(asked), BodyOf(asked), int.Parse(answered[0].Split(' ')[1]), HeadersOf(answered), BodyOf(answered));
    }

    /// <summary>What a request has that the recorded one has not; null when it is the same one.</summary>
    /// <param name="request">What came.</param>
    /// <param name="live">Whether a living server answers, whose ids, bookmarks and users are others.</param>
    public string? Difference(HeardRequest request, bool live)
    {
        if (request.Method != Method) return $"{Name}: {Method} was recorded, {request.Method} {request.Path} came";
        if ((live ? WithoutId(request.Path) : request.Path) != (live ? WithoutId(Path) : Path)) return $"{Name}: {Path} was recorded, {request.Path} came";
        foreach (var (header, value) in Headers.Where(_ => !live))
        {
            if (request.Headers.GetValueOrDefault(header) is var came && came != value) return $"{Name}: {header}: '{value}' was recorded, '{came}' came";
        }
        if (Body.Length == 0) return request.Body.Length == 0 ? null : $"{Name}: no body was recorded, {request.Body} came";
        if (request.Body.Length == 0) return $"{Name}: a body was recorded, none came";
        using var recorded = JsonDocument.Parse(Body);
        using var body = JsonDocument.Parse(request.Body);
        return Different(recorded.RootElement, body.RootElement, "body", exactly: true, live) is { } where ? $"{Name}: {where}" : null;
    }

    /// <summary>What the answer of a living server has otherwise than the recorded one: its status, or the shape of its body.</summary>
    public string? Difference(int status, string body)
    {
        if (status != Status) return $"{Name}: status {Status} was recorded, {status} came: {body}";
        if (AnswerBody.Length == 0 || body.Length == 0) return AnswerBody.Length == body.Length ? null : $"{Name}: '{AnswerBody}' was recorded, '{body}' came";
        using var recorded = JsonDocument.Parse(AnswerBody);
        using var came = JsonDocument.Parse(body);
        return Different(recorded.RootElement, came.RootElement, "answer", exactly: false, live: true) is { } where ? $"{Name}: {where}" : null;
    }

    /// <summary>A path without the id of the transaction in it.</summary>
    private static string WithoutId(string path)
    {
        var parts = path.Split('/');
        var tx = Array.LastIndexOf(parts, "tx");
        if (tx >= 0 && tx + 1 < parts.Length && parts[tx + 1] != "commit") parts[tx + 1] = "{id}";
        return string.Join('/', parts);
    }

    /// <summary>Where two values differ: in what they are, or, exactly, in everything. A living answer may have more properties.</summary>
    private static string? Different(JsonElement recorded, JsonElement came, string where, bool exactly, bool live)
    {
        if (recorded.ValueKind != came.ValueKind) return $"{where}: {recorded.GetRawText()} was recorded, {came.GetRawText()} came";
        switch (recorded.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in recorded.EnumerateObject().Where(p => !live || !Passing.Contains(p.Name)))
                {
                    if (!came.TryGetProperty(property.Name, out var value)) return $"{where}.{property.Name} is missing in {came.GetRawText()}";
                    if (Different(property.Value, value, $"{where}.{property.Name}", exactly, live) is { } inside) return inside;
                }
                if (!exactly) return null;
                var more = came.EnumerateObject().Where(p => !(live && Passing.Contains(p.Name)) && !recorded.TryGetProperty(p.Name, out _)).Select(p => p.Name).FirstOrDefault();
                return more is null ? null : $"{where}.{more} was not recorded: {came.GetRawText()}";
            case JsonValueKind.Array:
                if (recorded.GetArrayLength() != came.GetArrayLength()) return $"{where}: {recorded.GetRawText()} was recorded, {came.GetRawText()} came";
                return recorded.EnumerateArray().Zip(came.EnumerateArray()).Select((pair, i) => Different(pair.First, pair.Second, $"{where}[{i}]", exactly, live)).FirstOrDefault(d => d is not null);
            default:
                return exactly && recorded.GetRawText() != came.GetRawText() && recorded.ToString() != came.ToString() ? $"{where}: {recorded.GetRawText()} was recorded, {came.GetRawText()} came" : null;
        }
    }

    private static Dictionary<string, string> HeadersOf(string[] lines) =>
        lines.Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);

    private static string BodyOf(string[] lines) => string.Join('\n', lines.SkipWhile(line => line.Length > 0)).Trim();
}
