using System.Collections.Concurrent;
using System.Numerics.Tensors;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Factors;

/// <summary>
/// Matrix factorisation for Bayesian personalized ranking (Rendle, Freudenthaler, Gantner, Schmidt-Thieme, "BPR: Bayesian
/// personalized ranking from implicit feedback", UAI 2009, §4.3.1): vectors and item biases maximise Σ ln σ(ŷ(u, i) − ŷ(u, j)) over
/// users' items i against drawn items j, less regularisation. A user of the training data keeps the vector fitted for them,
/// whatever items they are scored with; give them as <see cref="UserBlock.Unknown"/> to have new engagements count. Unknown
/// users are folded in by <see cref="BprFolding"/>. A score is no sum over the user's items, so none is explained.
/// </summary>
public sealed class BprModel : ITopItemsModel
{
    private static readonly ModelParameter Factors = new("factors", 63, 15, 255, "numbers per vector beside the bias; one less than a multiple of 16 takes the least time") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter Epochs = new("epochs", 60, 10, 200, "passes of as many steps as there are pairs") { Minimum = 1, IsWhole = true, IsFixed = true };
    private static readonly ModelParameter LearningRate = new("learningRate", 0.2, 0.02, 0.5, "length of the first steps; it falls to 0 in a line") { Minimum = 1e-6, IsLogarithmic = true };
    private static readonly ModelParameter Regularization = new("regularization", 0.01, 0.0005, 0.1, "keeps vectors short") { Minimum = 0, IsLogarithmic = true };
    private static readonly ModelParameter NegativePopularity = new("negativePopularity", 0.5, 0, 1, "items that a user does not have are drawn in proportion to popularity to the power of this; 0 all alike") { Minimum = 0 };
    private static readonly ModelParameter Deviation = new("deviation", 0.1, 0.01, 1, "standard deviation of the random vectors at first, times √factors") { Minimum = 1e-6, IsLogarithmic = true, IsFixed = true };

    private readonly FactorTable _users;
    private readonly FactorTable _items;
    private readonly double _regularization;
    private readonly Lazy<float[]> _vectors;

    private BprModel(FactorTable users, FactorTable items, double regularization) =>
        (_users, _items, _regularization, _vectors) = (users, items, regularization, new Lazy<float[]>(items.ToArray));

    public static ModelKind Definition { get; } = new(
        "bpr", "matrix factorisation for Bayesian personalized ranking (Rendle et al., UAI 2009)",
        [Factors, Epochs, LearningRate, Regularization, NegativePopularity, Deviation])
    {
        Fit = Fit,
        Load = Load,
        MemoryEstimate = (recipe, input) =>
            (4L * GramCholesky.Padded(recipe.Whole(Factors) + 1) * (input.Train.Users.Count + input.Train.Items.Count)) + (8L * input.Train.Count),
    };

    public string Kind => Definition.Name;

    public int ItemCount => _items.Count;

    public IScorer NewScorer() => new Scorer(this);

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        var length = _items.Factors;
        var idle = new ConcurrentBag<Folding>();
        FactorTopItems.Run(Vectors, _vectors.Value, length, known, users, top, threads, consume, cancel);

        void Vectors(ReadOnlySpan<int> block, Span<float> vectors)
        {
            var folding = idle.TryTake(out var taken) ? taken : new Folding(this);
            for (var row = 0; row < block.Length; row++)
            {
                var items = known.ItemsOf(block[row]);
                folding.VectorOf(block[row], items, [])[..length].CopyTo(vectors[(row * length)..]);
            }
            idle.Add(folding);
        }
    }

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions) => false;

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("length", _items.Factors);
        writer.Number("regularization", _regularization);
        writer.Array<float>("users", _users.ToArray());
        writer.Array<float>("items", _items.ToArray());
    }

    private static BprModel Fit(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        var parameters = new BprParameters(
            recipe.Whole(Factors), recipe.Whole(Epochs), recipe[LearningRate], recipe[Regularization], recipe[NegativePopularity], recipe[Deviation]);
        var (users, items) = BprFit.Run(input.Train, parameters, input.Seed, input.Progress, cancel);
        return new BprModel(users, items, parameters.Regularization);
    }

    private static BprModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var (length, regularization) = (reader.Number("length"), reader.Number("regularization"));
        var (users, items) = (reader.Array<float>("users"), reader.Array<float>("items"));
        if (!(length >= 1) || users.Length % length != 0 || items.Length % length != 0) throw reader.Bad("has vectors of unequal lengths; train again or copy it again");
        return new BprModel(FactorTable.Of(users, (int)length), FactorTable.Of(items, (int)length), regularization);
    }

    /// <summary>Finds users' vectors, with buffers of its own.</summary>
    private sealed class Folding(BprModel model)
    {
        private readonly BprFolding _folding = new(model._items, model._regularization);

        /// <summary>The stored vector of a user of the training data, else the one folded in. Weights empty: all are 1.</summary>
        public ReadOnlySpan<float> VectorOf(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
        {
            if (user >= 0 && user < model._users.Count) return model._users[user];
            return _folding.Run(items, weights);
        }
    }

    private sealed class Scorer(BprModel model) : IScorer
    {
        private readonly Folding _folding = new(model);

        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            for (var row = 0; row < users.Count; row++)
            {
                var vector = _folding.VectorOf(users.Users[row], users.ItemsOf(row), users.WeightsOf(row));
                var into = scores.Slice(row * model.ItemCount, model.ItemCount);
                for (var item = 0; item < into.Length; item++) into[item] = TensorPrimitives.Dot<float>(vector, model._items[item]);
            }
        }
    }
}
