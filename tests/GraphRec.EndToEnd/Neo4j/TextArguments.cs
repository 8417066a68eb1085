using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using GraphRec.EndToEnd.Cli;

namespace GraphRec.EndToEnd.Neo4j;

/// <summary>A place in the schema where a text goes in: an argument, or a field of an input object in one.</summary>
internal sealed record TextArgument(string Name, Func<string, HttpContent> Request);

/// <summary>Walks the schema as it describes itself, and finds every place where a text goes in.</summary>
internal sealed class TextArguments
{
    private const string Introspection = """
        { __schema { queryType { name } mutationType { name } types { name kind
          fields { name args { name ...T } ...F } inputFields { name ...T } enumValues { name } } } }
        fragment T on __InputValue { type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
        fragment F on __Field { type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
        """;

    /// <summary>How deep fields are followed below a root field: all types of the schema are nearer.</summary>
    private const int Depth = 4;

    private readonly Dictionary<string, JsonElement> _types;
    private readonly List<TextArgument> _found = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private TextArguments(JsonElement schema) => _types = schema.GetProperty("types").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!);

    public static async Task<IReadOnlyList<TextArgument>> OfAsync(Serving serving)
    {
        var schema = (await serving.DataAsync(Introspection)).GetProperty("__schema");
        var walk = new TextArguments(schema);
        foreach (var (kind, operation) in new[] { ("queryType", "query"), ("mutationType", "mutation") })
            walk.Fields(schema.GetProperty(kind).GetProperty("name").GetString()!, operation, [], 0);
        // Every argument of a text in the whole schema was reached on some way from the root.
        var all = walk._types.Values.Where(t => t.GetProperty("kind").GetString() == "OBJECT" && !t.GetProperty("name").GetString()!.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(t => t.GetProperty("fields").EnumerateArray().SelectMany(f => f.GetProperty("args").EnumerateArray()
                .SelectMany(a => walk.Leaves(a, []).Select(_ => $"{t.GetProperty("name")}.{f.GetProperty("name")}.{a.GetProperty("name")}"))));
        Assert.Equal(all.Distinct().Order(StringComparer.Ordinal), walk._seen.Order(StringComparer.Ordinal));
        return walk._found;
    }

    /// <param name="type">The type whose fields are looked at.</param>
    /// <param name="operation">query or mutation.</param>
    /// <param name="above">The fields that lead there, each with what its arguments must be.</param>
    /// <param name="depth">How many they are.</param>
    private void Fields(string type, string operation, List<(string Field, List<JsonElement> Required)> above, int depth)
    {
        foreach (var field in _types[type].GetProperty("fields").EnumerateArray())
        {
            var (name, args) = (field.GetProperty("name").GetString()!, field.GetProperty("args").EnumerateArray().ToList());
            var required = args.Where(a => a.GetProperty("type").GetProperty("kind").GetString() == "NON_NULL").ToList();
            var named = Named(field.GetProperty("type"));
            var isObject = _types[named].GetProperty("kind").GetString() == "OBJECT";
            foreach (var arg in args)
            {
                var leaves = Leaves(arg, []).ToList();
                if (leaves.Count == 0 || !_seen.Add($"{type}.{name}.{arg.GetProperty("name").GetString()}")) continue;
                foreach (var leaf in leaves)
                {
                    var path = string.Join('.', above.Select(a => a.Field).Append(name).Concat(leaf));
                    _found.Add(new TextArgument(path, text => Request(operation, above, name, isObject, required, arg, leaf, text)));
                }
            }
            if (isObject && depth < Depth) Fields(named, operation, [.. above, (name, required)], depth + 1);
        }
    }

    private HttpContent Request(
        string operation, List<(string Field, List<JsonElement> Required)> above, string field, bool isObject, List<JsonElement> required, JsonElement arg, string[] leaf, string text)
    {
        var (variables, declared) = (new JsonObject(), new List<string>());
        string Arguments(int level, List<JsonElement> needed, JsonElement? tried)
        {
            var given = needed.ToList();
            if (tried is { } one && !needed.Any(n => n.GetProperty("name").GetString() == one.GetProperty("name").GetString())) given.Add(one);
            return given.Count == 0 ? "" : $"({string.Join(", ", given.Select(a =>
            {
                var name = a.GetProperty("name").GetString()!;
                var isTried = tried is { } t && t.GetProperty("name").GetString() == name;
                variables[$"v{level}{name}"] = Value(a.GetProperty("type"), isTried ? leaf[1..] : null, text, name);
                declared.Add($"$v{level}{name}: {Spelt(a.GetProperty("type"))}");
                return $"{name}: $v{level}{name}";
            }))})";
        }
        var query = $"{field}{Arguments(above.Count, required, arg)}{(isObject ? " { __typename }" : "")}";
        for (var i = above.Count - 1; i >= 0; i--) query = $"{above[i].Field}{Arguments(i, above[i].Required, null)} {{ {query} }}";
        return JsonContent.Create(new { query = $"{operation} Try({string.Join(", ", declared)}) {{ {query} }}", variables });
    }

    /// <summary>The ways to texts in an argument or input field: names, its own first.</summary>
    private IEnumerable<string[]> Leaves(JsonElement input, string[] above)
    {
        string[] way = [.. above, input.GetProperty("name").GetString()!];
        var type = _types[Named(input.GetProperty("type"))];
        return (type.GetProperty("kind").GetString(), type.GetProperty("name").GetString()) switch
        {
            ("SCALAR", "ID" or "String" or not ("Int" or "Float" or "Boolean")) => [way],
            ("INPUT_OBJECT", _) when way.Length < 6 => type.GetProperty("inputFields").EnumerateArray().SelectMany(f => Leaves(f, way)),
            _ => [],
        };
    }

    /// <summary>A value of a type: with the text at the end of a way, and something good elsewhere.</summary>
    private JsonNode? Value(JsonElement type, string[]? way, string text, string name)
    {
        var kind = type.GetProperty("kind").GetString();
        if (kind == "NON_NULL") return Value(type.GetProperty("ofType"), way, text, name);
        if (kind == "LIST") return new JsonArray(Value(type.GetProperty("ofType"), way, text, name));
        var known = _types[type.GetProperty("name").GetString()!];
        if (kind == "INPUT_OBJECT")
        {
            var value = new JsonObject();
            foreach (var field in known.GetProperty("inputFields").EnumerateArray())
            {
                var own = field.GetProperty("name").GetString()!;
                var onWay = way is { Length: > 0 } && way[0] == own;
                if (onWay || field.GetProperty("type").GetProperty("kind").GetString() == "NON_NULL" || own == "dramaId") value[own] = Value(field.GetProperty("type"), onWay ? way![1..] : null, text, own);
            }
            return value;
        }
        if (way is { Length: 0 }) return text;
        if (kind == "ENUM") return known.GetProperty("enumValues").EnumerateArray().Select(v => v.GetProperty("name").GetString()).Order(StringComparer.Ordinal).First();
        return known.GetProperty("name").GetString() switch { "Int" or "Float" => 1, "Boolean" => true, _ => name.Contains("user", StringComparison.OrdinalIgnoreCase) ? "ann" : "goblin-2016" };
    }

    private static string Named(JsonElement type) => type.GetProperty("name").GetString() ?? Named(type.GetProperty("ofType"));

    private static string Spelt(JsonElement type) => type.GetProperty("kind").GetString() switch
    {
        "NON_NULL" => Spelt(type.GetProperty("ofType")) + "!",
        "LIST" => $"[{Spelt(type.GetProperty("ofType"))}]",
        _ => type.GetProperty("name").GetString()!,
    };
}
