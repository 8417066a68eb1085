using System.Buffers;
using GraphRec.Core;

namespace GraphRec.Ranking.Explanations;

/// <summary>Scores rows, as <see cref="Onnx.OnnxRanker.Score"/> does.</summary>
/// <param name="rows">Row-major.</param>
/// <param name="count">How many rows.</param>
/// <param name="scores">Receives one score per row.</param>
public delegate void ScoreRows(ReadOnlyMemory<float> rows, int count, Span<float> scores);

/// <summary>
/// Shapley values of groups of features for any ranker: how much a row's score moves when a group's values take the place of the background's,
/// on average over the orders in which groups can. Orders are drawn in antithetic pairs, each with its reverse (Mitchell, Cooper, Frank, Holmes,
/// "Sampling permutations for Shapley value estimation", JMLR 2022), from one seed, the same for every row. Immutable, for concurrent use.
/// </summary>
public sealed class GroupShapley
{
    private readonly int[] _groupOf;
    private readonly float[] _background;
    private readonly int[][] _orders;

    /// <param name="groupOf">The group of each feature, from 0; every number up to the largest is used.</param>
    /// <param name="background">One value per feature, against which is compared: the means of training.</param>
    /// <param name="pairs">How many pairs of orders are drawn, from 1.</param>
    /// <param name="seed">Of the orders.</param>
    /// <exception cref="InvalidInputException">There is no feature, or there are not as many background values as features.</exception>
    public GroupShapley(IReadOnlyList<int> groupOf, IReadOnlyList<float> background, int pairs, int seed)
    {
        if (groupOf.Count == 0 || background.Count != groupOf.Count)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"there are {groupOf.Count} features and {background.Count} background values; give one of each per feature.");
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs, 1);
        (_groupOf, _background) = ([.. groupOf], [.. background]);
        Groups = groupOf.Max() + 1;
        var random = new Random(seed);
        _orders = new int[2 * pairs][];
        for (var n = 0; n < pairs; n++)
        {
            int[] order = [.. Enumerable.Range(0, Groups)];
            random.Shuffle(order);
            _orders[2 * n] = order;
            _orders[(2 * n) + 1] = [.. order.Reverse()];
        }
    }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; }

    /// <summary>How many rows one explanation scores, in one batch.</summary>
    public int Evaluations => 2 + (_orders.Length * (Groups - 1));

    /// <summary>The contribution of every group to the score of one row; with the score of the background, which is returned, they sum to it within 1e-9.</summary>
    /// <param name="ranker">What scores.</param>
    /// <param name="row">One finite value per feature.</param>
    /// <param name="score">The row's score as served; where a batch rounds it differently, the largest contribution takes the rest.</param>
    /// <param name="contributions">Receives <see cref="Groups"/> values.</param>
    /// <exception cref="ArgumentException">The score is not that of the row by this ranker.</exception>
    public double Explain(ScoreRows ranker, ReadOnlySpan<float> row, float score, Span<double> contributions)
    {
        var features = _groupOf.Length;
        var rows = ArrayPool<float>.Shared.Rent(Evaluations * features);
        var scores = ArrayPool<float>.Shared.Rent(Evaluations);
        try
        {
            // The first is the background, the last the row itself, and between them an order's groups come in one by one.
            _background.CopyTo(rows, 0);
            row.CopyTo(rows.AsSpan((Evaluations - 1) * features));
            var at = 1;
            foreach (var order in _orders)
            {
                ReadOnlySpan<float> before = _background;
                for (var n = 0; n + 1 < order.Length; n++, at++)
                {
                    var mixed = rows.AsSpan(at * features, features);
                    for (var f = 0; f < features; f++) mixed[f] = _groupOf[f] == order[n] ? row[f] : before[f];
                    before = mixed;
                }
            }
            ranker(rows, Evaluations, scores);
            contributions[..Groups].Clear();
            at = 1;
            foreach (var order in _orders)
            {
                double before = scores[0];
                for (var n = 0; n < order.Length; n++)
                {
                    double after = n + 1 < order.Length ? scores[at++] : scores[Evaluations - 1];
                    contributions[order[n]] += (after - before) / _orders.Length;
                    before = after;
                }
            }
            TreeShap.GiveRest(contributions[..Groups], scores[0], score);
            return scores[0];
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rows);
            ArrayPool<float>.Shared.Return(scores);
        }
    }
}
