using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>
/// The three-hop random walk user → item → user → item. P3α raises every step's probability to α (Cooper et al., "Random
/// walks in recommender systems", WWW 2014); RP3β then divides by the target's popularity to the β (Paudel et al.,
/// "Updatable, accurate, diverse, and scalable recommendations for interactive applications", TiiS 2016). Exact: no
/// neighbour is cut off.
/// </summary>
public sealed class WalkModel : IRankingModel
{
    private readonly InteractionMatrix _train;
    private readonly double[] _userStep;
    private readonly double[] _itemStep;
    private readonly double[] _penalty;

    /// <summary>Fits on a matrix; <paramref name="beta"/> 0 is P3α.</summary>
    public WalkModel(InteractionMatrix train, double alpha = 1, double beta = 0)
    {
        _train = train;
        Name = beta == 0 ? "P3alpha" : "RP3beta";
        _userStep = new double[train.Users.Count];
        for (var user = 0; user < _userStep.Length; user++) _userStep[user] = Math.Pow(train.ItemsOf(user).Length, -alpha);
        _itemStep = new double[train.Items.Count];
        _penalty = new double[train.Items.Count];
        for (var item = 0; item < _itemStep.Length; item++)
        {
            // An item nobody engaged with is never reached; 1 keeps its score 0 instead of 0 · ∞.
            var users = Math.Max(1, train.UsersOf(item).Length);
            _itemStep[item] = Math.Pow(users, -alpha);
            _penalty[item] = Math.Pow(users, -beta);
        }
    }

    public string Name { get; }

    public int ItemCount => _train.Items.Count;

    public IScorer NewScorer() => new UserScorer(ItemCount, Score);

    private void Score(int user, Span<double> scores)
    {
        scores.Clear();
        foreach (var owned in _train.ItemsOf(user))
        {
            foreach (var peer in _train.UsersOf(owned))
            {
                var mass = _userStep[user] * _itemStep[owned] * _userStep[peer];
                foreach (var item in _train.ItemsOf(peer)) scores[item] += mass;
            }
        }
        for (var item = 0; item < scores.Length; item++) scores[item] *= _penalty[item];
    }
}
