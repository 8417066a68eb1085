using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>How kinds are spelt in the stores: node kinds as Cypher labels, events and edges in upper case.</summary>
internal static class Names
{
    private static readonly string[] Nodes = Enum.GetNames<NodeKind>();

    private static readonly Dictionary<string, EdgeType> EdgeByName =
        Enum.GetValues<EdgeType>().ToDictionary(type => type.Name(), StringComparer.Ordinal);

    private static readonly Dictionary<string, NodeKind> NodeByName =
        Enum.GetValues<NodeKind>().ToDictionary(kind => kind.ToString(), StringComparer.Ordinal);

    public static string Of(NodeKind kind) => Nodes[(int)kind];

    public static string Of(EventKind kind) => EventKindNames.Of(kind);

    public static NodeKind Node(string name) => NodeByName[name];

    public static EdgeType Edge(string name) => EdgeByName[name];

    public static EventKind Event(string name) =>
        EventKindNames.TryParse(name, out var kind)
            ? kind
            : throw new InvalidDataException($"the log holds an event of unknown kind '{name}'.");
}
