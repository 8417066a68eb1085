using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;

namespace GraphRec.Recommend.Sources;

/// <summary>
/// What is near the viewer's seeds in a neighbour list (the three-hop walk, co-watch, or what a trained model says):
/// score(b) = Σ over seeds a of weight(a) · list(a, b). Disliked seeds push their neighbours down.
/// </summary>
/// <param name="name">One of <see cref="SourceNames"/>.</param>
/// <param name="list">The list, of the snapshot or of what was fetched for the viewer; null when there is none.</param>
/// <param name="minCount">Neighbours in the snapshot with fewer viewers behind them are passed over.</param>
/// <param name="isCounted">Whether the snapshot's list comes with the viewers behind each neighbour.</param>
public sealed class NeighbourSource(string name, Func<GraphSnapshot, NeighbourLists?, ItemNeighbours?> list, int minCount = 0, bool isCounted = true) : ICandidateSource
{
    public string Name => name;

    public void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into)
    {
        if (list(snapshot, user.Neighbours) is not { } neighbours) return;
        // What was fetched has no counts, and was written with this minimum.
        var counted = minCount > 0 && user.Neighbours is null;
        foreach (var seed in user.Seeds)
        {
            var items = neighbours.Of(seed.Item);
            var scores = neighbours.Scores(seed.Item);
            if (counted)
            {
                var counts = neighbours.Counts(seed.Item);
                for (var i = 0; i < items.Length; i++)
                    if (counts[i] >= minCount) into.Add(items[i], seed.Weight * scores[i]);
            }
            else
            {
                for (var i = 0; i < items.Length; i++) into.Add(items[i], seed.Weight * scores[i]);
            }
        }
    }

    public void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into)
    {
        if (list(snapshot, user.Neighbours) is not { } neighbours) return;
        var counted = isCounted && user.Neighbours is null;
        foreach (var seed in user.Seeds)
        {
            var at = neighbours.Of(seed.Item).IndexOf(drama);
            if (at < 0) continue;
            // A reason tells how many viewers stand behind it in the graph that the answer names, whatever version a store's list is of.
            var count = counted ? neighbours.Counts(seed.Item)[at] : snapshot.Engaged.CommonUsers(seed.Item, drama);
            if (counted && count < minCount) continue;
            into.Add(new Evidence(seed.Item, EdgeType.CoWatched, -1, (double)seed.Weight * neighbours.Scores(seed.Item)[at], count));
        }
    }
}
