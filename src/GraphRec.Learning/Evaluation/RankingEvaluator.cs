using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Metrics;

namespace GraphRec.Learning.Evaluation;

/// <summary>How good a model is on a split: means over the test users.</summary>
public sealed record EvaluationRow(string Model, double Recall, double Ndcg);

/// <summary>What was measured of one model on the test users of a split.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="PerUser">By metric: the value of each test user, in their order.</param>
/// <param name="OfLists">By metric: the value of all lists together.</param>
/// <param name="Scoring">What ranking took, without the metrics.</param>
public sealed record RankingEvaluation(
    string Model, IReadOnlyDictionary<string, double[]> PerUser, IReadOnlyDictionary<string, double> OfLists, Spent Scoring)
{
    /// <summary>The mean over users of a metric per user, or the value of a metric of lists.</summary>
    public double this[string metric] => PerUser.TryGetValue(metric, out var values) ? Mean(values) : OfLists[metric];

    // Summed in order of users, not of threads, so that the last digit does not depend on them.
    private static double Mean(double[] values) => values.Length == 0 ? 0 : values.Sum() / values.Length;
}

/// <summary>Ranks the items of every test user by a model and measures the lists.</summary>
public static class RankingEvaluator
{
    /// <summary>
    /// Every metric of a set, in one pass over the lists. Items a user engaged with in training are never ranked; ties go to
    /// the lower item number. The same for any number of threads.
    /// </summary>
    /// <exception cref="InvalidInputException">A number is less than 1, or the metrics do not fit the data.</exception>
    public static RankingEvaluation Measure(
        IRankingModel model, Split split, MetricSet metrics, int threads, CancellationToken cancel = default)
    {
        TopLists? ranked = null;
        var scoring = Spent.By(() => ranked = TopLists.Rank(model, split.Train, split.Test, metrics.Length, threads, metrics.Auc, cancel));
        var lists = ranked!;
        var values = metrics.PerUser.Select(_ => new double[lists.Count]).ToArray();
        Parallel.For(0, lists.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, n =>
        {
            var user = split.Test[n];
            var relevant = user.Items as int[] ?? [.. user.Items];
            var grades = metrics.Graded && user.Grades is { } given ? given as float[] ?? [.. given] : [];
            var list = new JudgedList(lists[n], relevant, split.Train.ItemsOf(user.User), grades);
            for (var m = 0; m < values.Length; m++) values[m][n] = metrics.PerUser[m].Of(list);
        });
        var perUser = new Dictionary<string, double[]>();
        for (var m = 0; m < values.Length; m++) perUser.Add(metrics.PerUser[m].Name, values[m]);
        if (lists.Auc is { } auc) perUser.Add("auc", auc);
        Recommendation[] whole = metrics.OfLists.Count == 0
            ? []
            : [.. split.Test.Select((user, n) => new Recommendation(lists[n].ToArray(), split.Train.ItemsOf(user.User).ToArray()))];
        return new RankingEvaluation(model.Name, perUser, metrics.OfLists.ToDictionary(metric => metric.Name, metric => metric.Of(whole)), scoring);
    }

    /// <summary>Mean Recall@k and NDCG@k over the test users of the split, with all cores.</summary>
    /// <exception cref="InvalidInputException">k is less than 1.</exception>
    public static EvaluationRow Evaluate(IRankingModel model, Split split, int k = 20, CancellationToken cancel = default)
    {
        var (recall, ndcg) = (new RecallAtK(k), new NdcgAtK(k));
        var found = Measure(model, split, new MetricSet(k, [recall, ndcg], []), Environment.ProcessorCount, cancel);
        return new EvaluationRow(model.Name, found[recall.Name], found[ndcg.Name]);
    }
}
