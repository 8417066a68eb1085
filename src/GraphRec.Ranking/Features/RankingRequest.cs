using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Ranking.Features;

/// <summary>A drama that says something of the viewer's taste, and when the viewer last had to do with it.</summary>
public readonly record struct Seed(int Item, float Weight, DateTimeOffset LastAt);

/// <summary>How often a drama was shown to a viewer, and when last.</summary>
public readonly record struct Exposed(int Times, DateTimeOffset LastAt);

/// <summary>What features are made of: a viewer at a moment, a version of the graph, and the candidates in rows.</summary>
public sealed class RankingRequest
{
    /// <summary>The graph that is asked.</summary>
    public required GraphSnapshot Snapshot { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>ISO 3166-1 alpha-2; null when unknown.</summary>
    public string? Region { get; init; }

    /// <summary>As the request names it; null when unknown.</summary>
    public string? Device { get; init; }

    /// <summary>The viewer's seeds, by drama index ascending.</summary>
    public required IReadOnlyList<Seed> Seeds { get; init; }

    /// <summary>Everything the viewer did.</summary>
    public required IReadOnlyList<BehaviourEdge> History { get; init; }

    /// <summary>Drama indices; one row each.</summary>
    public required int[] Candidates { get; init; }

    /// <summary>By drama: its row + 1, or 0 for no candidate.</summary>
    public required int[] Rows { get; init; }

    /// <summary>By source: raw scores of dramas.</summary>
    public required IReadOnlyList<ScoreAccumulator> Scores { get; init; }

    /// <summary>By source: what brings its largest absolute raw score among eligible dramas to 1.</summary>
    public required double[] Scales { get; init; }

    /// <summary>By drama: the linear ranker's score.</summary>
    public required double[] Fit { get; init; }

    /// <summary>What brings the best of these to 1.</summary>
    public required double FitScale { get; init; }

    /// <summary>Viewers of each drama within the trending window.</summary>
    public required int[] RecentViewers { get; init; }

    /// <summary>What the trained collaborative model says; null while there is none.</summary>
    public ItemNeighbours? Collaborative { get; init; }

    /// <summary>What was shown to the viewer lately, by drama id; null for nothing.</summary>
    public IReadOnlyDictionary<string, Exposed>? Exposures { get; init; }

    /// <summary>The row of a drama; negative for no candidate.</summary>
    public int RowOf(int drama) => Rows[drama] - 1;

    /// <summary>Days from then to now, at least 0.</summary>
    public double DaysSince(DateTimeOffset at) => Math.Max(0, (Now - at).TotalDays);

    /// <summary>Mean of a fact over the liked seeds that have it, by their weights; null where none has.</summary>
    public double? UsualOf(Func<Drama, double?> fact)
    {
        double sum = 0, weights = 0;
        foreach (var seed in Seeds)
        {
            if (seed.Weight <= 0 || fact(Snapshot.Dramas[seed.Item]) is not { } value) continue;
            sum += seed.Weight * value;
            weights += seed.Weight;
        }
        return weights > 0 ? sum / weights : null;
    }
}
