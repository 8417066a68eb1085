using GraphQLParser.AST;

namespace GraphRec.Api.Execution;

/// <summary>A document that was found valid, with the plans of its operations.</summary>
internal sealed class ValidDocument(GraphQLDocument document)
{
    private readonly Lock _adding = new();
    private volatile (GraphQLOperationDefinition Operation, Plan Plan)[] _plans = [];

    public GraphQLDocument Document => document;

    public Plan? Find(GraphQLOperationDefinition operation)
    {
        foreach (var (known, plan) in _plans)
            if (known == operation) return plan;
        return null;
    }

    public void Add(GraphQLOperationDefinition operation, Plan plan)
    {
        lock (_adding)
            if (Find(operation) is null) _plans = [.. _plans, (operation, plan)];
    }
}

/// <summary>Keeps valid documents by their text, up to a number of characters; the least recently used go first.</summary>
internal sealed class DocumentCache(int maxCharacters)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Query, ValidDocument Document)>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Query, ValidDocument Document)> _recent = [];
    private long _characters;

    public int Count => _entries.Count;

    public ValidDocument? Find(string query)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(query, out var node)) return null;
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Document;
        }
    }

    public void Add(string query, ValidDocument document)
    {
        if (query.Length > maxCharacters) return;
        lock (_lock)
        {
            if (_entries.ContainsKey(query)) return;
            _entries.Add(query, _recent.AddFirst((query, document)));
            _characters += query.Length;
            while (_characters > maxCharacters)
            {
                var (oldest, _) = _recent.Last!.Value;
                _recent.RemoveLast();
                _entries.Remove(oldest);
                _characters -= oldest.Length;
            }
        }
    }
}
