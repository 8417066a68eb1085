using System.Buffers;
using GraphRec.Core;
using GraphRec.Ranking.Explanations;
using GraphRec.Ranking.Features;
using GraphRec.Ranking.Onnx;

namespace GraphRec.Ranking;

/// <summary>
/// A ranker from a file, with what it takes to say what its scores are made of: TreeSHAP where the file holds trees that can be
/// read, else Shapley values of whole groups of features, which any ranker allows. For concurrent use.
/// </summary>
public sealed class LearnedRanker : IDisposable
{
    /// <summary>Pairs of orders in which groups come in, for rankers without trees: 16 orders, .05 ms of CPU a drama.</summary>
    private const int Pairs = 8;

    private readonly OnnxRanker _ranker;
    private readonly FeatureSet _features;
    private readonly TreeShap? _trees;
    private readonly GroupShapley? _groups;
    private readonly int[] _groupOf;

    /// <summary>Loads a file.</summary>
    /// <param name="path">An ONNX file that <see cref="OnnxFile"/> wrote, or that says its features as such a one does.</param>
    /// <param name="features">What the server computes.</param>
    /// <param name="description">What the file was trained on, where it does not say so itself.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or was trained on other features; the message names the difference.</exception>
    public LearnedRanker(string path, FeatureSet features, RankerDescription? description = null)
    {
        var described = description ?? OnnxFile.Description(path) ?? throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"{path} does not say on which features it was trained; write their names and the fingerprint beside it.");
        described.RequireFeatures(path, [.. features.Features.Select(feature => feature.Name)], features.Fingerprint);
        _features = features;
        // The linear score's part is divided among the sources afterwards: until then it is a group of its own, the last one.
        _groupOf = [.. Enumerable.Range(0, features.Count).Select(f => features.GroupOf(f) is >= 0 and var group ? group : features.Groups.Count)];
        // One thread a request: with two, pages at 100/s on two cores had a p99 of 108 ms instead of 48.
        _ranker = new OnnxRanker(path, described, threads: 1);
        var (trees, reason) = OnnxFile.ReadTrees(path);
        WithoutTrees = reason;
        if (trees is null) _groups = new GroupShapley(_groupOf, described.Background, Pairs, seed: 1);
        else _trees = new TreeShap(trees);
    }

    /// <summary>What answers name before the trained version that it is of.</summary>
    public const string Version = "learned";

    /// <summary>Why scores are explained by groups and not by trees; null where they are by trees.</summary>
    public string? WithoutTrees { get; }

    /// <summary>Scores candidates in one batch.</summary>
    /// <param name="rows">Row-major, as many values as the server has features each.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="scores">Receives one per row.</param>
    public void Score(ReadOnlyMemory<float> rows, int count, Span<float> scores) => _ranker.Score(rows, count, scores);

    /// <summary>What each group of features brought to scores. With what the ranker expects of an unknown row, which is the same for all, they sum to the score.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="scores">Their scores, as <see cref="Score"/> gave them.</param>
    /// <param name="byGroup">Per row a value for each of <see cref="FeatureSet.Groups"/>, and at last that of the linear score.</param>
    public void Explain(ReadOnlySpan<float> rows, ReadOnlySpan<float> scores, Span<double> byGroup)
    {
        var (width, groups) = (_features.Count, _features.Groups.Count + 1);
        byGroup[..(scores.Length * groups)].Clear();
        if (_groups is not null)
        {
            for (var row = 0; row < scores.Length; row++)
                _groups.Explain(_ranker.Score, rows.Slice(row * width, width), scores[row], byGroup.Slice(row * groups, _groups.Groups));
            return;
        }
        var byFeature = ArrayPool<double>.Shared.Rent(scores.Length * width);
        _trees!.Explain(rows, scores, byFeature);
        for (var row = 0; row < scores.Length; row++)
            for (var f = 0; f < width; f++) byGroup[(row * groups) + _groupOf[f]] += byFeature[(row * width) + f];
        ArrayPool<double>.Shared.Return(byFeature);
    }

    public void Dispose() => _ranker.Dispose();
}
