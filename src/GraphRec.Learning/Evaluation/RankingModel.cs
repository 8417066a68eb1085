using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Evaluation;

/// <summary>A fitted model that scores every item for a user of the matrix it was fitted on.</summary>
public interface IRankingModel
{
    /// <summary>How reports name it.</summary>
    string Name { get; }

    /// <summary>
    /// Writes the score of every item, the higher the better, in the matrix's numbering; items the user knows included.
    /// Safe to call from several threads.
    /// </summary>
    void Score(int user, Span<double> scores);
}

/// <summary>How good a model is on a split: means over the test users.</summary>
public sealed record EvaluationRow(string Model, double Recall, double Ndcg);

/// <summary>Ranks the items of every test user by a model and measures the lists.</summary>
public static class RankingEvaluator
{
    /// <summary>
    /// Mean Recall@k and NDCG@k over the test users of the split. Items a user engaged with in training are never ranked;
    /// ties go to the lower item number.
    /// </summary>
    /// <exception cref="InvalidInputException">k is less than 1.</exception>
    public static EvaluationRow Evaluate(IRankingModel model, Split split, int k = 20, CancellationToken cancel = default)
    {
        var values = PerUser(model, split, [new RecallAtK(k), new NdcgAtK(k)], k, cancel);
        // Summed in order of users, not of threads, so that the last digit does not depend on them.
        return new EvaluationRow(model.Name, values[0].DefaultIfEmpty().Average(), values[1].DefaultIfEmpty().Average());
    }

    /// <summary>
    /// The value of each metric for each test user, in the order of both; the lists have <paramref name="length"/> items, which
    /// must reach the largest cut of the metrics. Ranked as in <see cref="Evaluate"/>.
    /// </summary>
    public static double[][] PerUser(
        IRankingModel model, Split split, IReadOnlyList<IUserMetric> metrics, int length, CancellationToken cancel = default)
    {
        var values = metrics.Select(_ => new double[split.Test.Count]).ToArray();
        var parallel = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, split.Test.Count, parallel, () => new double[split.Train.Items.Count], (n, _, scores) =>
        {
            var (user, relevant) = (split.Test[n].User, split.Test[n].Items.ToArray());
            model.Score(user, scores);
            var known = split.Train.ItemsOf(user);
            var list = new JudgedList(TopK(scores, known, length), relevant, known);
            for (var m = 0; m < values.Length; m++) values[m][n] = metrics[m].Of(list);
            return scores;
        }, _ => { });
        return values;
    }

    /// <summary>The <paramref name="k"/> best items, best first, without the masked ones (ascending); ties by lower number.</summary>
    public static int[] TopK(ReadOnlySpan<double> scores, ReadOnlySpan<int> masked, int k)
    {
        var best = new PriorityQueue<int, (double Score, int NegativeItem)>(k + 1);
        var mask = 0;
        for (var item = 0; item < scores.Length; item++)
        {
            while (mask < masked.Length && masked[mask] < item) mask++;
            if (mask < masked.Length && masked[mask] == item) continue;
            if (best.Count < k) best.Enqueue(item, (scores[item], -item));
            else best.EnqueueDequeue(item, (scores[item], -item));
        }
        var ranked = new int[best.Count];
        for (var place = ranked.Length - 1; place >= 0; place--) ranked[place] = best.Dequeue();
        return ranked;
    }
}
