using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;

namespace GraphRec.Recommend.Sources;

/// <summary>The next season of what the viewer finished and did not dislike: score = the finished season's weight.</summary>
public sealed class NextSeasonSource : ICandidateSource
{
    public string Name => SourceNames.NextSeason;

    public void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into)
    {
        var follows = snapshot.Graph[EdgeType.Follows];
        foreach (var seed in user.Seeds)
        {
            if (seed.Weight <= 0 || !user.HasFinished(seed.Item)) continue;
            foreach (var next in follows.Sources(seed.Item)) into.Add(next, seed.Weight);
        }
    }

    public void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into)
    {
        foreach (var seed in user.Seeds)
            if (seed.Weight > 0 && user.HasFinished(seed.Item) && snapshot.Graph[EdgeType.Follows].Has(drama, seed.Item))
                into.Add(new Evidence(seed.Item, EdgeType.Follows, -1, seed.Weight, 0));
    }
}
