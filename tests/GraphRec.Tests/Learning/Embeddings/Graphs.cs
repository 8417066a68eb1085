using GraphRec.Learning.Embeddings;

namespace GraphRec.Tests.Learning.Embeddings;

/// <summary>Graphs to test embeddings on.</summary>
internal static class Graphs
{
    /// <summary>Nodes of one type.</summary>
    public static EmbeddingGraph Of(int count, params (int From, int To)[] edges) => Typed([("node", count)], edges);

    public static EmbeddingGraph Typed((string Name, int Count)[] types, params (int From, int To)[] edges) => EmbeddingGraph.Of(
        [.. types.Select(type => (type.Name, (IReadOnlyList<string>)[.. Enumerable.Range(0, type.Count).Select(n => $"{type.Name}-{n}")]))],
        [.. edges.Select(edge => edge.From)], [.. edges.Select(edge => edge.To)]);

    /// <summary>
    /// Circles of nodes that are joined densely within and thinly between; a tenth of the edges is held out, beside as many pairs
    /// that are none.
    /// </summary>
    public static (EmbeddingGraph Graph, (int A, int B)[] Held, (int A, int B)[] Others) Circles(int circles, int size, int seed)
    {
        var random = new Random(seed);
        var count = circles * size;
        List<(int, int)> kept = [], held = [], others = [];
        for (var a = 0; a < count; a++)
        {
            for (var b = a + 1; b < count; b++)
            {
                if (random.NextDouble() < (a / size == b / size ? 0.3 : 0.006)) (random.NextDouble() < 0.1 ? held : kept).Add((a, b));
                else if (random.NextDouble() < 0.05) others.Add((a, b));
            }
        }
        return (Of(count, [.. kept]), [.. held], [.. others]);
    }

    /// <summary>The share of (held, other) in which the held pair scores higher; equals count half.</summary>
    public static double Auc((int A, int B)[] held, (int A, int B)[] others, Func<int, int, double> score)
    {
        double[] good = [.. held.Select(pair => score(pair.A, pair.B))], bad = [.. others.Select(pair => score(pair.A, pair.B))];
        return good.Average(g => bad.Average(b => g > b ? 1 : g == b ? 0.5 : 0));
    }
}
