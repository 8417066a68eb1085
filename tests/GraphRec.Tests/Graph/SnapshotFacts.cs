using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Tests.Recommend;

namespace GraphRec.Tests.Graph;

/// <summary>Everything a snapshot holds, a line each, to compare two of them and to see where they differ.</summary>
internal static class SnapshotFacts
{
    public static string[] Of(GraphSnapshot snapshot) =>
        [$"version {snapshot.Version}", .. Nodes(snapshot), .. Edges(snapshot), .. Crowd(snapshot), .. Facts(snapshot)];

    private static IEnumerable<string> Nodes(GraphSnapshot s)
    {
        foreach (var kind in Enum.GetValues<NodeKind>()) yield return Line($"{kind} ids", s.Graph.Nodes(kind).Ids);
        yield return Line("dramas", s.Dramas.ToArray().Select(d => World.Print(d)).ToArray());
        yield return Line("people", s.People);
        yield return Line("regions", s.Regions);
        yield return Line("found", s.Graph.Nodes(NodeKind.Drama).Ids.ToArray().Select(id => s.FindDrama(id)!.Title).ToArray());
    }

    private static IEnumerable<string> Edges(GraphSnapshot s)
    {
        foreach (var relation in s.Graph.Relations.OrderBy(r => r.Type).ThenBy(r => r.ToKind))
        {
            var name = $"{relation.Type.Name()} to {relation.ToKind}";
            yield return Line($"{name} offsets", relation.Offsets);
            yield return Line($"{name} targets", relation.AllTargets);
            yield return Line($"{name} sources", relation.AllSources);
            yield return Line($"{name} reverse offsets", relation.ReverseOffsets);
            for (var from = 0; from < relation.FromCount; from++)
            {
                yield return Line($"{name} times of {from}", relation.Times(from));
                if (relation.HasValues) yield return Line($"{name} values of {from}", Enumerable.Range(0, relation.Degree(from)).Select(i => relation.Value(from, i)).ToArray());
            }
        }
        yield return Line("dangling", s.Graph.Dangling.OrderBy(d => d.ToString(), StringComparer.Ordinal).ToArray());
        for (var person = 0; person < s.People.Length; person++)
            yield return Line($"credits of {person}", Enumerable.Range(0, s.Dramas.Length).Select(d => s.ActorCredit(person, d)).ToArray());
    }

    private static IEnumerable<string> Crowd(GraphSnapshot s)
    {
        yield return Line("engaged items", s.Engaged.Items);
        yield return Line("engaged offsets", s.Engaged.UserOffsets);
        yield return Line("engaged users", s.Engaged.Users);
        yield return Line("engaged item offsets", s.Engaged.ItemOffsets);
        foreach (var (name, index) in (IEnumerable<(string, ItemNeighbours)>)[("co-watched", s.Derived.CoWatch), ("walk", s.Derived.Walk)])
        {
            yield return $"{name} edges {index.EdgeCount}";
            for (var d = 0; d < index.ItemCount; d++)
            {
                yield return Line($"{name} of {d}", index.Of(d));
                yield return Line($"{name} scores of {d}", index.Scores(d));
                yield return Line($"{name} counts of {d}", index.Counts(d));
            }
        }
        yield return Line("audience", s.Derived.Audience);
        yield return $"largest audience {s.Derived.MaxAudience}";
        foreach (var (region, audience) in s.Derived.AudienceByRegion.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            yield return Line($"audience in {region}", audience);
            yield return Line($"most watched in {region}", s.Derived.Lists.MostWatchedIn(region));
        }
        yield return Line("completion", s.Derived.Completion);
    }

    private static IEnumerable<string> Facts(GraphSnapshot s)
    {
        var (derived, lists) = (s.Derived, s.Derived.Lists);
        yield return Line("release days", derived.ReleaseDays);
        yield return Line("genre masks", derived.GenreMasks);
        yield return Line("countries", derived.Countries);
        yield return Line("priorities", derived.Priorities);
        yield return Line("newest", lists.Newest);
        yield return Line("most watched", lists.MostWatched);
        yield return Line("aired", lists.AiredDays);
        yield return Line("bound to regions", lists.RegionBound);
        yield return Line("sequels", lists.Sequels);
        foreach (var type in (EdgeType[])[EdgeType.ActedIn, EdgeType.Directed, EdgeType.Wrote, EdgeType.HasGenre, EdgeType.Tagged])
            yield return Line($"idf of {type}", derived.Idf(type));
    }

    private static string Line<T>(string name, ReadOnlySpan<T> values) => Line(name, values.ToArray());

    // Numbers as they are, to the last bit.
    private static string Line<T>(string name, T[] values) =>
        $"{name}: {string.Join(' ', values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)))}";
}
