using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Filters;

/// <summary>
/// What a closed-form graph filter comes down to: a history's scores are
/// (h · diag(Seed) · Rᵀ · diag(Users) · R + h · SeedFactors · ItemFactorsᵀ) · diag(Destination),
/// a walk of three hops over the training matrix R, which is the part linear in the item graph, and a product of low rank,
/// which is what a filter does to the graph's leading eigenvectors beyond that.
/// </summary>
/// <param name="Seed">A factor per item of the history: popular items say less.</param>
/// <param name="Users">A factor ≥ 0 per user on the way: users of many items say less.</param>
/// <param name="Destination">A factor ≥ 0 per item that is scored; 0 for items without users.</param>
/// <param name="Rank">Columns of the factors.</param>
/// <param name="SeedFactors">items × rank.</param>
/// <param name="ItemFactors">items × rank, before <paramref name="Destination"/>.</param>
internal sealed record FilterWeights(float[] Seed, float[] Users, float[] Destination, int Rank, float[] SeedFactors, float[] ItemFactors);

/// <summary>
/// A closed-form graph filter: linear in the user's history, so that any history is scored without fitting, and so that a
/// score is the sum of what each item of the history gives to it.
/// </summary>
internal sealed class GraphFilterModel : ITopItemsModel
{
    private readonly InteractionMatrix _train;
    private readonly FilterWeights _weights;
    private readonly Lazy<HistoryWalk> _walk;
    private readonly Lazy<Func<IScorer>> _scorers;

    public GraphFilterModel(string kind, InteractionMatrix train, FilterWeights weights)
    {
        (Kind, _train, _weights) = (kind, train, weights);
        _walk = new(() => new HistoryWalk(train, weights.Seed, weights.Users));
        _scorers = new(() =>
        {
            if (!Vector512.IsHardwareAccelerated) return Scorers<Tile256>();
            return Scorers<Tile512>();
        });
    }

    public string Kind { get; }

    public int ItemCount => _weights.Seed.Length;

    public IScorer NewScorer() => _scorers.Value();

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        // By falling length of history: blocks of like cost, and the longest ones not at the end.
        var order = users.OrderByDescending(user => known.ItemsOf(user).Length).ToArray();
        var size = NewScorer().BlockSize;
        Tasks.ForEach(
            (order.Length + size - 1) / size,
            threads,
            () => ((IFilterScorer)NewScorer(), new TopK(top)),
            (own, task) => own.Item1.TopItems(known, order.AsSpan(task * size, Math.Min(size, order.Length - (task * size))), own.Item2, consume),
            cancel);
    }

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        var history = user.ItemsOf(0);
        var weights = user.WeightsOf(0);
        var rank = _weights.Rank;
        for (var n = 0; n < history.Length; n++)
        {
            var from = history[n];
            var factors = TensorPrimitives.Dot<float>(_weights.SeedFactors.AsSpan(from * rank, rank), _weights.ItemFactors.AsSpan(item * rank, rank));
            contributions[n] = weights[n] * ((_weights.Seed[from] * CommonWeight(from, item)) + factors) * _weights.Destination[item];
        }
        return true;
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        // One kind has another form besides, which the first entry tells apart.
        if (Kind == TurboCfModel.Definition.Name) writer.Number("isWalk", 1);
        TrainingRows.Write(writer, _train);
        writer.Array<float>("seed", _weights.Seed);
        writer.Array<float>("users", _weights.Users);
        writer.Array<float>("destination", _weights.Destination);
        writer.Number("rank", _weights.Rank);
        writer.Array<float>("seedFactors", _weights.SeedFactors);
        writer.Array<float>("itemFactors", _weights.ItemFactors);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static GraphFilterModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        return LoadEntries(reader);
    }

    /// <summary>The same, when the version is known already.</summary>
    public static GraphFilterModel LoadEntries(ModelReader reader)
    {
        var train = TrainingRows.Read(reader);
        var (seed, users, destination) = (reader.Array<float>("seed"), reader.Array<float>("users"), reader.Array<float>("destination"));
        var rank = reader.Number("rank");
        var (seedFactors, itemFactors) = (reader.Array<float>("seedFactors"), reader.Array<float>("itemFactors"));
        var fits = users.Length == train.Users.Count && seed.Length == train.Items.Count && destination.Length == seed.Length
            && seedFactors.Length == seed.Length * rank && itemFactors.Length == seedFactors.Length;
        if (!fits) throw reader.Bad("is damaged (its arrays do not fit one another); train again or copy it again");
        return new GraphFilterModel(reader.Kind, train, new FilterWeights(seed, users, destination, (int)rank, seedFactors, itemFactors));
    }

    /// <summary>Σ of the users' factors over the users of both items.</summary>
    private float CommonWeight(int a, int b)
    {
        var left = _train.UsersOf(a);
        var right = _train.UsersOf(b);
        var sum = 0f;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (l, r) = (left[i], right[j]);
            if (l == r) sum += _weights.Users[l];
            if (l <= r) i++;
            if (r <= l) j++;
        }
        return sum;
    }

    private Func<IScorer> Scorers<TTile>() where TTile : struct, ITile
    {
        var panels = _weights.Rank == 0 ? null : new ItemPanels<TTile>(_weights.ItemFactors, _weights.Rank, threads: 1, CancellationToken.None);
        return () => new FilterScorer<TTile>(_weights, _walk.Value, panels);
    }
}
