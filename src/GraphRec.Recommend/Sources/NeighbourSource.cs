using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Recommend.Sources;

/// <summary>
/// What is near the viewer's seeds in a derived neighbour list (the three-hop walk, or co-watch):
/// score(b) = Σ over seeds a of weight(a) · list(a, b). Disliked seeds push their neighbours down.
/// </summary>
public sealed class NeighbourSource(string name, Func<GraphSnapshot, ItemNeighbours> list) : ICandidateSource
{
    public string Name => name;

    public void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into)
    {
        var neighbours = list(snapshot);
        foreach (var seed in user.Seeds)
        {
            var items = neighbours.Of(seed.Item);
            var scores = neighbours.Scores(seed.Item);
            for (var i = 0; i < items.Length; i++) into.Add(items[i], seed.Weight * scores[i]);
        }
    }

    public void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into)
    {
        var neighbours = list(snapshot);
        foreach (var seed in user.Seeds)
        {
            var at = neighbours.Of(seed.Item).IndexOf(drama);
            if (at >= 0) into.Add(new Evidence(seed.Item, EdgeType.CoWatched, -1, (double)seed.Weight * neighbours.Scores(seed.Item)[at], neighbours.Counts(seed.Item)[at]));
        }
    }
}
