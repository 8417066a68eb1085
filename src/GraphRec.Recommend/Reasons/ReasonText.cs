using GraphRec.Core;
using GraphRec.Ranking;
using GraphRec.Recommend.Sources;

namespace GraphRec.Recommend.Reasons;

/// <summary>Reasons in words. Each sentence says no more than its paths prove.</summary>
public static class ReasonText
{
    public static ReasonKind KindOf(string source) => source switch
    {
        SourceNames.Walk or SourceNames.CoWatch or SourceNames.Collaborative => ReasonKind.SimilarTaste,
        SourceNames.Actors => ReasonKind.SharedActor,
        SourceNames.Directors => ReasonKind.SharedDirector,
        SourceNames.Writers => ReasonKind.SharedWriter,
        SourceNames.Genres => ReasonKind.SharedGenre,
        SourceNames.Tags => ReasonKind.SharedTag,
        SourceNames.NextSeason => ReasonKind.NextSeason,
        SourceNames.Trending => ReasonKind.Trending,
        _ => ReasonKind.Popular,
    };

    /// <summary>The sentence for a reason with paths.</summary>
    /// <param name="list">The list it is from.</param>
    /// <param name="kind">The kind of fact.</param>
    /// <param name="evidence">What is cited, strongest first.</param>
    /// <param name="paths">The verified paths.</param>
    public static string Write(RankedList list, ReasonKind kind, List<Evidence> evidence, List<GraphPath> paths)
    {
        var seeds = Titles(paths);
        var first = evidence[0];
        return kind switch
        {
            ReasonKind.SimilarTaste => $"Viewers who liked {seeds} also liked it",
            ReasonKind.BecauseYouWatched => $"{Opening(PathOver(list, first.Seed, paths))}: {first.Count} viewers who liked it also liked this",
            ReasonKind.SharedActor => $"With {Person(list, first)}, from {seeds}",
            ReasonKind.SharedDirector => $"Directed by {Person(list, first)}, like {seeds}",
            ReasonKind.SharedWriter => $"Written by {Person(list, first)}, like {seeds}",
            ReasonKind.SharedGenre => $"{list.Snapshot.Graph.Nodes(NodeKind.Genre)[first.Through]}, like {seeds}",
            ReasonKind.SharedTag => $"\"{list.Snapshot.Graph.Nodes(NodeKind.Tag)[first.Through]}\", like {seeds}",
            _ => $"The next season of {list.Snapshot.Dramas[first.Seed].Title}",
        };
    }

    /// <summary>What joins two dramas.</summary>
    public static string Between(RankedList list, string source, List<Evidence> evidence)
    {
        var first = evidence[0];
        return source switch
        {
            SourceNames.Walk or SourceNames.CoWatch or SourceNames.Collaborative => $"{first.Count} viewers liked both",
            SourceNames.Actors => $"Both with {Names(list, evidence)}",
            SourceNames.Directors => $"Both directed by {Names(list, evidence)}",
            SourceNames.Writers => $"Both written by {Names(list, evidence)}",
            SourceNames.Genres => "Both " + string.Join(", ", evidence.Select(e => list.Snapshot.Graph.Nodes(NodeKind.Genre)[e.Through])),
            SourceNames.Tags => "Both tagged " + string.Join(", ", evidence.Select(e => $"\"{list.Snapshot.Graph.Nodes(NodeKind.Tag)[e.Through]}\"")),
            _ => "The next season",
        };
    }

    /// <summary>"Because you watched Goblin", or whatever it was that the viewer did.</summary>
    public static string Opening(GraphPath path) => path.Edges[0].Type switch
    {
        EdgeType.Watched => $"Because you watched {path.Nodes[1].Label}",
        EdgeType.Rated => $"Because you rated {path.Nodes[1].Label}",
        EdgeType.Reviewed => $"Because you reviewed {path.Nodes[1].Label}",
        EdgeType.Watchlisted => $"Because {path.Nodes[1].Label} is on your watchlist",
        _ => $"Because you opened {path.Nodes[1].Label}",
    };

    public static string TrendingText(Recipe recipe, int viewers) =>
        recipe.TrendingDays == 7 ? $"Trending this week: {viewers} viewers" : $"Trending: {viewers} viewers in {recipe.TrendingDays:0.#} days";

    /// <summary>The strongest path that starts over a seed.</summary>
    private static GraphPath PathOver(RankedList list, int seed, List<GraphPath> paths)
    {
        var id = list.Snapshot.Dramas[seed].Id;
        return paths.Find(p => p.Nodes[1].Node.Id == id) ?? paths[0];
    }

    private static string Person(RankedList list, in Evidence evidence) => list.Snapshot.People[evidence.Through].Name;

    private static string Names(RankedList list, List<Evidence> evidence) =>
        string.Join(" and ", evidence.Take(3).Select(e => list.Snapshot.People[e.Through].Name));

    private static string Titles(List<GraphPath> paths)
    {
        var titles = paths.Select(p => p.Nodes[1].Label).Distinct().ToList();
        return titles.Count switch
        {
            1 => titles[0],
            2 => $"{titles[0]} and {titles[1]}",
            _ => $"{titles[0]}, {titles[1]} and {titles[2]}",
        };
    }
}
