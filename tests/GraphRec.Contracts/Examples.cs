using GraphRec.Core;

namespace GraphRec.Contracts;

/// <summary>Records for tests.</summary>
public static class Examples
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 20, 15, 30, 123, TimeSpan.Zero);

    /// <summary>A drama with every field set, and text that is hard on encodings and orders.</summary>
    public static Drama Goblin { get; } = new()
    {
        Id = "goblin-2016",
        Title = "Guardian: The Lonely and Great God",
        NativeTitle = "쓸쓸하고 찬란하神 - 도깨비",
        Aliases = ["Goblin", "Dokkaebi 👹", "it's \"quoted\", with a comma"],
        Country = "KR",
        Year = 2016,
        AiredFrom = new DateOnly(2016, 12, 2),
        AiredTo = new DateOnly(2017, 1, 21),
        Episodes = 16,
        DurationMinutes = 77,
        ContentRating = "15+",
        Type = "drama",
        Networks = ["tvN"],
        Genres = ["Romance", "Fantasy", "Comedy"],
        Tags = ["grim reaper", "age gap [real life]", "bromance"],
        Follows = "not-there-yet",
        Regions = ["KR", "JP"],
        Priority = 0.30000000000000004,
    };

    public static Drama Plain(string id) => new() { Id = id, Title = id };

    public static ViewerEvent Watch(string id, string user = "u1", string drama = "d1", double? value = null, double minutes = 0) =>
        new(id, user, NodeRef.Drama(drama), EventKind.Watch, value, Start.AddMinutes(minutes));

    public static ViewerEvent Of(EventKind kind, string id, NodeRef target, double? value = null, double minutes = 0, string user = "u1") =>
        new(id, user, target, kind, value, Start.AddMinutes(minutes));

    /// <summary>Events of few users and dramas, so that most of them touch an edge that is there; times go back and forth.</summary>
    public static List<ViewerEvent> Mixed(int count, int seed)
    {
        var random = new Random(seed);
        var kinds = Enum.GetValues<EventKind>();
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var kind = kinds[random.Next(kinds.Length)];
            var target = kind is EventKind.Mute or EventKind.Unmute && random.Next(2) == 0
                ? new NodeRef(NodeKind.Person, "same-id")
                : NodeRef.Drama(random.Next(6) == 0 ? "same-id" : $"d{random.Next(5)}");
            double? value = kind switch
            {
                EventKind.Watch => random.Next(3) == 0 ? null : random.NextDouble(),
                EventKind.Rate => random.Next(1, 11),
                EventKind.Review => random.Next(2) == 0 ? null : random.Next(1, 11),
                _ => null,
            };
            return new ViewerEvent($"e{seed}-{i}", $"u{random.Next(4)}", target, kind, value, Start.AddSeconds(random.Next(100_000)));
        })];
    }

    public static List<LoggedEvent> Logged(IEnumerable<ViewerEvent> events, long after = 0) =>
        [.. events.Select((e, i) => new LoggedEvent(after + i + 1, e))];

    /// <summary>What the graph must hold after these events, in the export's order: the slow, obvious way.</summary>
    public static List<BehaviourEdge> Folded(IEnumerable<ViewerEvent> events)
    {
        var edges = new Dictionary<(string, EdgeType, NodeRef), BehaviourEdge>();
        foreach (var e in events)
        {
            if (BehaviourFold.EdgeOf(e.Kind) is not { } type) continue;
            var key = (e.UserId, type, e.Target);
            if (BehaviourFold.Apply(edges.TryGetValue(key, out var known) ? known : null, e) is { } edge) edges[key] = edge;
            else edges.Remove(key);
        }
        return [.. edges.Values.OrderBy(b => b.UserId, StringComparer.Ordinal).ThenBy(b => b.Type)
            .ThenBy(b => b.Target.Kind).ThenBy(b => b.Target.Id, StringComparer.Ordinal)];
    }

    public static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items) list.Add(item);
        return list;
    }
}
