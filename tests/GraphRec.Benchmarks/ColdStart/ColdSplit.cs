using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Embeddings;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks.ColdStart;

/// <summary>A graph in which some dramas are without behaviour, and who engaged with them.</summary>
internal sealed class ColdSplit
{
    private const string AmongHidden = "hidden dramas", AmongAll = "all dramas";

    private ColdSplit(EmbeddingGraph graph, InteractionMatrix train, int[] hidden, IReadOnlyList<TestUser> test) =>
        (Graph, Train, Hidden, Test) = (graph, train, hidden, test);

    /// <summary>What is ranked: the hidden dramas, or all that the viewer did not engage with in training.</summary>
    public static IReadOnlyList<string> Pools { get; } = [AmongHidden, AmongAll];

    /// <summary>All facts, and behaviour without the hidden dramas.</summary>
    public EmbeddingGraph Graph { get; }

    /// <summary>Viewers and dramas numbered within their types as in <see cref="Graph"/>.</summary>
    public InteractionMatrix Train { get; }

    /// <summary>Ascending.</summary>
    public int[] Hidden { get; }

    /// <summary>Viewers with hidden dramas and others, and which of the hidden they engaged with.</summary>
    public IReadOnlyList<TestUser> Test { get; }

    public static async Task<GraphExport> ReadAsync(string data)
    {
        await using var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true });
        return await store.Export.ReadAsync();
    }

    /// <summary>
    /// Hides a share of the dramas that somebody engaged with, at random; for validation takes their behaviour away for
    /// good, and hides as many of the rest.
    /// </summary>
    public static ColdSplit Of(GraphExport export, double share, int seed, bool validation)
    {
        var random = new Random(seed);
        var whole = new GraphSnapshot(export);
        var hidden = Drawn(whole.Engaged, share, random);
        if (!validation) return Of(export, whole, hidden);
        var rest = Without(export, whole, hidden);
        whole = new GraphSnapshot(rest);
        return Of(rest, whole, Drawn(whole.Engaged, share, random));
    }

    /// <summary>By the scalar product of the mean of a viewer's dramas with each drama.</summary>
    public UserScores ByVectors(NodeVectors vectors)
    {
        var (type, viewer) = (Graph.TypeNamed("drama"), new float[vectors.Dimensions]);
        var (users, dramas) = (Graph.Types[Graph.TypeNamed("user")].First, Graph.Types[type].First);
        return (user, scores) =>
        {
            viewer.AsSpan().Clear();
            foreach (var drama in Graph.Neighbours(users + user, type)) TensorPrimitives.Add(viewer, vectors[drama], viewer);
            for (var drama = 0; drama < scores.Length; drama++) scores[drama] = TensorPrimitives.Dot<float>(vectors[dramas + drama], viewer);
        };
    }

    public UserScores ByModel(IRankingModel model)
    {
        var (scorer, found) = (model.NewScorer(), new float[model.ItemCount]);
        return (user, scores) =>
        {
            int[] items = [.. Train.ItemsOf(user)];
            scorer.Score(new UserBlock([user], [0, items.Length], items, [.. items.Select(_ => 1f)]), found);
            for (var item = 0; item < scores.Length; item++) scores[item] = found[item];
        };
    }

    /// <summary>
    /// Content k-NN: the sum over the k dramas of the viewer that are most like a drama of their cosine, by people, genres and
    /// tags weighed by ln(dramas / dramas with it).
    /// </summary>
    public UserScores ByNearest(CatalogBatch catalogue, int k)
    {
        // A viewer of each drama alone: the model's score is then the cosine of two dramas.
        int[] each = [.. Enumerable.Range(0, Train.Items.Count)];
        var pairs = InteractionMatrix.Of(Train.Items, Train.Items, each, each);
        var scorer = new ContentModel(pairs, catalogue with { Dramas = [.. catalogue.Dramas.Select(drama => drama with { Country = null })] }).NewScorer();
        var like = new float[]?[Train.Items.Count];
        return (user, scores) =>
        {
            var nearest = new float[k];
            int[] seen = [.. Train.ItemsOf(user)];
            foreach (var item in seen) like[item] ??= Similar(item);
            for (var item = 0; item < scores.Length; item++)
            {
                nearest.AsSpan().Clear();
                foreach (var other in seen)
                {
                    var value = like[other]![item];
                    if (value <= nearest[0]) continue;
                    nearest[0] = value;
                    Array.Sort(nearest);
                }
                scores[item] = nearest.Sum();
            }
        };

        float[] Similar(int item)
        {
            var values = new float[Train.Items.Count];
            scorer.Score(new UserBlock([item], [0, 1], [item], [1]), values);
            return values;
        }
    }

    /// <summary>The sum of both, each brought to a mean of 0 and a deviation of 1 over a viewer's dramas.</summary>
    public UserScores BySum(UserScores first, UserScores second)
    {
        var other = new double[Train.Items.Count];
        return (user, scores) =>
        {
            first(user, scores);
            second(user, other);
            Standardise(scores);
            Standardise(other);
            TensorPrimitives.Add(scores, other, scores);
        };

        static void Standardise(Span<double> values)
        {
            var mean = TensorPrimitives.Sum<double>(values) / values.Length;
            TensorPrimitives.Subtract(values, mean, values);
            var deviation = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(values) / values.Length);
            if (deviation > 0) TensorPrimitives.Divide(values, deviation, values);
        }
    }

    /// <summary>Nobody has watched a hidden drama, so that popularity ties: numbers drawn break the ties, below what has been watched.</summary>
    public UserScores ByChance(int seed)
    {
        var random = new Random(seed);
        return (_, scores) =>
        {
            for (var item = 0; item < scores.Length; item++) scores[item] = Train.UsersOf(item).Length + random.NextDouble();
        };
    }

    /// <summary>Every metric of every viewer who is asked, for each of <see cref="Pools"/>.</summary>
    public IEnumerable<(string Pool, string Metric, string User, double Value)> Measure(UserScores scoresOf)
    {
        var scores = new double[Train.Items.Count];
        int[] all = [.. Enumerable.Range(0, scores.Length)];
        foreach (var viewer in Test)
        {
            scoresOf(viewer.User, scores);
            int[] known = [.. Train.ItemsOf(viewer.User)];
            foreach (var pool in Pools)
            {
                var ranked = pool == AmongHidden ? Hidden : [.. all.Except(known)];
                var values = Array.ConvertAll(ranked, item => scores[item]);
                int[] relevant = [.. viewer.Items.Select(item => Array.BinarySearch(ranked, item))];
                int[] best = [.. Enumerable.Range(0, ranked.Length).OrderByDescending(n => values[n]).Take(10)];
                var user = Train.Users[viewer.User];
                yield return (pool, "ndcg@10", user, new NdcgAtK(10).Of(new JudgedList(best, relevant)));
                yield return (pool, "recall@10", user, new RecallAtK(10).Of(new JudgedList(best, relevant)));
                yield return (pool, "auc", user, Auc.Of(values, relevant));
            }
        }
    }

    private static ColdSplit Of(GraphExport export, GraphSnapshot whole, HashSet<int> hidden)
    {
        var graph = EmbeddingGraph.Of(new GraphSnapshot(Without(export, whole, hidden)));
        var (users, dramas) = (graph.Types[graph.TypeNamed("user")], graph.Types[graph.TypeNamed("drama")]);
        List<int> rows = [], columns = [];
        for (var user = 0; user < users.Ids.Count; user++)
        {
            foreach (var drama in graph.Neighbours(users.First + user, graph.TypeNamed("drama")))
            {
                rows.Add(user);
                columns.Add(drama - dramas.First);
            }
        }
        var train = InteractionMatrix.Of(users.Ids, dramas.Ids, [.. rows], [.. columns]);
        var before = whole.Graph.Nodes(NodeKind.User);
        List<TestUser> test = [];
        for (var user = 0; user < users.Ids.Count; user++)
        {
            int[] found = [.. whole.Engaged.ItemsOf(before.Find(users.Ids[user])).ToArray().Where(hidden.Contains).Order()];
            if (found.Length > 0 && train.ItemsOf(user).Length > 0) test.Add(new TestUser(user, found));
        }
        return new ColdSplit(graph, train, [.. hidden.Order()], test);
    }

    private static HashSet<int> Drawn(Bipartite engaged, double share, Random random)
    {
        int[] watched = [.. Enumerable.Range(0, engaged.ItemCount).Where(item => engaged.UsersOf(item).Length > 0)];
        random.Shuffle(watched);
        return [.. watched.Take((int)(share * watched.Length))];
    }

    private static GraphExport Without(GraphExport export, GraphSnapshot whole, HashSet<int> hidden)
    {
        var ids = hidden.Select(drama => whole.Dramas[drama].Id).ToHashSet(StringComparer.Ordinal);
        return export with { Behaviour = [.. export.Behaviour.Where(edge => edge.Target.Kind != NodeKind.Drama || !ids.Contains(edge.Target.Id))] };
    }
}
