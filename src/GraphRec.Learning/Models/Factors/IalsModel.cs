using System.Collections.Concurrent;
using System.Numerics.Tensors;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Factors;

/// <summary>
/// Implicit alternating least squares (Hu, Koren, Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM
/// 2008), in the form of Rendle, Krichene, Zhang, Koren ("Revisiting the performance of iALS on item recommendation
/// benchmarks", RecSys 2022): vectors w of users and h of items minimise
/// <code>Σ observed (w·h − 1)² + α0 Σ all (w·h)² + λ Σ users (|Iᵤ| + α0·|I|)^ν |w|² + λ Σ items (|Uᵢ| + α0·|U|)^ν |h|².</code>
/// Only the items' vectors are kept: every user, known or not, is solved for from their items, exactly as the last half of an
/// epoch would, so that a new engagement counts at once. A user's weight multiplies the observed term of the item; below 0
/// the item is one the user is to be kept from, and its target is −1.
/// </summary>
public sealed class IalsModel : ITopItemsModel
{
    private static readonly ModelParameter Factors = new("factors", 128, 16, 512, "numbers per vector; more find more and take longer") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter Epochs = new("epochs", 6, 2, 16, "rounds of solving for all users, then for all items") { Minimum = 1, IsWhole = true, IsLogarithmic = true, IsFixed = true };
    private static readonly ModelParameter Alpha0 = new("alpha0", 0.01, 0.0005, 1, "weight of an item the user does not have, where one they have weighs 1") { Minimum = 0, IsLogarithmic = true };
    private static readonly ModelParameter Regularization = new("regularization", 0.15, 0.0005, 1, "λ, which keeps vectors short") { Minimum = 1e-9, IsLogarithmic = true };
    private static readonly ModelParameter Nu = new("nu", 0.5, 0, 1, "ν: how much more the vectors of those with many items or users are kept short; 0 all alike, 1 in proportion") { Minimum = 0 };
    private static readonly ModelParameter Deviation = new("deviation", 0.1, 0.01, 1, "standard deviation of the random vectors before the first epoch, times √factors") { Minimum = 1e-6, IsLogarithmic = true, IsFixed = true };

    private readonly IalsSide _items;
    private readonly IalsParameters _parameters;

    // The vectors without alignment, as products of matrices want them; made when first asked for.
    private readonly Lazy<float[]> _vectors;

    // Buffers that nobody uses at the moment.
    private readonly ConcurrentBag<Folding> _idle = [];

    private IalsModel(IalsSide items, IalsParameters parameters) =>
        (_items, _parameters, _vectors) = (items, parameters, new Lazy<float[]>(items.Table.ToArray));

    public static ModelKind Definition { get; } = new(
        "ials", "implicit alternating least squares, solved exactly (Hu et al., ICDM 2008; Rendle et al., RecSys 2022)",
        [Factors, Epochs, Alpha0, Regularization, Nu, Deviation])
    {
        Fit = Fit,
        Load = Load,
        MemoryEstimate = (recipe, input) =>
            4L * GramCholesky.Padded(recipe.Whole(Factors)) * (input.Train.Users.Count + input.Train.Items.Count + (40L * recipe.Whole(Factors))),
    };

    public string Kind => Definition.Name;

    public int ItemCount => _items.Table.Count;

    public IScorer NewScorer() => new Scorer(this);

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        var factors = _items.Table.Factors;
        FactorTopItems.Run(Fold, _vectors.Value, factors, known, users, top, threads, consume, cancel);

        void Fold(ReadOnlySpan<int> block, Span<float> vectors)
        {
            var folding = Rent();
            for (var row = 0; row < block.Length; row++)
                folding.Run(known.ItemsOf(block[row]), [])[..factors].CopyTo(vectors[(row * factors)..]);
            _idle.Add(folding);
        }
    }

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        var folding = Rent();
        folding.Explain(user.ItemsOf(0), user.WeightsOf(0), item, contributions);
        _idle.Add(folding);
        return true;
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("alpha0", _parameters.Alpha0);
        writer.Number("regularization", _parameters.Regularization);
        writer.Number("nu", _parameters.Nu);
        writer.Array<float>("diagonal", _items.Diagonal.AsSpan(0, _items.Table.Factors));
        writer.Array<float>("items", _items.Table.ToArray());
    }

    private static IalsModel Fit(ModelRecipe recipe, FitInput input, CancellationToken cancel)
    {
        var parameters = new IalsParameters(
            recipe.Whole(Factors), recipe.Whole(Epochs), recipe[Alpha0], recipe[Regularization], recipe[Nu], recipe[Deviation]);
        return new IalsModel(IalsFit.Run(input.Train, parameters, input.Seed, input.Threads, input.Progress, cancel), parameters);
    }

    private static IalsModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var parameters = new IalsParameters(0, 0, reader.Number("alpha0"), reader.Number("regularization"), reader.Number("nu"), 0);
        var diagonal = reader.Array<float>("diagonal");
        var values = reader.Array<float>("items");
        if (diagonal.Length == 0 || values.Length % diagonal.Length != 0) throw reader.Bad("has vectors of unequal lengths; train again or copy it again");
        var table = FactorTable.Of(values, diagonal.Length);
        Array.Resize(ref diagonal, table.Stride);
        return new IalsModel(new IalsSide(table, diagonal), parameters);
    }

    private Folding Rent() => _idle.TryTake(out var idle) ? idle : new Folding(this);

    private float LambdaOf(ReadOnlySpan<float> weights) => _parameters.Lambda(TensorPrimitives.SumOfMagnitudes(weights), _items.Table.Count);

    /// <summary>Solves for users, with buffers of its own.</summary>
    private sealed class Folding(IalsModel model)
    {
        private readonly IalsSolver _solver = new(model._items.Table, model._items.Diagonal);
        private readonly float[] _user = new float[model._items.Table.Stride];

        /// <summary>The vector of a user of these items; weights empty: all are 1. Good until the next call.</summary>
        public ReadOnlySpan<float> Run(ReadOnlySpan<int> items, ReadOnlySpan<float> weights)
        {
            _solver.Solve(items, weights, weights.IsEmpty ? model._parameters.Lambda(items.Length, model.ItemCount) : model.LambdaOf(weights), _user);
            return _user;
        }

        public void Explain(ReadOnlySpan<int> items, ReadOnlySpan<float> weights, int item, Span<float> contributions) =>
            _solver.Explain(items, weights, model.LambdaOf(weights), item, contributions);
    }

    private sealed class Scorer(IalsModel model) : IScorer
    {
        // Users who share one pass over the items' vectors.
        private const int Together = 8;

        private readonly Folding _folding = new(model);
        private readonly float[] _users = new float[Together * model._items.Table.Stride];

        public int BlockSize => Together;

        public void Score(in UserBlock users, Span<float> scores)
        {
            var (table, count) = (model._items.Table, model.ItemCount);
            for (var first = 0; first < users.Count; first += Together)
            {
                var rows = Math.Min(Together, users.Count - first);
                for (var row = 0; row < rows; row++)
                    _folding.Run(users.ItemsOf(first + row), users.WeightsOf(first + row)).CopyTo(_users.AsSpan(row * table.Stride));
                for (var item = 0; item < count; item++)
                {
                    var vector = table[item];
                    for (var row = 0; row < rows; row++)
                        scores[((first + row) * count) + item] = TensorPrimitives.Dot(_users.AsSpan(row * table.Stride, table.Stride), vector);
                }
            }
        }
    }
}
