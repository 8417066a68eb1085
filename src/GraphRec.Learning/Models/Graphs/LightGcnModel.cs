using System.Numerics.Tensors;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Factors;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// LightGCN (He et al., SIGIR 2020): vectors of items, and of users if wanted, are passed along the graph of who has which item
/// and the mean of the layers scores by scalar products: of the user's with an item's vector, which after the softmax loss is
/// divided by its length, so that a user's items are ranked by cosine. What the layers give a user is Σ their items of a
/// vector per item / √(|Iᵤ| |Uᵢ|), so every user, known or not, is made from the items they are scored with: an event counts
/// at once, and a user of the training data gets what the layers gave them. An item's weight multiplies its term.
/// </summary>
/// <remarks>
/// Users have no learned vectors unless asked for: with them held-out items were found no better (docs/benchmarks.md), half
/// of the products of the layers come on top, and what was learned of a user cannot follow an event.
/// </remarks>
public sealed class LightGcnModel : ITopItemsModel
{
    private static readonly ModelParameter FactorCount = new("factors", 64, 16, 256, "numbers per vector; more find more and take longer") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter Layers = new("layers", 3, 1, 4, "how far vectors are passed along the graph") { Minimum = 1, IsWhole = true, IsFixed = true };
    private static readonly ModelParameter Epochs = new("epochs", 20, 5, 200, "passes over all users (softmax) or over as many pairs as there are (BPR)") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter Batch = new("batch", 1024, 128, 8192, "users (softmax) or pairs (BPR) of one step; at most a sixteenth of all") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter LearningRate = new("learningRate", 0.01, 0.002, 0.05, "length of Adam's first steps; it falls to 0 in a line") { Minimum = 1e-6, IsLogarithmic = true };
    private static readonly ModelParameter Regularization = new("regularization", 0, 0, 1e-4, "keeps learned vectors short: of all (softmax, whose cosines hardly need it), of those drawn (BPR)") { Minimum = 0, IsFixed = true };
    private static readonly ModelParameter Temperature = new("temperature", 0.1, 0.05, 0.4, "τ of the softmax; lower looks more at the items ranked highest") { Minimum = 0.03, IsLogarithmic = true };
    private static readonly ModelParameter NegativePopularity = new("negativePopularity", 0, -0.3, 0.3, "items are compared with in proportion to popularity to the power of this; 0 all alike, more recommends what is popular less (softmax)") { Minimum = -1 };
    private static readonly ModelParameter Candidates = new("candidates", 65536, 1024, 65536, "the most items that a batch is compared with; of more, so many are drawn (softmax)") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter UserVectors = new("userVectors", 0, 0, 1, "1: users have learned vectors beside those of their items; those of the training data are scored with them") { Minimum = 0, IsWhole = true, IsFixed = true };
    private static readonly ModelParameter Pairwise = new("pairwise", 0, 0, 1, "1: the BPR loss of the paper (learningRate 0.001, regularization 1e-4, batch 2048, userVectors 1, 1,000 epochs); 0: softmax") { Minimum = 0, IsWhole = true, IsFixed = true };

    private static readonly ModelParameter Contrast = new("contrast", 0, 0, 0.5, "λ, how much XSimGCL's loss counts that tells nodes apart; 0: none") { Minimum = 0, IsFixed = true };
    private static readonly ModelParameter Noise = new("noise", 0.1, 0, 0.3, "length of the noise that XSimGCL adds to layers, as a share of a vector's; without contrast none") { Minimum = 0, IsFixed = true };

    private static readonly ModelParameter Spectral = new("spectral", 0, 0, 1, "1: item vectors start from the leading singular vectors of the normalised matrix; 0: from random numbers") { Minimum = 0, IsWhole = true, IsFixed = true };

    private readonly int _factors;

    // By item: its vector, and what it adds to a user who has it; of users what was learned, or empty. Rows of _factors.
    private readonly float[] _items;
    private readonly float[] _pulls;
    private readonly float[] _users;

    private LightGcnModel(int factors, float[] items, float[] pulls, float[] users) =>
        (_factors, _items, _pulls, _users) = (factors, items, pulls, users);

    public static ModelKind Definition { get; } = new(
        "lightgcn", "vectors passed along the graph of users and items, fitted by softmax over all items (He et al., SIGIR 2020; Wu et al., TOIS 2024)",
        [FactorCount, Layers, Epochs, Batch, LearningRate, Regularization, Temperature, NegativePopularity, Candidates, UserVectors, Pairwise, Contrast, Noise, Spectral])
    {
        Fit = Fit,
        Load = Load,
        // Unless users have learned vectors, which only those of the training data have.
        IsLinear = true,
        MemoryEstimate = Memory,
    };

    /// <summary>Length of a vector.</summary>
    internal int Factors => _factors;

    /// <summary>What is ranked by, items × <see cref="Factors"/>.</summary>
    internal float[] Items => _items;

    /// <summary>What an item adds to a user who has it, items × <see cref="Factors"/>.</summary>
    internal float[] Pulls => _pulls;

    public string Kind => Definition.Name;

    public int ItemCount => _items.Length / _factors;

    public IScorer NewScorer() => new Scorer(this);

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        FactorTopItems.Run(Fold, _items, _factors, known, users, top, threads, consume, cancel);

        void Fold(ReadOnlySpan<int> block, Span<float> vectors)
        {
            for (var row = 0; row < block.Length; row++) this.Fold(block[row], known.ItemsOf(block[row]), [], vectors.Slice(row * _factors, _factors));
        }
    }

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        // What was learned of a user comes from none of their items.
        if (_users.Length > 0) return false;
        var vector = new float[_factors];
        var factor = Fold(user.Users[0], user.ItemsOf(0), user.WeightsOf(0), vector);
        var target = _items.AsSpan(item * _factors, _factors);
        var items = user.ItemsOf(0);
        var weights = user.WeightsOf(0);
        for (var n = 0; n < items.Length; n++)
            contributions[n] = factor * weights[n] * TensorPrimitives.Dot<float>(_pulls.AsSpan(items[n] * _factors, _factors), target);
        return true;
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("factors", _factors);
        writer.Array<float>("items", _items);
        writer.Array<float>("pulls", _pulls);
        writer.Array<float>("users", _users);
    }

    /// <summary>The model of vectors as fitted.</summary>
    internal static LightGcnModel Of(InteractionMatrix train, LightGcnParameters p, LightGcnFit fit, int threads, CancellationToken cancel)
    {
        var (width, factors) = (fit.Width, p.Factors);
        var items = Packed(fit.Final().Items, width, factors);
        // Layers 0 … K − 1 of the items are what reaches users; the mean of them all is K / (K + 1) of what is wanted.
        var below = NodeValues.Of(train, width);
        new GraphLayers(train, p.Layers - 1, width, threads, cancel).Forward(fit.Learned, p.UserVectors, below);
        var pulls = Packed(below.Items, width, factors);
        for (var item = 0; item < train.Items.Count; item++)
        {
            var degree = train.UsersOf(item).Length;
            var factor = degree == 0 ? 0 : p.Layers / ((p.Layers + 1) * MathF.Sqrt(degree));
            Scale(pulls.AsSpan(item * factors, factors), factor);
            var vector = items.AsSpan(item * factors, factors);
            if (!p.Pairwise && TensorPrimitives.Norm<float>(vector) is var length and > 0) Scale(vector, 1 / length);
        }
        var users = p.UserVectors ? Packed(fit.Learned.Users, width, factors) : [];
        Scale(users, 1f / (p.Layers + 1));
        return new LightGcnModel(factors, items, pulls, users);
    }

    internal static LightGcnModel Fit(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        var p = ParametersOf(recipe);
        var fit = new LightGcnFit(input.Train, p, input.Seed, input.Threads, cancel);
        for (var epoch = 0; epoch < p.Epochs; epoch++) fit.Epoch(input.Progress);
        return Of(input.Train, p, fit, input.Threads, cancel);
    }

    internal static LightGcnParameters ParametersOf(ModelRecipe recipe) => new(
        recipe.Whole(FactorCount), recipe.Whole(Layers), recipe.Whole(Epochs), recipe.Whole(Batch), recipe[LearningRate], recipe[Regularization])
    {
        Pairwise = recipe.Whole(Pairwise) != 0,
        UserVectors = recipe.Whole(UserVectors) != 0,
        Temperature = recipe[Temperature],
        NegativePopularity = recipe[NegativePopularity],
        Candidates = recipe.Whole(Candidates),
        Contrast = recipe[Contrast],
        Noise = recipe[Noise],
        Spectral = recipe.Whole(Spectral) != 0,
    };

    private static LightGcnModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var factors = reader.Number("factors");
        var (items, pulls, users) = (reader.Array<float>("items"), reader.Array<float>("pulls"), reader.Array<float>("users"));
        if (!(factors >= 1) || items.Length % factors != 0 || pulls.Length != items.Length || users.Length % factors != 0)
            throw reader.Bad("has vectors of unequal lengths; train again or copy it again");
        return new LightGcnModel((int)factors, items, pulls, users);
    }

    private static long Memory(ModelRecipe recipe, FitInput input)
    {
        var (users, items) = ((long)input.Train.Users.Count, (long)input.Train.Items.Count);
        var nodes = 4L * GramCholesky.Padded(recipe.Whole(FactorCount)) * (users + items);
        var chances = recipe.Whole(Pairwise) != 0 ? 0 : 4 * Math.Min(recipe.Whole(Batch), 1 + (users / 16)) * Math.Min(recipe.Whole(Candidates), items);
        // Layer 0, two turns of layers, the mean, its gradient, that of layer 0, two of Adam, and four of the loss; two of the contrast.
        return ((recipe[Contrast] > 0 ? 14 : 12) * nodes) + chances;
    }

    /// <summary>Writes the vector of a user of these items; weights empty: all are 1. Gives what an item's pull is multiplied with beside its weight.</summary>
    private float Fold(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> weights, Span<float> vector)
    {
        vector.Clear();
        var total = 0f;
        for (var n = 0; n < items.Length; n++)
        {
            var weight = weights.IsEmpty ? 1 : weights[n];
            total += Math.Abs(weight);
            TensorPrimitives.MultiplyAdd(_pulls.AsSpan(items[n] * _factors, _factors), weight, vector, vector);
        }
        var factor = total > 0 ? 1 / MathF.Sqrt(total) : 0;
        Scale(vector, factor);
        if (user >= 0 && (user + 1L) * _factors <= _users.Length) TensorPrimitives.Add(vector, _users.AsSpan(user * _factors, _factors), vector);
        return factor;
    }

    private static void Scale(Span<float> values, float factor) => TensorPrimitives.Multiply(values, factor, values);

    private static float[] Packed(float[] values, int width, int factors)
    {
        var rows = values.Length / width;
        var packed = new float[rows * factors];
        for (var row = 0; row < rows; row++) values.AsSpan(row * width, factors).CopyTo(packed.AsSpan(row * factors));
        return packed;
    }

    private sealed class Scorer(LightGcnModel model) : IScorer
    {
        // Users who share one pass over the items' vectors.
        private const int Together = 8;

        private readonly float[] _vectors = new float[Together * model._factors];

        public int BlockSize => Together;

        public void Score(in UserBlock users, Span<float> scores)
        {
            var (factors, count) = (model._factors, model.ItemCount);
            for (var first = 0; first < users.Count; first += Together)
            {
                var rows = Math.Min(Together, users.Count - first);
                for (var row = 0; row < rows; row++)
                    model.Fold(users.Users[first + row], users.ItemsOf(first + row), users.WeightsOf(first + row), _vectors.AsSpan(row * factors, factors));
                for (var item = 0; item < count; item++)
                {
                    var vector = model._items.AsSpan(item * factors, factors);
                    for (var row = 0; row < rows; row++)
                        scores[((first + row) * count) + item] = TensorPrimitives.Dot<float>(_vectors.AsSpan(row * factors, factors), vector);
                }
            }
        }
    }
}
