using System.Globalization;
using GraphRec.Core;
using Microsoft.Data.Sqlite;

namespace GraphRec.EndToEnd.Reasons;

/// <summary>
/// Asks the database file itself, in SQL, whether an edge exists. It shares no code with the store, the snapshot or the
/// verifier, so that it can prove them wrong.
/// </summary>
public sealed class StoredGraph : IDisposable
{
    /// <summary>"Engaged", as docs/architecture.md defines it: rated 6 or more or, unrated, watched 40 % or more.</summary>
    private const string EngagedSql =
        """
        CREATE TEMP TABLE engaged AS
          SELECT target_id, user_id FROM behaviour WHERE type = 'RATED' AND value >= 6
          UNION
          SELECT w.target_id, w.user_id FROM behaviour w WHERE w.type = 'WATCHED' AND w.value >= 0.4 AND NOT EXISTS (
            SELECT 1 FROM behaviour r WHERE r.type = 'RATED' AND r.user_id = w.user_id AND r.target_kind = 'Drama' AND r.target_id = w.target_id);
        CREATE INDEX temp.engaged_by ON engaged(target_id, user_id);
        """;

    private const string CommonViewersSql =
        "SELECT count(*) FROM engaged a JOIN engaged b ON a.user_id = b.user_id WHERE a.target_id = $from AND b.target_id = $to";

    private readonly SqliteConnection _connection;
    private readonly Dictionary<PathEdge, string?> _known = [];

    public StoredGraph(string file)
    {
        _connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        _connection.Open();
        using var engaged = Command(EngagedSql, "", "");
        engaged.ExecuteNonQuery();
    }

    /// <summary>What is wrong with the path; null when every edge is stored and joins its neighbours.</summary>
    public string? Problem(GraphPath path)
    {
        if (path.Nodes.Count != path.Edges.Count + 1) return $"{path.Nodes.Count} nodes but {path.Edges.Count} edges";
        for (var i = 0; i < path.Edges.Count; i++)
        {
            var edge = path.Edges[i];
            var (left, right) = (path.Nodes[i].Node, path.Nodes[i + 1].Node);
            if (!(edge.From == left && edge.To == right) && !(edge.From == right && edge.To == left)) return $"edge {i} does not join its nodes";
            if (i > 0 && left.Kind == NodeKind.User) return "the path passes a viewer";
            if (!_known.TryGetValue(edge, out var problem)) _known.Add(edge, problem = Problem(edge));
            if (problem is not null) return problem;
        }
        return null;
    }

    /// <summary>Dramas the viewer watched, rated or reviewed.</summary>
    public HashSet<string> SeenBy(string user)
    {
        using var command = Command("SELECT target_id FROM behaviour WHERE user_id = $from AND type IN ('WATCHED','RATED','REVIEWED')", user, "");
        using var rows = command.ExecuteReader();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read()) seen.Add(rows.GetString(0));
        return seen;
    }

    /// <summary>Dramas the viewer watched to the end, or rated or reviewed.</summary>
    public bool HasFinished(string user, string drama) => Count(
        "SELECT count(*) FROM behaviour WHERE user_id = $from AND target_id = $to AND (type IN ('RATED','REVIEWED') OR (type = 'WATCHED' AND value >= 0.9))", user, drama) > 0;

    /// <summary>The drama's earlier season; null when it has none in the catalogue.</summary>
    public string? EarlierSeason(string drama)
    {
        using var command = Command("SELECT follows_id FROM season JOIN drama ON drama.id = follows_id WHERE drama_id = $from", drama, "");
        return command.ExecuteScalar() as string;
    }

    public long CommonViewers(string a, string b) => Count(CommonViewersSql, a, b);

    public void Dispose() => _connection.Dispose();

    private string? Problem(PathEdge edge)
    {
        var (from, to) = (edge.From.Id, edge.To.Id);
        if (edge.Type == EdgeType.CoWatched)
        {
            var common = CommonViewers(from, to);
            if (common < 5) return $"{edge}: only {common} viewers stand behind it";
            return edge.Detail == string.Create(CultureInfo.InvariantCulture, $"{common} viewers") ? null : $"{edge}: the store says {common}";
        }
        var sql = edge.Type switch
        {
            EdgeType.ActedIn => "SELECT count(*) FROM credit WHERE person_id = $from AND drama_id = $to AND role = 'actor'",
            EdgeType.Directed => "SELECT count(*) FROM credit WHERE person_id = $from AND drama_id = $to AND role = 'director'",
            EdgeType.Wrote => "SELECT count(*) FROM credit WHERE person_id = $from AND drama_id = $to AND role = 'writer'",
            EdgeType.HasGenre => "SELECT count(*) FROM drama_genre WHERE drama_id = $from AND genre = $to",
            EdgeType.Tagged => "SELECT count(*) FROM drama_tag WHERE drama_id = $from AND tag = $to",
            EdgeType.Follows => "SELECT count(*) FROM season WHERE drama_id = $from AND follows_id = $to",
            _ => $"SELECT count(*) FROM behaviour WHERE user_id = $from AND target_id = $to AND type = '{edge.Type.Name()}'",
        };
        return Count(sql, from, to) == 1 ? null : $"{edge}: not in the store";
    }

    private long Count(string sql, string from, string to)
    {
        using var command = Command(sql, from, to);
        return (long)command.ExecuteScalar()!;
    }

    private SqliteCommand Command(string sql, string from, string to)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$to", to);
        return command;
    }
}
