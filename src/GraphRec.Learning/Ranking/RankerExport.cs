using GraphRec.Core;
using GraphRec.Ranking;
using GraphRec.Ranking.Onnx;
using GraphRec.Ranking.Trees;

namespace GraphRec.Learning.Ranking;

/// <summary>Writes rankers as ONNX files that are known to score as the ranker does.</summary>
public static class RankerExport
{
    /// <summary>How many rows are compared, and by what their scores may differ.</summary>
    public const int Rows = 10_000;

    /// <summary>As <see cref="Rows"/>.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Writes trees, opens the file with ONNX Runtime, and compares its scores.</summary>
    /// <param name="path">The file; overwritten where it is there.</param>
    /// <param name="trees">What scores.</param>
    /// <param name="train">On what it was trained: names, background and half the rows that are compared. The others have each value at, or next to, a threshold.</param>
    /// <param name="fingerprint">Of how the features are computed.</param>
    /// <param name="seed">Of the rows that are drawn.</param>
    /// <returns>The largest difference.</returns>
    /// <exception cref="InvalidInputException">A score differs by more than 1e-4; there is no file.</exception>
    public static double Write(string path, TreeEnsemble trees, RankingLists train, string fingerprint, int seed)
    {
        var thresholds = new List<float>[trees.FeatureCount];
        for (var f = 0; f < thresholds.Length; f++) thresholds[f] = [];
        for (var tree = 0; tree < trees.TreeCount; tree++)
        {
            foreach (var node in trees.Tree(tree))
            {
                if (!node.IsLeaf) thresholds[node.Feature].Add(node.Threshold);
            }
        }
        float Draw(int feature, Random random)
        {
            if (thresholds[feature] is not { Count: > 0 } own) return random.NextSingle();
            var threshold = own[random.Next(own.Count)];
            return random.Next(3) switch { 0 => threshold, 1 => MathF.BitIncrement(threshold), _ => MathF.BitDecrement(threshold) };
        }

        var description = Describe(train, fingerprint);
        return Write(path, OnnxFile.Of(trees, description), description, trees.Score, Sample(train, Draw, seed));
    }

    /// <summary>Writes a network, opens the file with ONNX Runtime, and compares its scores.</summary>
    /// <param name="path">The file; overwritten where it is there.</param>
    /// <param name="network">What scores.</param>
    /// <param name="train">On what it was trained: names, background and half the rows that are compared. The others mix the values of training rows.</param>
    /// <param name="fingerprint">Of how the features are computed.</param>
    /// <param name="seed">Of the rows that are drawn.</param>
    /// <returns>The largest difference.</returns>
    /// <exception cref="InvalidInputException">A score differs by more than 1e-4; there is no file.</exception>
    public static double Write(string path, DenseNetwork network, RankingLists train, string fingerprint, int seed)
    {
        var description = Describe(train, fingerprint);
        var rows = Sample(train, (feature, random) => train.Row(random.Next(train.RowCount))[feature], seed);
        return Write(path, OnnxFile.Of(network, description), description, network.Score, rows);
    }

    private static RankerDescription Describe(RankingLists train, string fingerprint) => new(train.FeatureNames, fingerprint, train.Means());

    private static float[] Sample(RankingLists train, Func<int, Random, float> draw, int seed)
    {
        var random = new Random(seed);
        var rows = new float[Rows * train.FeatureCount];
        for (var row = 0; row < Rows; row++)
        {
            var own = rows.AsSpan(row * train.FeatureCount, train.FeatureCount);
            if (row < Rows / 2) train.Row(random.Next(train.RowCount)).CopyTo(own);
            else for (var f = 0; f < own.Length; f++) own[f] = draw(f, random);
        }
        return rows;
    }

    private static double Write(string path, byte[] bytes, RankerDescription description, Scorer expected, float[] rows)
    {
        // Compared under another name: what stands at the path is always a file that was found right.
        var writing = path + ".writing";
        File.WriteAllBytes(writing, bytes);
        try
        {
            var worst = Worst(writing, description, expected, rows);
            if (!(worst <= Tolerance))
                throw new InvalidInputException(ErrorCodes.BadUserInput, $"the exported ranker's scores differ from its own by up to {worst:G3}, more than {Tolerance}; nothing was written.");
            File.Move(writing, path, overwrite: true);
            return worst;
        }
        finally
        {
            File.Delete(writing);
        }
    }

    private static double Worst(string path, RankerDescription description, Scorer expected, float[] rows)
    {
        using var ranker = new OnnxRanker(path, description);
        var scores = new float[Rows];
        ranker.Score(rows, Rows, scores);
        var worst = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            // Math.Max keeps NaN, which must not pass as small.
            worst = Math.Max(worst, Math.Abs(scores[row] - expected(rows.AsSpan(row * description.Features.Count, description.Features.Count))));
        }
        return worst;
    }

    private delegate double Scorer(ReadOnlySpan<float> row);
}
