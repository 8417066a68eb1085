namespace GraphRec.Ranking.Features;

/// <summary>What each source says, as a share of the most that it says of any drama this viewer may be shown; in [-1, 1].</summary>
public sealed class SourceScores(IReadOnlyList<string> sources) : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [.. sources.Select(source => new Feature($"{source}.score", source))];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        for (var s = 0; s < request.Scores.Count; s++)
        {
            var (scores, scale) = (request.Scores[s], request.Scales[s]);
            for (var row = 0; row < request.Candidates.Length; row++) into[row, s] = (float)(scores[request.Candidates[row]] * scale);
        }
    }
}
