using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;
using GraphRec.Learning.Models.Filters;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// LightGCN with what its short vectors leave out: to the scores of <see cref="LightGcnModel"/> those of the plain three-hop walk are
/// added (P3α, Cooper et al., WWW 2014), as GF-CF (Shen et al., CIKM 2021) adds a linear filter to an ideal low-pass one. Both are
/// linear in the history, so that a score is still the sum of what each item gives to it. Users have no learned vectors.
/// </summary>
public static class LightGcnWalk
{
    private static readonly ModelParameter Walk = new("walk", 6, 1, 20, "what the walk counts for, beside the learned vectors; 0: not at all") { Minimum = 0, IsLogarithmic = true };

    /// <summary>The parameters of <c>lightgcn</c>, and the walk's weight.</summary>
    public static ModelKind Definition { get; } = new(
        "lightgcn-walk", "lightgcn and the three-hop walk of p3alpha as one filter",
        [Walk, .. LightGcnModel.Definition.Parameters.Where(parameter => parameter.Name is not ("userVectors" or "pairwise"))])
    {
        Fit = (recipe, input, cancel) => Of(input.Train, LightGcnModel.Fit(recipe, input, cancel), recipe[Walk]),
        Load = GraphFilterModel.Load,
        IsLinear = true,
        MemoryEstimate = LightGcnModel.Definition.MemoryEstimate,
    };

    /// <summary>The sum of both.</summary>
    /// <param name="train">Where the walk goes.</param>
    /// <param name="vectors">A model whose users are their items alone.</param>
    /// <param name="walk">What the walk counts for, in ten times the mean length of what an item adds to a user.</param>
    internal static GraphFilterModel Of(InteractionMatrix train, LightGcnModel vectors, double walk)
    {
        // A walk gives 1 to all items together, a vector at most its length to each.
        const double walkScale = 10;
        var (pulls, factors) = (vectors.Pulls, vectors.Factors);
        var (length, pairs) = (0.0, 0L);
        for (var item = 0; item < train.Items.Count; item++)
        {
            length += (double)TensorPrimitives.Norm<float>(pulls.AsSpan(item * factors, factors)) * train.UsersOf(item).Length;
            pairs += train.UsersOf(item).Length;
        }
        var items = DegreePowers.Of(train.Items.Count, item => train.UsersOf(item).Length, -1);
        if (pairs > 0) TensorPrimitives.Multiply(items, (float)(walk * walkScale * length / pairs), items);
        var users = DegreePowers.Of(train.Users.Count, user => train.ItemsOf(user).Length, -1);
        var all = DegreePowers.Of(train.Items.Count, item => train.UsersOf(item).Length, 0);
        return new GraphFilterModel(Definition.Name, train, new FilterWeights(items, users, all, factors, pulls, vectors.Items));
    }
}
