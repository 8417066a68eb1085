using System.Collections.Concurrent;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Recommend.Sources;

/// <summary>
/// Dramas that share people, genres or tags with the viewer's seeds, rare ones counting more
/// (<see cref="AttributeAffinity"/>).
/// </summary>
public sealed class AttributeSource(string name, EdgeType type) : ICandidateSource
{
    private readonly ConcurrentBag<ScoreAccumulator> _profiles = [];

    public string Name => name;

    public void Score(UserContext user, GraphSnapshot snapshot, ScoreAccumulator into)
    {
        var relation = snapshot.Graph[type];
        var profile = Rent(new AttributeView(relation).AttributeCount);
        AttributeAffinity.Profile(relation, user.Seeds, profile);
        AttributeAffinity.Score(relation, snapshot.Derived.Idf(type), profile, into);
        profile.Clear();
        _profiles.Add(profile);
    }

    public void Explain(UserContext user, GraphSnapshot snapshot, int drama, List<Evidence> into)
    {
        var relation = snapshot.Graph[type];
        var idf = snapshot.Derived.Idf(type);
        var view = new AttributeView(relation);
        var own = view.Attributes(drama);
        foreach (var seed in user.Seeds)
        {
            // Both ascending: one walk along the two finds what they share.
            var theirs = view.Attributes(seed.Item);
            for (int i = 0, j = 0; i < own.Length && j < theirs.Length;)
            {
                var (o, t) = (own[i], theirs[j]);
                if (o == t && AttributeAffinity.Contribution(relation, idf, seed, drama, o) is var raw and not 0) into.Add(new Evidence(seed.Item, type, o, raw, 0));
                i += o <= t ? 1 : 0;
                j += t <= o ? 1 : 0;
            }
        }
    }

    private ScoreAccumulator Rent(int attributes)
    {
        while (_profiles.TryTake(out var free))
            if (free.Capacity == attributes) return free;
        return new ScoreAccumulator(attributes);
    }
}
