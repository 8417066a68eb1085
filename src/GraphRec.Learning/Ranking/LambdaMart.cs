using System.Globalization;
using GraphRec.Core;
using GraphRec.Ranking.Trees;

namespace GraphRec.Learning.Ranking;

/// <summary>What LambdaMART is fitted with.</summary>
public sealed record LambdaMartParameters
{
    /// <summary>The most trees; with validation the best number of them is kept.</summary>
    public int Trees { get; init; } = 400;

    /// <summary>The most leaves of a tree.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>By what each tree is multiplied.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>The fewest training rows of a leaf.</summary>
    public int MinExamplesPerLeaf { get; init; } = 50;

    /// <summary>Pairs count where one of the two stands within so many places.</summary>
    public int TruncationLevel { get; init; } = 20;

    /// <summary>The share of the features that each tree may use, drawn from the seed.</summary>
    public double FeatureFraction { get; init; } = 0.8;

    /// <summary>Added to a leaf's sum of second derivatives.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>After so many trees without a better NDCG@10 of the lists for validation no more are grown.</summary>
    public int Patience { get; init; } = 50;

    /// <summary>What is wrong, as a sentence that says what to change; null when nothing is.</summary>
    public string? Problem()
    {
        if (Trees < 1 || Leaves < 2 || MinExamplesPerLeaf < 1 || TruncationLevel < 1 || Patience < 1) return "trees, examples per leaf, truncation level and patience must be at least 1, leaves at least 2.";
        if (!(LearningRate is > 0 and <= 1) || !(FeatureFraction is > 0 and <= 1)) return "learning rate and feature fraction must be above 0 and at most 1.";
        return L2 is >= 0 and <= 1e6 ? null : "L2 must be from 0 to 1,000,000.";
    }
}

/// <summary>
/// LambdaMART (Burges, "From RankNet to LambdaRank to LambdaMART: an overview", MSR-TR-2010-82): boosted regression trees whose gradients are those of
/// pairs, weighted by what swapping them changes of NDCG; fitted by LightGBM (Ke et al., NIPS 2017). The same seed gives the same trees for any number
/// of threads.
/// </summary>
public static class LambdaMart
{
    /// <summary>Why it cannot be fitted on this machine, as a sentence that says what to do; null where it can.</summary>
    public static string? Missing => LightGbm.Missing;

    /// <summary>Fits an ensemble; its covers count the rows of <paramref name="train"/>.</summary>
    /// <param name="train">The lists; their weights are used.</param>
    /// <param name="validation">By whose mean NDCG@10 the number of trees is chosen; null: all are kept.</param>
    /// <param name="parameters">See there.</param>
    /// <param name="seed">Of the draw of features.</param>
    /// <param name="threads">How many, from 1.</param>
    /// <param name="progress">Told of every tree.</param>
    /// <param name="cancel">Looked at before every tree.</param>
    /// <exception cref="InvalidInputException">A parameter is out of range, or there is nothing to learn from.</exception>
    public static TreeEnsemble Fit(
        RankingLists train, RankingLists? validation, LambdaMartParameters parameters, int seed, int threads,
        IProgress<RankerProgress>? progress = null, CancellationToken cancel = default)
    {
        if (parameters.Problem() is { } problem) throw Bad($"LambdaMART: {problem}");
        RankerLists.Require(train, validation);
        using var booster = new LightGbm(train, validation, Settings(parameters, seed, threads));
        var (best, bestNdcg) = (0, double.NegativeInfinity);
        for (var tree = 1; tree <= parameters.Trees; tree++)
        {
            cancel.ThrowIfCancellationRequested();
            if (!booster.Grow()) break;
            double? ndcg = validation is null ? null : RankingEvaluation.Ndcg(validation, booster.ValidationScores()).Average();
            progress?.Report(new RankerProgress(tree, parameters.Trees, ndcg));
            if (ndcg is null || ndcg > bestNdcg) (best, bestNdcg) = (tree, ndcg ?? bestNdcg);
            if (tree - best >= parameters.Patience) break;
        }
        if (best == 0) throw Bad("LambdaMART found nothing to split; give more lists, or fewer examples per leaf.");
        var trees = LightGbmText.Trees(booster.Text(best));
        return new TreeEnsemble(train.FeatureCount, trees).WithCovers(train.Features.Span, cancel);
    }

    private static string Settings(LambdaMartParameters p, int seed, int threads)
    {
        var gains = string.Join(',', Enumerable.Range(0, RankingLists.MaxLabel + 1).Select(label => (1 << label) - 1));
        // Column-wise histograms and `deterministic`: sums that do not depend on how rows were dealt out to threads.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"objective=lambdarank metric=none label_gain={gains} lambdarank_truncation_level={p.TruncationLevel} num_leaves={p.Leaves} learning_rate={p.LearningRate} min_data_in_leaf={p.MinExamplesPerLeaf} feature_fraction={p.FeatureFraction} lambda_l2={p.L2} use_missing=false seed={seed} num_threads={threads} deterministic=true force_col_wise=true verbosity=-1");
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}

/// <summary>What the rankers ask of their lists.</summary>
internal static class RankerLists
{
    /// <exception cref="InvalidInputException">There is nothing to learn from, or the features differ.</exception>
    public static void Require(RankingLists train, RankingLists? validation)
    {
        if (!HasOrder(train)) throw new InvalidInputException(ErrorCodes.BadUserInput, "no list for training has rows of different labels; there is no order to learn.");
        if (validation is null) return;
        train.RequireSameFeatures(validation);
        if (!HasOrder(validation)) throw new InvalidInputException(ErrorCodes.BadUserInput, "no list for validation has rows of different labels; give more, or none.");
    }

    private static bool HasOrder(RankingLists lists) =>
        Enumerable.Range(0, lists.ListCount).Any(list => lists.Labels[lists.List(list)] is var labels && labels.ContainsAnyExcept(labels[0]));
}
