using GraphRec.Core;

namespace GraphRec.Learning.Ranking;

/// <summary>What a ranker is trained and judged on: lists of rows, a list for each page or viewer, and how much each row was liked.</summary>
public sealed class RankingLists
{
    /// <summary>The highest label.</summary>
    public const int MaxLabel = 4;

    private readonly float[] _features;
    private readonly byte[] _labels;
    private readonly float[] _weights;
    private readonly int[] _starts;

    /// <param name="featureNames">Their names, in the order of a row.</param>
    /// <param name="features">Row-major, a finite value per name.</param>
    /// <param name="labels">How much each row was liked, 0 (not at all) to 4; the gain of label l is 2ˡ − 1.</param>
    /// <param name="weights">
    /// By what each row counts, above 0: the inverse of the probability that the viewer looked at its place (Joachims, Swaminathan, Schnabel,
    /// "Unbiased learning-to-rank with biased feedback", WSDM 2017).
    /// </param>
    /// <param name="starts">Where each list begins, from 0, and at last the number of rows; no list is empty.</param>
    /// <exception cref="InvalidInputException">They do not fit one another or are out of range; the message says which.</exception>
    public RankingLists(IReadOnlyList<string> featureNames, float[] features, byte[] labels, float[] weights, int[] starts)
    {
        var rows = labels.Length;
        if (featureNames.Count == 0 || features.Length != (long)rows * featureNames.Count || weights.Length != rows)
            throw Bad($"there are {featureNames.Count} names, {features.Length} values, {rows} labels and {weights.Length} weights; give a value per name, a label and a weight for each row.");
        if (starts.Length < 2 || starts[0] != 0 || starts[^1] != rows) throw Bad($"the lists do not begin at 0 and end at {rows}, the number of rows.");
        for (var n = 1; n < starts.Length; n++)
        {
            if (starts[n] <= starts[n - 1]) throw Bad($"list {n - 1} is from row {starts[n - 1]} to {starts[n]}; leave empty lists out.");
        }
        for (var row = 0; row < rows; row++)
        {
            if (labels[row] > MaxLabel) throw Bad($"row {row} has label {labels[row]}; labels are from 0 to {MaxLabel}.");
            if (!(weights[row] > 0) || float.IsInfinity(weights[row])) throw Bad($"row {row} has weight {weights[row]}; weights are above 0.");
        }
        if (features.AsSpan().ContainsAnyExceptInRange(float.MinValue, float.MaxValue)) throw Bad("a feature is not finite; give 0 for what is not known.");
        (FeatureNames, _features, _labels, _weights, _starts) = ([.. featureNames], features, labels, weights, starts);
    }

    public IReadOnlyList<string> FeatureNames { get; }

    public int FeatureCount => FeatureNames.Count;

    public int RowCount => _labels.Length;

    public int ListCount => _starts.Length - 1;

    /// <summary>All rows, row-major.</summary>
    public ReadOnlyMemory<float> Features => _features;

    /// <summary>One per row.</summary>
    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>One per row.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>The features of one row.</summary>
    public ReadOnlySpan<float> Row(int row) => _features.AsSpan(row * FeatureCount, FeatureCount);

    /// <summary>Which rows a list has.</summary>
    public Range List(int list) => _starts[list].._starts[list + 1];

    /// <summary>Lists as they were made, one after the other, in arrays of exactly their size: there can be a gigabyte of them.</summary>
    /// <param name="featureNames">Their names, in the order of a row.</param>
    /// <param name="lists">The lists; none is empty.</param>
    /// <param name="keep">Which of them, by number.</param>
    public static RankingLists Of(IReadOnlyList<string> featureNames, IReadOnlyList<LabelledList> lists, Func<int, bool> keep)
    {
        int[] kept = [.. Enumerable.Range(0, lists.Count).Where(keep)];
        var starts = new int[kept.Length + 1];
        for (var n = 0; n < kept.Length; n++) starts[n + 1] = starts[n] + lists[kept[n]].Labels.Length;
        var (features, labels, weights) = (new float[starts[^1] * featureNames.Count], new byte[starts[^1]], new float[starts[^1]]);
        for (var n = 0; n < kept.Length; n++)
        {
            var list = lists[kept[n]];
            list.Features.CopyTo(features, starts[n] * featureNames.Count);
            list.Labels.CopyTo(labels, starts[n]);
            list.Weights.CopyTo(weights, starts[n]);
        }
        return new RankingLists(featureNames, features, labels, weights, starts);
    }

    /// <summary>The mean of each feature: the background of explanations.</summary>
    public float[] Means()
    {
        var sums = new double[FeatureCount];
        for (var row = 0; row < RowCount; row++)
        {
            var values = Row(row);
            for (var f = 0; f < sums.Length; f++) sums[f] += values[f];
        }
        return Array.ConvertAll(sums, sum => (float)(sum / RowCount));
    }

    /// <summary>Refuses lists whose features have other names.</summary>
    /// <exception cref="InvalidInputException">They have.</exception>
    internal void RequireSameFeatures(RankingLists other)
    {
        if (!FeatureNames.SequenceEqual(other.FeatureNames)) throw Bad("the lists for training and for validation have different features; compute both in the same way.");
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}

/// <summary>One list: features row-major, and a label and a weight for each row.</summary>
public sealed record LabelledList(float[] Features, byte[] Labels, float[] Weights);

/// <summary>How far the fitting of a ranker is.</summary>
/// <param name="Round">How many trees there are, or epochs were gone through.</param>
/// <param name="Rounds">How many there will be at most.</param>
/// <param name="ValidationNdcg">Mean NDCG@10 of the lists for validation; null without such.</param>
public readonly record struct RankerProgress(int Round, int Rounds, double? ValidationNdcg);
