using System.Globalization;
using GraphRec.Learning.Data;
using GraphRec.Learning.Embeddings;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>node2vec --data DIR [--threads N] [--walks N] [--p N] [--q N] [--dimensions N] [--length N] [--seed N]</c>: node2vec on the graph of a data
/// set in LightGCN's form: walks per second, seconds, memory, and how well the cosine of two vectors tells the pairs of the test
/// part from random pairs that are in neither part, beside FastRP, a new item's induced vector, and popularity.
/// </summary>
internal static class Node2VecCommand
{
    public static int Run(string[] args)
    {
        var numbers = new Dictionary<string, double>
        {
            ["--threads"] = Environment.ProcessorCount, ["--walks"] = 1, ["--p"] = 1, ["--q"] = 1, ["--dimensions"] = 128, ["--length"] = 80, ["--seed"] = 1,
        };
        string? folder = null;
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 < args.Length && args[i] == "--data") folder = args[i + 1];
            else if (i + 1 < args.Length && numbers.ContainsKey(args[i]) && double.TryParse(args[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) numbers[args[i]] = number;
            else return Usage();
        }
        if (folder is null) return Usage();
        var threads = (int)numbers["--threads"];
        var parameters = new Node2VecParameters
        {
            WalksPerNode = (int)numbers["--walks"], Return = numbers["--p"], InOut = numbers["--q"], Dimensions = (int)numbers["--dimensions"], WalkLength = (int)numbers["--length"],
        };
        var (graph, pairs) = Read(folder);
        Print($"graph: {graph.Count:N0} nodes, {graph.ArcCount:N0} arcs; {pairs.Count:N0} held-out pairs; memory {Measure.PeakMegabytes():F0} MB");
        Walks(graph, parameters, (int)numbers["--seed"], threads);
        NodeVectors? vectors = null;
        var fit = Measure.Of(() => vectors = Node2Vec.Fit(graph, parameters, (int)numbers["--seed"], threads));
        Print($"node2vec, walks included: {fit.Wall:F2} s wall, {fit.Cpu:F2} s CPU, {threads} threads, peak {Measure.PeakMegabytes():F0} MB");
        Quality("node2vec", vectors!, graph, pairs);
        Induced(vectors!, graph, pairs);
        NodeVectors? fast = null;
        var fastFit = Measure.Of(() => fast = FastRp.Fit(graph, new FastRpParameters { Dimensions = parameters.Dimensions }, (int)numbers["--seed"], threads));
        Print($"FastRP: {fastFit.Wall:F2} s wall, {fastFit.Cpu:F2} s CPU");
        Quality("FastRP", fast!, graph, pairs);
        Print($"popularity: AUC {pairs.Auc((_, item) => graph.Degree(item)):F4}");
        return 0;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: node2vec --data DIR [--threads N] [--walks N] [--p N] [--q N] [--dimensions N] [--length N] [--seed N]");
        return 2;
    }

    // In a method of its own, so that what was read can be collected.
    private static (EmbeddingGraph, HeldOutPairs) Read(string folder)
    {
        var split = LightGcnFiles.Read(folder);
        return (EmbeddingGraph.Of(split.Train), HeldOutPairs.Of(split));
    }

    private static void Walks(EmbeddingGraph graph, Node2VecParameters parameters, int seed, int threads)
    {
        var steps = 0L;
        var time = Measure.Of(() => Node2Vec.Walk(graph, parameters, seed, threads, (_, nodes) => Interlocked.Add(ref steps, nodes.Length)));
        var walks = (double)graph.Count * parameters.WalksPerNode;
        Print($"walks: {walks / time.Wall:N0} per second ({time.Wall:F2} s wall, {time.Cpu:F2} s CPU, {steps:N0} nodes)");
    }

    private static void Quality(string name, NodeVectors vectors, EmbeddingGraph graph, HeldOutPairs pairs)
    {
        Print($"{name}: AUC {pairs.Auc(vectors.Cosine):F4} against uniform items, {pairs.Popular(graph).Auc(vectors.Cosine):F4} against items by popularity");
    }

    /// <summary>Every held-out pair with its item's vector made from the item's viewers instead of trained.</summary>
    private static void Induced(NodeVectors vectors, EmbeddingGraph graph, HeldOutPairs pairs)
    {
        var values = new float[(long)graph.Count * vectors.Dimensions];
        for (var node = 0; node < graph.Count; node++)
        {
            var row = values.AsSpan(node * vectors.Dimensions, vectors.Dimensions);
            if (graph.TypeOf(node) == 0) vectors[node].CopyTo(row);
            else vectors.Induce(graph.Neighbours(node), [], row);
        }
        Quality("node2vec, items induced", NodeVectors.Of(graph.Types, values, vectors.Dimensions), graph, pairs);
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}

/// <summary>Pairs of user and item that were held out, and as many with another item, which were not.</summary>
internal sealed class HeldOutPairs
{
    private readonly int[] _users;
    private readonly int[] _items;
    private readonly int[] _others;

    private HeldOutPairs(int[] users, int[] items, int[] others) => (_users, _items, _others) = (users, items, others);

    public int Count => _users.Length;

    public static HeldOutPairs Of(Split split)
    {
        var (random, shift) = (new Random(1), split.Train.Users.Count);
        List<int> users = [], items = [], others = [];
        foreach (var user in split.Test)
        {
            foreach (var item in user.Items)
            {
                int other;
                do other = random.Next(split.Train.Items.Count);
                while (split.Train.ItemsOf(user.User).BinarySearch(other) >= 0 || user.Items.Contains(other));
                users.Add(user.User);
                items.Add(shift + item);
                others.Add(shift + other);
            }
        }
        return new HeldOutPairs([.. users], [.. items], [.. others]);
    }

    /// <summary>The same with the other item drawn from all held-out ones, that is by popularity: telling them apart takes more than degree.</summary>
    public HeldOutPairs Popular(EmbeddingGraph graph)
    {
        var random = new Random(2);
        var held = _users.Zip(_items).ToHashSet();
        var others = new int[_others.Length];
        for (var n = 0; n < others.Length; n++)
        {
            do others[n] = _items[random.Next(_items.Length)];
            while (held.Contains((_users[n], others[n])) || graph.Joined(_users[n], others[n]));
        }
        return new HeldOutPairs(_users, _items, others);
    }

    /// <summary>The share of held-out pairs that score above a pair that is none, over all of both; equals count half.</summary>
    public double Auc(Func<int, int, float> score)
    {
        var (held, others) = (new float[Count], new float[Count]);
        Parallel.For(0, Count, n => (held[n], others[n]) = (score(_users[n], _items[n]), score(_users[n], _others[n])));
        Array.Sort(held);
        Array.Sort(others);
        double wins = 0;
        int below = 0, upTo = 0;
        foreach (var value in held)
        {
            while (below < others.Length && others[below] < value) below++;
            while (upTo < others.Length && others[upTo] <= value) upTo++;
            wins += (below + upTo) / 2.0;
        }
        return wins / ((double)Count * Count);
    }
}
