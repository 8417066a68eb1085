using CsCheck;
using GraphRec.Core;
using GraphRec.Graph;
using Xunit;

namespace GraphRec.Tests.Graph;

public sealed class AdjacencyTests
{
    private static readonly Gen<EdgeEntry[]> Edges =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 4], Gen.Int[0, 1000], Gen.Int[0, 99])
            .Select((from, to, value, minutes) => new EdgeEntry(from, to, value / 1000f, minutes)).Array[0, 40];

    [Fact]
    public void Equals_a_dictionary_of_edges_in_both_directions() => Edges.Sample(edges =>
    {
        var relation = Watched(edges);
        var last = new Dictionary<(int From, int To), EdgeEntry>();
        foreach (var e in edges) last[(e.From, e.To)] = e;
        Assert.Equal(last.Count, relation.EdgeCount);
        for (var from = 0; from < 7; from++)
        {
            var row = last.Values.Where(e => e.From == from).OrderBy(e => e.To).ToArray();
            Assert.Equal(row.Select(e => e.To), relation.Targets(from).ToArray());
            Assert.Equal(row.Length == 0 ? [] : row.Select(e => e.Minutes), relation.Times(from).ToArray());
            Assert.Equal(row.Length, relation.Degree(from));
            for (var i = 0; i < row.Length; i++) Assert.Equal(row[i].Value, relation.Value(from, i), 1e-6);
            for (var to = 0; to < 5; to++) Assert.Equal(last.ContainsKey((from, to)), relation.Has(from, to));
        }
        for (var to = 0; to < 5; to++)
        {
            Assert.Equal(last.Keys.Where(k => k.To == to).Select(k => k.From).Order(), relation.Sources(to).ToArray());
            Assert.Equal(relation.Sources(to).Length, relation.ReverseDegree(to));
        }
    });

    [Fact]
    public void Without_equals_building_from_what_is_left() => Gen.Select(Edges, Edges).Sample((edges, gone) =>
    {
        var removed = gone.Select(e => (e.From, e.To)).ToHashSet();
        var expected = Watched([.. edges.Where(e => !removed.Contains((e.From, e.To)))]);
        var actual = Watched(edges).Without(removed);
        Assert.Equal(expected.AllTargets.ToArray(), actual.AllTargets.ToArray());
        Assert.Equal(expected.AllSources.ToArray(), actual.AllSources.ToArray());
        Assert.Equal(expected.Offsets.ToArray(), actual.Offsets.ToArray());
        for (var from = 0; from < 7; from++)
        {
            Assert.Equal(expected.Times(from).ToArray(), actual.Times(from).ToArray());
            for (var i = 0; i < expected.Degree(from); i++) Assert.Equal(expected.Value(from, i), actual.Value(from, i));
        }
    });

    [Theory]
    [InlineData(0.4f, 0.4)]
    [InlineData(10f, 10)]
    [InlineData(0.0004f, 0)]
    [InlineData(-1f, 0)]
    [InlineData(99f, 65.535)]
    public void Values_are_kept_to_a_thousandth_and_clamped(float given, double kept) =>
        Assert.Equal(kept, Watched([new EdgeEntry(0, 0, given)]).Value(0, 0));

    [Fact]
    public void Find_gives_the_position_or_a_negative_number()
    {
        var relation = Watched([new EdgeEntry(1, 4), new EdgeEntry(1, 2)]);
        Assert.Equal(1, relation.Find(1, 4));
        Assert.True(relation.Find(1, 3) < 0);
        Assert.True(relation.Find(0, 2) < 0);
    }

    [Fact]
    public void Node_table_orders_ordinally_and_finds_every_id() => Gen.String[0, 3].Array[0, 20].Sample(ids =>
    {
        var table = new NodeTable(ids);
        Assert.Equal(ids.Distinct().OrderBy(id => id, StringComparer.Ordinal), table.Ids.ToArray());
        for (var i = 0; i < table.Count; i++) Assert.Equal(i, table.Find(table[i]));
        Assert.Equal(-1, table.Find("not among them"));
    });

    [Fact]
    public void Bipartite_equals_sets_in_both_directions() => Gen.Int[0, 8].Array[0, 12].Array[1, 8].Sample(rows =>
    {
        var g = Sample.From(9, rows);
        Assert.Equal((rows.Length, 9), (g.UserCount, g.ItemCount));
        for (var u = 0; u < rows.Length; u++)
        {
            Assert.Equal(rows[u].Distinct().Order(), g.ItemsOf(u).ToArray());
            Assert.Equal(g.ItemsOf(u).Length, g.UserDegree(u));
        }
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal(Enumerable.Range(0, rows.Length).Where(u => rows[u].Contains(i)), g.UsersOf(i).ToArray());
            Assert.Equal(g.UsersOf(i).Length, g.ItemDegree(i));
        }
        Assert.Equal(rows.Sum(r => r.Distinct().Count()), g.EdgeCount);
    });

    private static Adjacency Watched(EdgeEntry[] edges) =>
        Adjacency.Build(EdgeType.Watched, NodeKind.Drama, 7, 5, [.. edges], values: true, times: true);
}
