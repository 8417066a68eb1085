using GraphRec.Core;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;
using GraphRec.Learning.Training;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Recommend;

namespace GraphRec.Learning.Ranking;

/// <summary>What a ranker is trained on.</summary>
/// <param name="Catalogue">The stored graph; its behaviour is not read.</param>
/// <param name="Events">What viewers did, by time.</param>
/// <param name="Pages">What was shown, with features; may be empty.</param>
/// <param name="Model">The model of the collaborative source, which is fitted anew on what lies before each cut.</param>
public sealed record RankerData(GraphExport Catalogue, IReadOnlyList<ViewerEvent> Events, IReadOnlyList<PageImpression> Pages, ModelRecipe Model);

/// <summary>How a ranker is trained.</summary>
/// <param name="Kind">One of <see cref="RankerTrainer.Kinds"/>.</param>
public sealed record RankerPlan(string Kind)
{
    /// <summary>The recipe that serves.</summary>
    public Recipe Recipe { get; init; } = Recipe.Default;

    /// <summary>Of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>From 1; changes no result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Whether a version got a ranker, and why.</summary>
/// <param name="Kind">What was trained.</param>
/// <param name="Included">Whether it is served.</param>
/// <param name="Reason">Why, in a sentence for people.</param>
/// <param name="Comparison">Against the linear ranker: NDCG@10 of lists as served; null where it could not be measured.</param>
public sealed record RankerVerdict(string Kind, bool Included, string Reason, GateComparison? Comparison)
{
    /// <summary>NDCG@10 of the ranker.</summary>
    public double? Ndcg => Comparison is null ? null : Comparison.Ndcg + Comparison.Difference;

    /// <summary>How many lists it was fitted on in the end, and how many of them were pages that were shown.</summary>
    public int Lists { get; init; }

    /// <inheritdoc cref="Lists"/>
    public int ShownPages { get; init; }
}

/// <summary>
/// Trains a ranker: on what came before a cut, to be compared as served with the linear ranker on what came after it; and, if it wins,
/// anew on everything. It learns from pages that were shown, and from cuts of behaviour where few were.
/// </summary>
public static class RankerTrainer
{
    /// <summary>What can be trained.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["lambdamart", "mlp"];

    /// <summary>The metric that decides.</summary>
    public const string Metric = "ndcg@10";

    /// <summary>With fewer viewers in the test of one cut, each viewer's own last engagements are the test (MovieLens: 25 viewers against 608).</summary>
    private const int FewViewers = 200;

    /// <summary>One list in so many decides how many trees, or epochs, are kept.</summary>
    private const int ValidationShare = 5;

    /// <summary>Of behaviour, and of pages, each.</summary>
    private const int MostLists = 4000;

    /// <summary>
    /// What training holds at most, in bytes: lists of 500 candidates, up to 1.8 for a viewer (3,485 of 1,920 simulated viewers), as made and as
    /// fitted, those of the comparison that are not collected yet, and the trees' bins. Measured with these viewers: 3.5 GB resident.
    /// </summary>
    /// <param name="viewers">How many viewers there are.</param>
    public static long Bytes(int viewers) =>
        300_000_000 + ((long)Math.Min(MostLists, 1.8 * viewers) * Recipe.Default.Candidates * new FeatureSet(SourceNames.All).Count * sizeof(float) * 6);

    /// <summary>Trains and compares; where the ranker wins it is fitted on everything and written.</summary>
    /// <param name="data">On what.</param>
    /// <param name="plan">How.</param>
    /// <param name="path">Where the ONNX file is written; nothing is where the linear ranker stays.</param>
    /// <param name="stage">Told what is being done, and which share of the whole is done.</param>
    /// <param name="cancel">Stops.</param>
    public static RankerVerdict Run(RankerData data, RankerPlan plan, string path, Action<string, double>? stage, CancellationToken cancel)
    {
        var features = new FeatureSet(SourceNames.All);
        try
        {
            stage?.Invoke("lists before the cut", 0);
            var held = HeldOutOf(data);
            var (lists, _) = ListsOf(data with { Events = held.Split.TrainEvents, Pages = [.. data.Pages.Where(page => page.At < held.Moment(page.UserId))] }, plan, features, cancel);
            stage?.Invoke("fitting", 0.25);
            Fit(lists, plan, features, path, cancel);
            stage?.Invoke("comparing", 0.4);
            var comparison = Compare(held, data, plan, path, cancel);
            if (comparison.Verdict != "better") return Refused(plan, path, $"It is not better than the linear ranker: {Text(comparison)}.", comparison);
            stage?.Invoke("lists of everything", 0.6);
            (lists, var shown) = ListsOf(data, plan, features, cancel);
            stage?.Invoke("fitting on everything", 0.85);
            Fit(lists, plan, features, path, cancel);
            return new RankerVerdict(plan.Kind, true, $"It is better than the linear ranker: {Text(comparison)}.", comparison) { Lists = lists.Count, ShownPages = shown };
        }
        catch (InvalidInputException e)
        {
            return Refused(plan, path, $"It could not be trained: {e.Message}", null);
        }
    }

    private static RankerVerdict Refused(RankerPlan plan, string path, string reason, GateComparison? comparison)
    {
        File.Delete(path);
        return new RankerVerdict(plan.Kind, false, reason, comparison);
    }

    private static HeldOut HeldOutOf(RankerData data)
    {
        var byTime = new HeldOut("test", data.Catalogue, data.Events, perViewer: false);
        return byTime.Split.Test.Count >= FewViewers ? byTime : new HeldOut("test", data.Catalogue, data.Events, perViewer: true);
    }

    private static (IReadOnlyList<LabelledList> Lists, int ShownPages) ListsOf(RankerData data, RankerPlan plan, FeatureSet features, CancellationToken cancel)
    {
        var cuts = new BehaviourCuts(plan.Recipe, data.Model) { Seed = plan.Seed, Threads = plan.Threads };
        var judged = JudgedPages.Of(data.Pages, data.Events, features.Fingerprint);
        var shown = ImpressionLists.Of(judged, PositionBias.Of(judged));
        return ([.. Some(RankerTraining.Lists(data.Catalogue, data.Events, cuts, null, cancel)), .. Some(shown)], Math.Min(shown.Count, MostLists));
    }

    /// <summary>Spread over all of them: more teach little, and would not fit into memory one day.</summary>
    private static IEnumerable<LabelledList> Some(IReadOnlyList<LabelledList> lists) =>
        lists.Count <= MostLists ? lists : Enumerable.Range(0, MostLists).Select(n => lists[(int)((long)n * lists.Count / MostLists)]);

    private static void Fit(IReadOnlyList<LabelledList> lists, RankerPlan plan, FeatureSet features, string path, CancellationToken cancel)
    {
        string[] names = [.. features.Features.Select(feature => feature.Name)];
        var train = RankingLists.Of(names, lists, n => n % ValidationShare != 0);
        var validation = RankingLists.Of(names, lists, n => n % ValidationShare == 0);
        // LightGBM's threads wait by spinning: on a machine that does something else, two took eight times the processor time of one.
        if (plan.Kind == "lambdamart") RankerExport.Write(path, LambdaMart.Fit(train, validation, new LambdaMartParameters(), plan.Seed, 1, null, cancel), train, features.Fingerprint, plan.Seed);
        else RankerExport.Write(path, MlpRanker.Fit(train, validation, new MlpParameters(), plan.Seed, plan.Threads, null, cancel), train, features.Fingerprint, plan.Seed);
    }

    private static GateComparison Compare(HeldOut held, RankerData data, RankerPlan plan, string path, CancellationToken cancel)
    {
        var linear = new PipelineModel(held, plan.Recipe, RankerTraining.TrainedOn(data.Model, held.Split, plan.Seed, plan.Threads, cancel));
        using var learned = new LearnedRanker(path, linear.Features);
        double[] Ndcg(PipelineModel model)
        {
            var metric = new NdcgAtK(10);
            return RankingEvaluator.Measure(model, held.Split, new MetricSet(10, [metric], []), plan.Threads, cancel).PerUser[metric.Name];
        }

        var (second, first) = (Ndcg(linear), Ndcg(linear with { Learned = learned }));
        var test = PairedTest.Of(first, second, plan.Seed, threads: plan.Threads, cancel: cancel);
        return PromotionGate.Comparison("linear", second.Average(), test, null);
    }

    private static string Text(GateComparison found) => FormattableString.Invariant(
        $"{Metric} of lists as served is {found.Ndcg + found.Difference:0.0000} instead of {found.Ndcg:0.0000}, and a difference counts from {found.Margin:0.0000} on with {found.Viewers} viewers");
}
