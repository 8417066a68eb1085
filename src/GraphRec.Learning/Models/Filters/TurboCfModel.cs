using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Filters;

/// <summary>
/// Turbo-CF (Park, Shin, Shin, "Turbo-CF: matrix decomposition-free graph filtering for fast recommendation", SIGIR 2024):
/// P = Di^(α−1) Rᵀ Du^(−2α) R Di^(α−1), every entry of it raised to a power, and of the result P̄ the filter P̄ or 2P̄ − P̄².
/// With power 1 and order 1 it is a walk, and <see cref="GraphFilterModel"/> does that without the graph.
/// </summary>
/// <remarks>
/// The graph is kept as rows of the pairs of items that some user has both of, 8 bytes each. Its second order is dense, and
/// kept as that where it fits. Neither is saved: from the training matrix they are made in seconds.
/// </remarks>
internal sealed class TurboCfModel : ITopItemsModel
{
    private static readonly ModelParameter Alpha =
        new("alpha", 0.5, 0.3, 0.8, "users count degree^(−2 · this), items degree^(this − 1)");

    private static readonly ModelParameter PowerOf =
        new("power", 1, 0.5, 1.6, "every entry of the item graph is raised to this") { Minimum = 0.01 };

    private static readonly ModelParameter Order =
        new("order", 1, 1, 2, "1: the linear filter; 2: the second-order one, which keeps items × items numbers")
        {
            Minimum = 1,
            IsWhole = true,
            IsFixed = true,
        };

    private readonly InteractionMatrix _train;
    private readonly ItemGraph _graph;
    private readonly float[] _ones;

    private TurboCfModel(InteractionMatrix train, ItemGraph graph)
    {
        (_train, _graph) = (train, graph);
        // As long as whole vectors reach.
        _ones = new float[train.Items.Count + 31];
        _ones.AsSpan().Fill(1);
    }

    public static ModelKind Definition { get; } = new(
        "turbocf",
        "linear or second-order filter of the item graph, without a decomposition (Park et al., \"Turbo-CF\", SIGIR 2024)",
        [Alpha, PowerOf, Order])
    {
        Fit = Fit,
        Load = Load,
        IsLinear = true,
        MemoryEstimate = (recipe, input) => IsWalk(recipe) ? 0 : ItemGraph.MemoryEstimate(input.Train, recipe.Whole(Order)),
    };

    public string Kind => Definition.Name;

    public int ItemCount => _train.Items.Count;

    public IScorer NewScorer() => new Scorer(_graph);

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        Tasks.ForEach(users.Count, threads, () => (new float[ItemCount + 31], new TopK(top)), (own, task) =>
        {
            var (scores, best) = own;
            var history = known.ItemsOf(users[task]);
            Array.Clear(scores);
            foreach (var item in history) _graph.AddRow(item, 1, scores);
            BestOfRow.Select(ItemCount, history, scores, _ones, best);
            consume(users[task], best.Items, best.Scores);
        }, cancel);
    }

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        var items = user.ItemsOf(0);
        var weights = user.WeightsOf(0);
        for (var n = 0; n < items.Length; n++) contributions[n] = weights[n] * _graph.Entry(items[n], item);
        return true;
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("isWalk", 0);
        writer.Number("alpha", _graph.Alpha);
        writer.Number("power", _graph.Power);
        writer.Number("order", _graph.Order);
        TrainingRows.Write(writer, _train);
    }

    private static bool IsWalk(ModelRecipe recipe) => recipe[PowerOf] == 1 && recipe.Whole(Order) == 1;

    private static IModel Fit(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        if (recipe.Whole(Order) > 2)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"turbocf.order is {recipe.Whole(Order)}; set it to 1 or 2.");
        var (train, alpha) = (input.Train, recipe[Alpha]);
        if (!IsWalk(recipe))
            return new TurboCfModel(train, ItemGraph.Of(train, alpha, recipe[PowerOf], recipe.Whole(Order), input.Threads, cancel));
        var item = DegreePowers.Of(train.Items.Count, n => train.UsersOf(n).Length, alpha - 1);
        var user = DegreePowers.Of(train.Users.Count, n => train.ItemsOf(n).Length, -2 * alpha);
        return new GraphFilterModel(Definition.Name, train, new FilterWeights(item, user, item, 0, [], []));
    }

    private static IModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        if (reader.Number("isWalk") == 1) return GraphFilterModel.LoadEntries(reader);
        var (alpha, power, order) = (reader.Number("alpha"), reader.Number("power"), reader.Number("order"));
        var train = TrainingRows.Read(reader);
        return new TurboCfModel(train, ItemGraph.Of(train, alpha, power, (int)order, Environment.ProcessorCount, CancellationToken.None));
    }

    private sealed class Scorer(ItemGraph graph) : IScorer
    {
        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            for (var row = 0; row < users.Count; row++)
            {
                var own = scores.Slice(row * graph.ItemCount, graph.ItemCount);
                own.Clear();
                var items = users.ItemsOf(row);
                var weights = users.WeightsOf(row);
                for (var n = 0; n < items.Length; n++) graph.AddRow(items[n], weights[n], own);
            }
        }
    }
}
