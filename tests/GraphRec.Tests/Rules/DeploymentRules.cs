using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace GraphRec.Tests.Rules;

/// <summary>The rules for docker-compose.yml and the Dockerfile. Each takes their text and says what breaks it.</summary>
internal static partial class DeploymentRules
{
    /// <summary>A YAML document, anchors and merges resolved; scalars are strings, as Compose's variables are.</summary>
    public static JsonNode Yaml(string text)
    {
        var value = new DeserializerBuilder().Build().Deserialize(new MergingParser(new Parser(new StringReader(text))));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(value))!;
    }

    public static IEnumerable<string> Compose(string text)
    {
        var compose = Yaml(text);
        foreach (var (name, service) in Services(compose))
        {
            if (!BuiltHere(service) && !Pinned().IsMatch(Text(service["image"]))) yield return $"{name}: the image is not pinned";
            if (BuiltHere(service) && !IsClosed(service)) yield return $"{name}: it may do more than it needs";
            foreach (var port in Texts(service["ports"]).Where(p => !p.StartsWith("127.0.0.1:", StringComparison.Ordinal))) yield return $"{name}: {port} is open to the network";
            foreach (var variable in Environment(service).Where(v => v.Key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase) || v.Key == "NEO4J_AUTH"))
                if (!Secret().IsMatch(variable.Value)) yield return $"{name}: {variable.Key} has a value of its own";
            foreach (var needed in Needs(service).Where(n => compose["services"]![n] is null)) yield return $"{name}: it waits for {needed}, which is not there";
            foreach (var source in Texts(service["volumes"]).Select(v => v.Split(':')[0]))
            {
                var there = source.StartsWith('.') ? Path.Exists(Path.Combine(Repository.Root, source)) : compose["volumes"]!.AsObject().ContainsKey(source);
                if (!there) yield return $"{name}: there is no {source}";
            }
            // The image has one; what runs to its end needs none.
            if (service["healthcheck"] is null && !BuiltHere(service)) yield return $"{name}: nobody knows whether it is well";
        }
    }

    public static IEnumerable<string> Image(string dockerfile)
    {
        var last = dockerfile[dockerfile.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
        var images = From().Matches(dockerfile).Select(m => m.Groups[1].Value).ToArray();
        if (images.Length != 2 || images.Any(i => !Pinned().IsMatch(i))) yield return "the images are not pinned";
        // One after the other: built with, and run on.
        if (!images[0].Contains($"/sdk:{Framework}.", StringComparison.Ordinal) || !images[1].Contains($"/aspnet:{Framework}.", StringComparison.Ordinal)) yield return $"the images are not those of {Framework}";
        var user = User().Match(last);
        if (!user.Success || user.Groups[1].Value is "root" or "0" || user.Index > last.IndexOf("ENTRYPOINT", StringComparison.Ordinal)) yield return "it runs as root";
        if (!last.Contains("HEALTHCHECK", StringComparison.Ordinal)) yield return "it has no health check";
        var publish = Publish().Match(dockerfile);
        var project = Path.Combine(Repository.Root, publish.Groups[1].Value);
        if (!publish.Success || !Directory.Exists(project)) yield return "it publishes no project of this repository";
        var program = $"{publish.Groups[2].Value}/{(publish.Success ? Repository.Project(project.Split('.')[^1]).Descendants("AssemblyName").Single().Value : "")}.dll";
        if (Exec(last, "ENTRYPOINT") is not ["dotnet", var dll] || dll != program || !last.Contains($"COPY --from=build {publish.Groups[2].Value} ", StringComparison.Ordinal)) yield return "its entry point is not what is published";
        if (Exec(last, "CMD") is not ["serve", "--data", "/data", "--urls", "http://0.0.0.0:8080"]) yield return "it does not serve /data on 8080";
        if (!last.Contains("\nVOLUME /data\n", StringComparison.Ordinal) || !last.Contains("\nEXPOSE 8080\n", StringComparison.Ordinal)) yield return "it does not say what it serves";
    }

    public static IEnumerable<(string Name, JsonNode Service)> Services(JsonNode compose) =>
        compose["services"]!.AsObject().Select(s => (s.Key, s.Value!));

    public static bool BuiltHere(JsonNode service) => service["build"] is not null;

    public static IEnumerable<KeyValuePair<string, string>> Environment(JsonNode service) =>
        service["environment"]?.AsObject().Select(v => KeyValuePair.Create(v.Key, Text(v.Value))) ?? [];

    public static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list.Select(Text),
        _ => [Text(node)],
    };

    /// <summary>The variables that a text takes from .env, and what each is without it.</summary>
    public static IEnumerable<(string Name, string Default)> Variables(string text) =>
        Variable().Matches(text).Select(m => (m.Groups[1].Value, m.Groups[3].Value)).Distinct();

    private static bool IsClosed(JsonNode service) =>
        Text(service["read_only"]) == "true" && Texts(service["tmpfs"]).Contains("/tmp") && Texts(service["cap_drop"]).SequenceEqual(["ALL"])
        && Texts(service["security_opt"]).Contains("no-new-privileges:true") && service["user"] is null && service["privileged"] is null && service["cap_add"] is null;

    private static IEnumerable<string> Needs(JsonNode service) => service["depends_on"] switch
    {
        JsonObject conditions => conditions.Select(c => c.Key),
        var names => Texts(names),
    };

    private static string[] Exec(string dockerfile, string instruction) =>
        Regex.Match(dockerfile, $@"^{instruction} (\[.*\])$", RegexOptions.Multiline) is { Success: true } match ? JsonSerializer.Deserialize<string[]>(match.Groups[1].Value)! : [];

    private static string Framework { get; } =
        System.Xml.Linq.XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("TargetFramework").Single().Value["net".Length..];

    private static string Text(JsonNode? node) => node is JsonValue value ? value.ToString() : "";

    [GeneratedRegex(@"^[\w./-]+:v?\d+\.\d+\.\d+(-[\w.]+)?$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^(neo4j/)?\$\{\w+:\?[^}]+\}$")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^FROM (\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^USER (\S+)$", RegexOptions.Multiline)]
    private static partial Regex User();

    [GeneratedRegex(@"dotnet publish (\S+) -c Release -o (\S+) -p:UseAppHost=false")]
    private static partial Regex Publish();

    [GeneratedRegex(@"\$\{(\w+)(:[-?])([^}]*)\}")]
    private static partial Regex Variable();
}
