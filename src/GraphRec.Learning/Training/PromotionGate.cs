using GraphRec.Learning.Metrics;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Reports;

namespace GraphRec.Learning.Training;

/// <summary>What the chosen model had to be compared with.</summary>
/// <param name="Against">The name of the other model; of the version that is served, its own.</param>
/// <param name="Ndcg">NDCG@20 of the other on the test part.</param>
/// <param name="Difference">NDCG@20 of the chosen one less that, mean over the viewers of the test part.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
/// <param name="P">Of the paired randomization test.</param>
/// <param name="Viewers">How many viewers were compared.</param>
/// <param name="Margin">Differences up to here, either way, count as none.</param>
public sealed record GateComparison(string Against, double Ndcg, double Difference, double Low, double High, double P, int Viewers, double Margin)
{
    /// <summary><c>better</c>, <c>worse</c>, or <c>alike</c>: what the chosen one is.</summary>
    public string Verdict => Difference > Margin ? "better" : Difference < -Margin ? "worse" : "alike";
}

/// <summary>What the gate says of a version.</summary>
/// <param name="Passes">Whether it may be served instead of what is.</param>
/// <param name="Reason">Why, in a sentence for people.</param>
/// <param name="Comparisons">What was compared; the version that is served is the last, where there is one.</param>
public sealed record GateVerdict(bool Passes, string Reason, IReadOnlyList<GateComparison> Comparisons)
{
    /// <summary>What became of the version when it was trained: <c>promoted</c>, <c>forced</c> (promoted against the gate) or <c>candidate</c>.</summary>
    public string Outcome { get; init; } = "candidate";

    /// <summary>Models that could not be compared, each with the reason.</summary>
    public IReadOnlyList<LeftOut> NotCompared { get; init; } = [];
}

/// <summary>
/// Whether a new version may replace the one that is served, by NDCG@20 on the temporal hold-out, viewer by viewer.
/// <list type="bullet">
/// <item>It must be above popularity: below that, it knows nothing of anybody.</item>
/// <item>It must not be worse than item-kNN, RP3β and EASE. Not better than each of them: one of them is often the model that was
/// chosen, and which of these is best differs less than chance explains (on the seed's 300-viewer sample, SLIM .0515 and EASE .0531).</item>
/// <item>Where a version is served, and the data are the same, it must be better than that: each swap changes every page, and viewers
/// are owed a reason. Where the data are other, not being worse is enough: the served model cannot know the dramas and the taste that
/// came after it, and no hold-out that both are measured on shows that, since for a fair comparison both are fitted on the same cut.</item>
/// </list>
/// A difference counts from a margin on. It is half the width of the difference's 95 % interval, which is what another choice of as many
/// viewers would move it, so that few viewers prove little; and <see cref="LeastMargin"/> at least, since with many viewers
/// differences are proved that nobody sees.
/// </summary>
public static class PromotionGate
{
    /// <summary>The least margin where none is given: under a hundredth of what models of the seed and of MovieLens have (.12 to .20).</summary>
    public const double LeastMargin = 0.001;

    /// <summary>The metric that decides.</summary>
    public static string Metric { get; } = FormattableString.Invariant($"ndcg@{Trainer.K}");

    /// <summary>What it must be above, and what it must not be worse than.</summary>
    public static IReadOnlyList<string> Baselines { get; } = [Popularity, "itemknn", "rp3beta", "ease"];

    private const string Popularity = "popularity";

    /// <summary>Compares two models of reports of one split.</summary>
    /// <param name="measured">The report with the chosen model.</param>
    /// <param name="chosen">Its name there.</param>
    /// <param name="others">The report with the other one.</param>
    /// <param name="other">Its name there.</param>
    /// <param name="margin">From which difference on one counts; null for the usual.</param>
    /// <param name="seed">Of the test's permutations.</param>
    /// <param name="threads">From 1; changes no result.</param>
    /// <param name="cancel">Stops.</param>
    public static GateComparison Compare(
        EvaluationReport measured, string chosen, EvaluationReport others, string other, double? margin, int seed, int threads, CancellationToken cancel)
    {
        var found = RunComparison.Of(measured, others, Metric, chosen, other, seed, threads, cancel);
        return Comparison(other, found.SecondMean, found.Test, margin);
    }

    /// <summary>What a paired test of the chosen one against another says.</summary>
    public static GateComparison Comparison(string against, double ndcg, PairedTest test, double? margin) => new(
        against, ndcg, test.Difference.Mean, test.Difference.Low, test.Difference.High, test.P, test.Users,
        margin ?? Math.Max(LeastMargin, (test.Difference.High - test.Difference.Low) / 2));

    /// <summary>The verdict of what was compared.</summary>
    /// <param name="baselines">The chosen model against each baseline that could be measured.</param>
    /// <param name="current">Against the version that is served; null where there is none, or it could not be measured.</param>
    /// <param name="sameData">Whether that version was fitted on the same engagements.</param>
    public static GateVerdict Judge(IReadOnlyList<GateComparison> baselines, GateComparison? current, bool sameData)
    {
        GateComparison[] all = [.. baselines, .. current is null ? (GateComparison[])[] : [current]];
        if (all.FirstOrDefault(found => found.Against == Popularity && found.Difference <= 0) is { } popular)
            return new GateVerdict(false, $"It is not above popularity: {Text(popular)}.", all);
        if (all.FirstOrDefault(found => found.Verdict == "worse") is { } worse)
            return new GateVerdict(false, $"It is worse than {worse.Against}: {Text(worse)}.", all);
        var (passes, reason) = (current, sameData) switch
        {
            (null, _) => (true, "There is no version to compare it with, and it is not worse than any baseline"),
            ({ Verdict: "better" }, _) => (true, $"It is better than {current.Against}: {Text(current)}"),
            (_, true) => (false, $"It is no better than {current.Against}, which was fitted on the same data: {Text(current)}"),
            _ => (true, $"It is as good as {current.Against} ({Text(current)}), and its data are other ones: it knows what came since"),
        };
        return new GateVerdict(passes, reason + ".", all);
    }

    /// <summary>
    /// The verdict of a version that also has a ranker, which beat the linear one. Where the version that is served has none, a model that
    /// is as good, on the same data, is no longer the same version: the ranker is the reason for the swap.
    /// </summary>
    /// <param name="verdict">That of its model.</param>
    /// <param name="ranker">Of the new version.</param>
    /// <param name="served">The ranker of the version that is served; null for none.</param>
    public static GateVerdict WithRanker(GateVerdict verdict, RankerVerdict ranker, RankerVerdict? served)
    {
        if (verdict.Passes || !ranker.Included || served is { Included: true }) return verdict;
        if (verdict.Comparisons.Any(found => found.Verdict == "worse" || (found.Against == Popularity && found.Difference <= 0))) return verdict;
        return verdict with { Passes = true, Reason = $"Its model is as good as that of {verdict.Comparisons[^1].Against}, which has no ranker of its own, and its ranker is better. {ranker.Reason}" };
    }

    private static string Text(GateComparison found) => FormattableString.Invariant(
        $"{Metric} differs by {found.Difference:+0.0000;-0.0000;0.0000}, which counts from {found.Margin:0.0000} on with {found.Viewers} viewers");
}
