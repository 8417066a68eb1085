namespace GraphRec.Ranking.Features;

/// <summary>The share of those who started it that finished it.</summary>
public sealed class CompletionRate : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } = [new("completion.rate", LedgerNames.Completion)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        for (var row = 0; row < request.Candidates.Length; row++) into[row, 0] = request.Snapshot.Derived.Completion[request.Candidates[row]];
    }
}
