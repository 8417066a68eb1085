using GraphRec.Core;
using GraphRec.Ranking.Features;

namespace GraphRec.Recommend;

/// <summary>
/// The candidates of a request as a ranker sees them: what the linear ranker puts first, with a row of features each. The one
/// way in which features are made: for ranking, for the log, and for training.
/// </summary>
public sealed class CandidateMatrix
{
    private readonly Workspace _workspace;
    private readonly float[] _values;
    private readonly int _width;

    private CandidateMatrix(Workspace workspace, int[] candidates, float[] values, int width) =>
        (_workspace, Candidates, _values, _width) = (workspace, candidates, values, width);

    /// <summary>Drama indices, the linear ranker's first one first.</summary>
    public int[] Candidates { get; }

    /// <summary>Candidates × features, row-major.</summary>
    public ReadOnlyMemory<float> Values => _values.AsMemory(0, Candidates.Length * _width);

    /// <summary>The row of a drama; negative for no candidate.</summary>
    public int RowOf(int drama) => _workspace.Rows[drama] - 1;

    /// <summary>The features of one candidate.</summary>
    public ReadOnlySpan<float> Row(int row) => _values.AsSpan(row * _width, _width);

    /// <summary>The best eligible dramas by the linear ranker's score, with their features.</summary>
    /// <param name="list">Whose sources have scored, and whose fit is worked out.</param>
    /// <param name="workspace">Whose buffers are used; <see cref="Workspace.Rows"/> is to be cleared afterwards.</param>
    /// <param name="fitScale">What brings the best fit to 1.</param>
    /// <param name="scales">By source, what brings its largest score to 1.</param>
    internal static CandidateMatrix Of(RankedList list, Workspace workspace, double fitScale, double[] scales)
    {
        var (model, user, snapshot) = (list.Model, list.User, list.Snapshot);
        var best = new BestItems(model.Recipe.Candidates);
        for (var d = 0; d < workspace.Dramas; d++)
            if (list.IsEligible(d)) best.Offer(d, workspace.Fit[d]);
        var candidates = best.Take();
        for (var row = 0; row < candidates.Length; row++) workspace.Rows[candidates[row]] = row + 1;
        var request = new RankingRequest
        {
            Snapshot = snapshot,
            Now = user.Now,
            Region = user.Region,
            Device = user.Device,
            Seeds = Array.ConvertAll(user.Seeds, seed => new Seed(seed.Item, seed.Weight, LastAt(user.PartsOf(seed.Item)))),
            History = user.History.Edges,
            Candidates = candidates,
            Rows = workspace.Rows,
            Scores = workspace.Scores,
            Scales = scales,
            Fit = workspace.Fit,
            FitScale = fitScale,
            RecentViewers = model.Trending.At(snapshot, user.Now).Viewers,
            Collaborative = model.Trained?.For(snapshot),
            Exposures = user.Exposures,
        };
        var values = workspace.FeaturesOf(candidates.Length * model.Features.Count);
        model.Features.Fill(request, values);
        return new CandidateMatrix(workspace, candidates, values, model.Features.Count);
    }

    private static DateTimeOffset LastAt(IReadOnlyList<SeedPart> parts)
    {
        var last = DateTimeOffset.MinValue;
        for (var i = 0; i < parts.Count; i++)
            if (parts[i].Edge.LastAt > last) last = parts[i].Edge.LastAt;
        return last;
    }
}
