using System.Numerics.Tensors;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Graphs;

/// <summary>
/// The softmax loss by cosines (Wu, Wang, Gao, Chen, Fu, Qiu, "On the effectiveness of sampled softmax loss for item
/// recommendation", TOIS 2024), over candidates shared by all users of a batch:
/// <code>Σ users Σ their items i of ( ln Σ candidates j of cⱼ exp(cos(u, j) / τ) − cos(u, i) / τ ) / pairs of the batch.</code>
/// With all items as candidates nothing is sampled: the items of a user share one row of exponentials, so that an epoch of
/// Gowalla has 1.2·10⁹ of them, where pairs with 2,048 other pairs of a batch as negatives need 1.7·10⁹. Not for concurrent use.
/// </summary>
/// <param name="train">Who has which item.</param>
/// <param name="width">Length of the vectors.</param>
/// <param name="temperature">τ, above 0.</param>
internal sealed class SoftmaxLoss(InteractionMatrix train, int width, double temperature)
{
    private readonly CosineSoftmax _softmax = new(width, temperature);
    private readonly UnitRows _owned = new(width);
    private readonly int[] _placeOf = new int[train.Items.Count];

    /// <summary>The loss of a batch; its gradient is added to what <paramref name="gradient"/> holds.</summary>
    /// <param name="users">The batch, each user once and with an item.</param>
    /// <param name="candidates">Which items are compared with, each once.</param>
    /// <param name="logWeights">ln c of each candidate, none above 0.</param>
    /// <param name="values">The vectors of all users and items.</param>
    /// <param name="gradient">Of the vectors.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at often.</param>
    public double Add(
        int[] users, int[] candidates, float[] logWeights, NodeValues values, NodeValues gradient, int threads, CancellationToken cancel)
    {
        var pairs = users.Sum(user => (long)train.ItemsOf(user).Length);
        float[] weights = [.. users.Select(user => (float)((double)train.ItemsOf(user).Length / pairs))];
        _softmax.Anchors.Take(values.Users, users, threads, cancel);
        _softmax.Candidates.Take(values.Items, candidates, threads, cancel);
        var losses = new double[users.Length];
        _softmax.Run(logWeights, weights, losses, threads, cancel);
        _softmax.AddSlopes(_softmax.Candidates, gradient.Items, threads, cancel);
        var owned = Owned(users);
        _owned.Take(values.Items, owned, threads, cancel);
        for (var n = 0; n < owned.Length; n++) _owned.Slope(n).Clear();
        for (var row = 0; row < users.Length; row++) losses[row] -= Positives(row, users[row], 1f / pairs);
        _softmax.AddSlopes(_softmax.Anchors, gradient.Users, threads, cancel);
        _softmax.AddSlopes(_owned, gradient.Items, threads, cancel);
        return losses.Sum();
    }

    /// <summary>The items that the users have, and where each stands among them.</summary>
    private int[] Owned(int[] users)
    {
        _placeOf.AsSpan().Fill(-1);
        List<int> owned = [];
        foreach (var user in users)
        {
            foreach (var item in train.ItemsOf(user))
            {
                if (_placeOf[item] >= 0) continue;
                _placeOf[item] = owned.Count;
                owned.Add(item);
            }
        }
        return [.. owned];
    }

    /// <summary>The user's own items pull.</summary>
    private double Positives(int row, int user, float share)
    {
        var vector = _softmax.Anchors[row];
        var slope = _softmax.Anchors.Slope(row);
        var sum = 0.0;
        foreach (var item in train.ItemsOf(user))
        {
            var place = _placeOf[item];
            sum += TensorPrimitives.Dot<float>(vector, _owned[place]);
            TensorPrimitives.MultiplyAdd(_owned[place], -share, slope, slope);
            TensorPrimitives.MultiplyAdd(vector, -share, _owned.Slope(place), _owned.Slope(place));
        }
        return share * _softmax.Inverse * sum;
    }
}
