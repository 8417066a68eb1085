using GraphRec.Learning.Ranking;

namespace GraphRec.Tests.Learning.Ranking;

/// <summary>Made-up lists: a row is liked for its features 0 and 1 together; feature 2 says nothing, and feature 3 is the same everywhere.</summary>
internal static class DrawnLists
{
    public static readonly string[] Names = ["a", "b", "noise", "same"];

    public static RankingLists Of(int lists, int rows, int seed, Func<int, float>? weight = null)
    {
        var random = new Random(seed);
        var (features, labels) = (new float[lists * rows * 4], new byte[lists * rows]);
        for (var row = 0; row < labels.Length; row++)
        {
            var (a, b) = (random.NextSingle(), (10 * random.NextSingle()) - 3);
            float[] values = [a, b, random.NextSingle(), 5];
            values.CopyTo(features, row * 4);
            labels[row] = (byte)Math.Clamp((a > 0.5f ? b : 4 - b) + (random.NextSingle() / 2), 0, 4);
        }
        return new RankingLists(Names, features, labels, [.. Enumerable.Range(0, labels.Length).Select(row => weight?.Invoke(row) ?? 1)], [.. Enumerable.Range(0, lists + 1).Select(list => list * rows)]);
    }

    /// <summary>Mean NDCG@10 of scores that a function of rows gives.</summary>
    public static double Ndcg(RankingLists lists, Func<float[], double> score) =>
        RankingEvaluation.Ndcg(lists, [.. Enumerable.Range(0, lists.RowCount).Select(row => (float)score(lists.Row(row).ToArray()))]).Average();
}
