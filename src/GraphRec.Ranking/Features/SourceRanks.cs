namespace GraphRec.Ranking.Features;

/// <summary>
/// Where each source would put the drama among the candidates: log2(1 + how many it scores higher), so that first places are
/// told apart better than late ones. A source that says nothing of anybody puts all first.
/// </summary>
public sealed class SourceRanks(IReadOnlyList<string> sources) : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [.. sources.Select(source => new Feature($"{source}.rank", source))];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var count = request.Candidates.Length;
        var (keys, rows) = (new float[count], new int[count]);
        for (var s = 0; s < request.Scores.Count; s++)
        {
            for (var row = 0; row < count; row++) (keys[row], rows[row]) = (-request.Scores[s][request.Candidates[row]], row);
            Array.Sort(keys, rows);
            var above = 0;
            for (var place = 0; place < count; place++)
            {
                // Equal scores share the place of the first of them.
                if (place > 0 && keys[place] != keys[place - 1]) above = place;
                into[rows[place], s] = MathF.Log2(1 + above);
            }
        }
    }
}
