using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models.Factors;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>A user, an item of theirs and one that is not.</summary>
internal readonly record struct Triple(int User, int Item, int Other);

/// <summary>
/// The loss of Bayesian personalized ranking (Rendle et al., UAI 2009) as LightGCN uses it (He et al., SIGIR 2020, equation
/// 15): mean over drawn triples of −ln σ(u·i − u·j).
/// </summary>
internal static class BprLoss
{
    /// <summary>Draws pairs, each with an item drawn until it is none of the user's (at most 64 times), all items alike.</summary>
    public static void Draw(InteractionMatrix train, int[] userOf, SimulationRandom random, Span<Triple> triples)
    {
        for (var n = 0; n < triples.Length; n++)
        {
            var user = userOf[random.Below(userOf.Length)];
            var items = train.ItemsOf(user);
            var (item, other) = (items[random.Below(items.Length)], random.Below(train.Items.Count));
            for (var tries = 0; tries < 64 && items.BinarySearch(other) >= 0; tries++) other = random.Below(train.Items.Count);
            triples[n] = new Triple(user, item, other);
        }
    }

    /// <summary>The loss; its gradient is added to what <paramref name="gradient"/> holds, in the order of the triples.</summary>
    public static double Add(ReadOnlySpan<Triple> triples, int width, NodeValues values, NodeValues gradient)
    {
        var loss = 0.0;
        var share = 1f / triples.Length;
        Span<float> difference = new float[width];
        foreach (var (user, item, other) in triples)
        {
            var vector = Row(values.Users, user);
            TensorPrimitives.Subtract(Row(values.Items, item), Row(values.Items, other), difference);
            var score = TensorPrimitives.Dot<float>(vector, difference);
            // ln(1 + e^−x) without overflow.
            loss += share * (Math.Max(-score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score))));
            var pull = share / (1 + MathF.Exp(score));
            AddTo(Row(gradient.Users, user), difference, -pull);
            AddTo(Row(gradient.Items, item), vector, -pull);
            AddTo(Row(gradient.Items, other), vector, pull);
        }
        return loss;

        Span<float> Row(float[] rows, int row) => rows.AsSpan(row * width, width);
    }

    /// <summary>
    /// Adds the gradient of regularization / 2 · mean over triples of |u|² + |i|² + |j|² of the learned vectors: those of a batch
    /// only, as the paper's code does. Kept short at every step, vectors with next to no gradient would be worn down by Adam.
    /// </summary>
    public static void Regularize(
        ReadOnlySpan<Triple> triples, int width, bool hasUsers, NodeValues learned, NodeValues gradient, double regularization)
    {
        var share = (float)(regularization / triples.Length);
        foreach (var (user, item, other) in triples)
        {
            if (hasUsers) Add(learned.Users, gradient.Users, user);
            Add(learned.Items, gradient.Items, item);
            Add(learned.Items, gradient.Items, other);
        }

        void Add(float[] rows, float[] slopes, int row) => AddTo(slopes.AsSpan(row * width, width), rows.AsSpan(row * width, width), share);
    }

    private static void AddTo(Span<float> sum, ReadOnlySpan<float> values, float factor) => TensorPrimitives.MultiplyAdd(values, factor, sum, sum);
}
