using System.Diagnostics;
using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class PathEnumeratorTests
{
    private static readonly EdgeType[] FirstHops = [EdgeType.Watched, EdgeType.Rated, EdgeType.Watchlisted];

    // The ids of genres, tags, networks and people overlap, so that ties between kinds happen.
    private static readonly Gen<string[]> Names = OneOf("a", "b", "c").Array[0, 3];

    private static readonly Gen<GraphExport> Exports =
        from dramas in Gen.Select(Names, Names, Names, Gen.Int[0, 7]).Array[1, 6]
        from credits in Gen.Select(Gen.Int[0, 5], OneOf("a", "b", "p"), Gen.Enum<CreditRole>()).Array[0, 12]
        from behaviour in Gen.Select(Gen.Int[0, 1], Gen.Int[0, 5], OneOf(
            EdgeType.Watched, EdgeType.Rated, EdgeType.Watchlisted, EdgeType.Clicked, EdgeType.Skipped, EdgeType.Muted)).Array[1, 12]
        select Sample.Export(
            dramas.Select((d, i) => Sample.Drama($"d{i}") with
            {
                Genres = d.Item1,
                Tags = d.Item2,
                Networks = d.Item3,
                Follows = d.Item4 < 6 ? $"d{d.Item4}" : null,
            }),
            credits.Select(c => new Credit($"d{c.Item1}", c.Item2, c.Item3, 1)),
            behaviour.Select(b => new BehaviourEdge($"u{b.Item1}", b.Item3, NodeRef.Drama($"d{b.Item2}"), 1, Sample.Minute(0), Sample.Minute(0), 1)));

    [Fact]
    public void Equals_a_depth_first_search_over_everything() =>
        Gen.Select(Exports, Gen.Int[2, 4], Gen.OneOf(Gen.Int[0, 5], Gen.Const(100_000))).Sample((export, maxHops, first) =>
        {
            var g = CsrGraph.Build(export);
            for (var user = 0; user < g.Nodes(NodeKind.User).Count; user++)
            {
                for (var drama = 0; drama < g.Nodes(NodeKind.Drama).Count; drama++)
                {
                    var expected = Obvious(g, user, drama, maxHops).Take(first).Select(Text);
                    Assert.Equal(expected, Find(g, user, drama, maxHops, first).Select(Text));
                }
            }
        });

    [Fact]
    public void A_limit_keeps_the_first_of_many()
    {
        // 3,000 dramas in one genre, all watched: 3,000 paths of three hops to the target, held a few at a time.
        var g = Hub(3000, 3000);
        var paths = Find(g, 0, g.Nodes(NodeKind.Drama).Find("target"), 4, 3);
        Assert.Equal(["d00000", "d00001", "d00002"], paths.Select(p => g.Nodes(NodeKind.Drama)[p[0].Index]));
        Assert.All(paths, p => Assert.Equal(3, p.Length));
    }

    [Fact]
    public void The_size_of_a_hub_does_not_matter()
    {
        // One drama watched, of 200,000 in the genre. Enumerating the hub, four hops would be 4·10¹⁰ steps.
        var g = Hub(200_000, 1);
        var target = g.Nodes(NodeKind.Drama).Find("target");
        Find(g, 0, target, 4, 10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        Assert.Single(Find(g, 0, target, 4, 10));
        Assert.True(watch.ElapsedMilliseconds < 500, $"{watch.ElapsedMilliseconds} ms");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 100_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Hops_out_of_range_are_refused(int maxHops) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Find(Hub(1, 1), 0, 0, maxHops, 1));

    private static CsrGraph Hub(int dramas, int watched) => CsrGraph.Build(Sample.Export(
        Enumerable.Range(0, dramas).Select(i => $"d{i:D5}").Append("target").Select(id => Sample.Drama(id) with { Genres = ["Romance"] }),
        [], Enumerable.Range(0, watched).Select(i => Sample.Watched("u", $"d{i:D5}"))));

    private static IReadOnlyList<PathStep[]> Find(CsrGraph g, int user, int drama, int maxHops, int first) =>
        PathEnumerator.Find(g, user, drama, maxHops, first);

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Text(PathStep[] path) => string.Join(' ', path);

    private static IEnumerable<PathStep[]> Obvious(CsrGraph g, int user, int drama, int maxHops)
    {
        var found = new List<PathStep[]>();
        void Go(List<PathStep> path)
        {
            var (kind, index) = path.Count == 0 ? (NodeKind.User, user) : (path[^1].Kind, path[^1].Index);
            if (kind == NodeKind.Drama && index == drama)
            {
                found.Add([.. path]);
                return;
            }
            if (path.Count == maxHops) return;
            foreach (var step in Steps(g, kind, index))
            {
                if (step.Kind == NodeKind.User || path.Any(s => (s.Kind, s.Index) == (step.Kind, step.Index))) continue;
                Go([.. path, step]);
            }
        }

        Go([]);
        string Ids(PathStep s) => g.Nodes(s.Kind)[s.Index];
        return found.OrderBy(p => p.Length)
            .ThenBy(p => string.Join('\u0001', p.Select(Ids)), StringComparer.Ordinal)
            .ThenBy(p => string.Concat(p.Select(s => $"{(int)s.Kind}{(char)('A' + (int)s.Type)}{(s.Forward ? 0 : 1)}")), StringComparer.Ordinal);
    }

    private static IEnumerable<PathStep> Steps(CsrGraph g, NodeKind kind, int index)
    {
        foreach (var relation in g.Relations)
        {
            if (relation.Type.IsBehaviour() && !FirstHops.Contains(relation.Type)) continue;
            if (relation.FromKind == kind)
                foreach (var to in relation.Targets(index).ToArray()) yield return new PathStep(relation.Type, true, relation.ToKind, to);
            if (relation.ToKind == kind)
                foreach (var from in relation.Sources(index).ToArray()) yield return new PathStep(relation.Type, false, relation.FromKind, from);
        }
    }
}
