using GraphRec.Learning.Embeddings;

namespace GraphRec.Tests.Learning.Embeddings;

/// <summary>
/// node2vec written plainly, in the order of word2vec's own code: walk after walk, position after position, every negative drawn
/// from all nodes and applied at once, in doubles. With p and q of 1.
/// </summary>
internal static class SlowNode2Vec
{
    public static double[][] Fit(EmbeddingGraph graph, Node2VecParameters p, int seed)
    {
        var random = new Random(seed);
        List<int[]> walks = [];
        for (var repeat = 0; repeat < p.WalksPerNode; repeat++)
        {
            foreach (var start in Enumerable.Range(0, graph.Count).OrderBy(_ => random.Next())) walks.Add(Walk(graph, start, p.WalkLength, random));
        }
        var counts = new double[graph.Count];
        foreach (var node in walks.SelectMany(walk => walk)) counts[node]++;
        double[] weights = [.. counts.Select(count => Math.Pow(count, p.NoiseExponent))];
        var sums = new double[graph.Count];
        for (var n = 0; n < sums.Length; n++) sums[n] = (n > 0 ? sums[n - 1] : 0) + weights[n];
        double[][] centres = [.. counts.Select(_ => Enumerable.Range(0, p.Dimensions).Select(_ => (random.NextDouble() - 0.5) / p.Dimensions).ToArray())];
        double[][] contexts = [.. counts.Select(_ => new double[p.Dimensions])];
        for (var n = 0; n < walks.Count; n++)
        {
            var rate = p.LearningRate * Math.Max(1 - ((double)n / walks.Count), 1e-4);
            Train(walks[n], p, rate, centres, contexts, sums, random);
        }
        return centres;
    }

    public static double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));

    private static int[] Walk(EmbeddingGraph graph, int start, int length, Random random)
    {
        List<int> walk = [start];
        while (walk.Count < length && graph.Degree(walk[^1]) > 0)
        {
            var neighbours = graph.Neighbours(walk[^1]);
            walk.Add(neighbours[random.Next(neighbours.Length)]);
        }
        return [.. walk];
    }

    private static void Train(int[] walk, Node2VecParameters p, double rate, double[][] centres, double[][] contexts, double[] sums, Random random)
    {
        for (var at = 0; at < walk.Length; at++)
        {
            var distance = random.Next(1, p.Window + 1);
            for (var other = Math.Max(0, at - distance); other <= Math.Min(walk.Length - 1, at + distance); other++)
            {
                if (other == at) continue;
                var u = centres[walk[at]];
                var moves = new double[u.Length];
                for (var n = 0; n <= p.Negatives; n++)
                {
                    var target = walk[other];
                    if (n > 0)
                    {
                        var found = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
                        target = found < 0 ? ~found : found;
                        if (target == walk[other]) continue;
                    }
                    var v = contexts[target];
                    var pull = rate * ((n == 0 ? 1 : 0) - (1 / (1 + Math.Exp(-u.Zip(v, (x, y) => x * y).Sum()))));
                    for (var k = 0; k < u.Length; k++) (moves[k], v[k]) = (moves[k] + (pull * v[k]), v[k] + (pull * u[k]));
                }
                for (var k = 0; k < u.Length; k++) u[k] += moves[k];
            }
        }
    }
}
