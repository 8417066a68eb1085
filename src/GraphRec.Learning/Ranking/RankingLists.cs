namespace GraphRec.Learning.Ranking;

/// <summary>Lists to learn an order from.</summary>
/// <param name="FeatureNames">The columns.</param>
/// <param name="Features">Rows × columns, row-major, list after list.</param>
/// <param name="Labels">By row, the grade from 0 (nothing) to 4.</param>
/// <param name="Weights">By row, how much it counts; 1 where nothing speaks for another.</param>
/// <param name="Starts">Where each list begins, and the number of rows in the end.</param>
public sealed record RankingLists(IReadOnlyList<string> FeatureNames, float[] Features, float[] Labels, float[] Weights, int[] Starts)
{
    /// <summary>How many lists.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>How many rows.</summary>
    public int RowCount => Labels.Length;

    /// <summary>Lists of equal weight.</summary>
    public static RankingLists Of(IReadOnlyList<string> names, IReadOnlyList<(float[] Features, float[] Labels)> lists)
    {
        var starts = new int[lists.Count + 1];
        for (var n = 0; n < lists.Count; n++) starts[n + 1] = starts[n] + lists[n].Labels.Length;
        var weights = new float[starts[^1]];
        Array.Fill(weights, 1);
        return new RankingLists(names, [.. lists.SelectMany(l => l.Features)], [.. lists.SelectMany(l => l.Labels)], weights, starts);
    }

    /// <summary>The lists of these numbers.</summary>
    public RankingLists Where(Func<int, bool> keep)
    {
        var width = FeatureNames.Count;
        var kept = Enumerable.Range(0, Count).Where(keep).ToArray();
        var starts = new int[kept.Length + 1];
        for (var n = 0; n < kept.Length; n++) starts[n + 1] = starts[n] + Starts[kept[n] + 1] - Starts[kept[n]];
        var (features, labels, weights) = (new float[starts[^1] * width], new float[starts[^1]], new float[starts[^1]]);
        for (var n = 0; n < kept.Length; n++)
        {
            var rows = Starts[kept[n]]..Starts[kept[n] + 1];
            Features.AsSpan((rows.Start.Value * width)..(rows.End.Value * width)).CopyTo(features.AsSpan(starts[n] * width));
            Labels.AsSpan(rows).CopyTo(labels.AsSpan(starts[n]));
            Weights.AsSpan(rows).CopyTo(weights.AsSpan(starts[n]));
        }
        return new RankingLists(FeatureNames, features, labels, weights, starts);
    }

    /// <summary>These lists, and then those of the others, of the same columns.</summary>
    public static RankingLists Concat(IReadOnlyList<RankingLists> parts)
    {
        var starts = new List<int> { 0 };
        foreach (var part in parts)
        {
            var first = starts[^1];
            for (var n = 1; n < part.Starts.Length; n++) starts.Add(first + part.Starts[n]);
        }
        return new RankingLists(
            parts[0].FeatureNames, [.. parts.SelectMany(p => p.Features)], [.. parts.SelectMany(p => p.Labels)], [.. parts.SelectMany(p => p.Weights)], [.. starts]);
    }
}
