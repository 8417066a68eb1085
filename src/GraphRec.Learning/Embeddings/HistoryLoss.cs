using System.Numerics.Tensors;
using GraphRec.Learning.Models.Graphs;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// How well items are ranked by a history h, which is the sum of the directions of a user's items:
/// <code>Σ users Σ their items i of ( ln Σ candidates j of exp(cos(h, j) / τ) − cos(h without i, i) / τ ) / pairs,</code>
/// the softmax loss of <see cref="SoftmaxLoss"/> with users that are nothing but their items. Items that are hidden are in no history:
/// ranking them is ranking what nobody has watched. One number of an item's vector is for its length alone: histories have 0 there,
/// so that with c in it a cosine is h·v / (|h| √(|v|² + c²)). Not for concurrent use.
/// </summary>
/// <param name="graph">Who has which item.</param>
/// <param name="items">The type of items.</param>
/// <param name="width">Length of the vectors.</param>
/// <param name="lengthAt">The place of that number.</param>
/// <param name="temperature">τ, above 0.</param>
internal sealed class HistoryLoss(EmbeddingGraph graph, int items, int width, int lengthAt, double temperature)
{
    private readonly CosineSoftmax _softmax = new(width, temperature);
    private readonly UnitRows _units = new(width);
    private readonly int[] _all = [.. Enumerable.Range(graph.Types[items].First, graph.Types[items].Ids.Count)];
    private readonly int _first = graph.Types[items].First;
    private readonly float[] _rest = new float[width];

    /// <summary>The loss over the users' hidden items, or over the others, times a weight; 0 when there is no such pair.</summary>
    /// <param name="batch">Numbers of users as nodes, each once.</param>
    /// <param name="candidates">Numbers of items as nodes, each once: those that are ranked, and no others are learned from.</param>
    /// <param name="hidden">By node.</param>
    /// <param name="ofHidden">Whether the users' hidden items are to be ranked; otherwise the others.</param>
    /// <param name="weight">What multiplies the loss.</param>
    /// <param name="values">The vectors of all nodes.</param>
    /// <param name="gradient">Of the vectors; the loss's is added to what it holds.</param>
    /// <param name="threads">How many, from 1; the result is bit-identical for any number.</param>
    /// <param name="cancel">Looked at often.</param>
    public double Add(
        int[] batch, int[] candidates, bool[] hidden, bool ofHidden, double weight, float[] values, float[] gradient, int threads, CancellationToken cancel)
    {
        int[] asked = [.. batch.Where(user => Count(user, hidden, false) > 0 && Count(user, hidden, ofHidden) > 0)];
        var pairs = asked.Sum(user => Count(user, hidden, ofHidden));
        if (pairs == 0) return 0;
        var share = (float)(weight / pairs);
        _units.Take(values, _all, threads, cancel);
        for (var n = 0; n < _all.Length; n++) _units.Slope(n).Clear();
        var (histories, slopes) = (new float[asked.Length * width], new float[asked.Length * width]);
        for (var row = 0; row < asked.Length; row++) AddHistory(asked[row], hidden, histories.AsSpan(row * width, width));
        _softmax.Anchors.Take(histories, [.. Enumerable.Range(0, asked.Length)], threads, cancel);
        _softmax.Candidates.Take(values, candidates, threads, cancel);
        var losses = new double[asked.Length];
        _softmax.Run([], [.. asked.Select(user => share * Count(user, hidden, ofHidden))], losses, threads, cancel);
        _softmax.AddSlopes(_softmax.Candidates, gradient, threads, cancel);
        _softmax.AddSlopes(_softmax.Anchors, slopes, threads, cancel);
        for (var row = 0; row < asked.Length; row++) slopes[(row * width) + lengthAt] = 0;
        // One thread: users share items, whose slopes are sums in the order of users.
        for (var row = 0; row < asked.Length; row++)
        {
            var slope = slopes.AsSpan(row * width, width);
            losses[row] -= Positives(asked[row], hidden, ofHidden, share * _softmax.Inverse, histories.AsSpan(row * width, width), slope);
            foreach (var item in graph.Neighbours(asked[row], items))
            {
                if (!hidden[item]) TensorPrimitives.Add(_units.Slope(item - _first), slope, _units.Slope(item - _first));
            }
        }
        _units.AddSlopes(1, gradient, threads, cancel);
        return losses.Sum();
    }

    /// <summary>The sum of the directions of what a user has and is not hidden, added to what <paramref name="into"/> holds.</summary>
    private void AddHistory(int user, bool[] hidden, Span<float> into)
    {
        foreach (var item in graph.Neighbours(user, items))
        {
            if (!hidden[item]) TensorPrimitives.Add(into, _units[item - _first], into);
        }
        into[lengthAt] = 0;
    }

    /// <summary>The user's items pull; gives what that takes from the loss.</summary>
    private double Positives(int user, bool[] hidden, bool ofHidden, float share, ReadOnlySpan<float> history, Span<float> historySlope)
    {
        // A user of a single item keeps it.
        var part = ofHidden || Count(user, hidden, false) == 1 ? 0 : 1;
        var (rest, sum) = (_rest, 0.0);
        foreach (var item in graph.Neighbours(user, items))
        {
            if (hidden[item] != ofHidden) continue;
            var own = _units[item - _first];
            var ownSlope = _units.Slope(item - _first);
            TensorPrimitives.MultiplyAdd(own, -part, history, rest);
            rest[lengthAt] = 0;
            var length = UnitRows.Length(rest);
            TensorPrimitives.Divide(rest, length, rest);
            var cosine = TensorPrimitives.Dot<float>(rest, own);
            TensorPrimitives.MultiplyAdd(rest, -share, ownSlope, ownSlope);
            // By the rest: (v − cos · r̂) / |r|; the item is taken from the history, so that its own slope has it with the other sign.
            TensorPrimitives.MultiplyAdd(rest, -cosine, own, rest);
            rest[lengthAt] = 0;
            TensorPrimitives.MultiplyAdd(rest, -share / length, historySlope, historySlope);
            TensorPrimitives.MultiplyAdd(rest, part * share / length, ownSlope, ownSlope);
            sum += cosine;
        }
        return share * sum;
    }

    private int Count(int user, bool[] hidden, bool ofHidden)
    {
        var count = 0;
        foreach (var item in graph.Neighbours(user, items)) count += hidden[item] == ofHidden ? 1 : 0;
        return count;
    }
}
