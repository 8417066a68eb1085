namespace GraphRec.Ranking.Features;

/// <summary>The mean of its ratings, drawn towards the mean of all where few rated it; from 1 to 10, 0 where nobody rated anything.</summary>
public sealed class MeanRating : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("ratings.mean", LedgerNames.Ratings)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        for (var row = 0; row < request.Candidates.Length; row++) into[row, 0] = request.Snapshot.Derived.MeanRatings[request.Candidates[row]];
    }
}
