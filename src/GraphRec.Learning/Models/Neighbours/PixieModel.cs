using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Neighbours;

/// <summary>
/// Random walks from the user's history, sampled (<see cref="PixieWalk"/>): for graphs on which the exact walk is too much work, at a
/// cost that does not depend on their size. A user's walks are drawn from the model's seed, the user and the item they start from,
/// so that answers are the same for any threads and any block, and a new event leaves the others' walks as they are.
/// </summary>
public sealed class PixieModel : ITopItemsModel
{
    private static readonly ModelParameter Steps = new("steps", 20000, 2000, 200000, "random steps for a user") { IsWhole = true, IsLogarithmic = true, IsFixed = true, Minimum = 1 };
    private static readonly ModelParameter Restart = new("restart", 0.9, 0.3, 1, "chance to go back to the start after a step; 1 never goes further than one user away") { Minimum = 1e-6 };
    private static readonly ModelParameter StopItems = new("stopItems", 2000, 0, 10000, "a start's walk ends early once more than so many items were visited stopVisits times; 0 to never end early") { IsWhole = true, IsFixed = true, Minimum = 0 };
    private static readonly ModelParameter StopVisits = new("stopVisits", 4, 2, 20, "how many visits let a walk end early") { IsWhole = true, IsFixed = true, Minimum = 1 };
    private static readonly ModelParameter ItemAlpha = new("itemAlpha", 0.5, 0, 1, "a start of n users gets n^(1 − itemAlpha) of the steps: 0 is Pixie's own rule, above 0 rare items say more");
    private static readonly ModelParameter Beta = new("beta", 0.2, 0, 0.6, "the score of an item of n users is divided by n^beta: more of it, fewer popular items");

    private readonly Bipartite _relation;
    private readonly PixieParameters _parameters;
    private readonly double _beta;
    private readonly int _seed;
    private readonly PixieWalk _walk;
    private readonly float[] _penalty;

    private PixieModel(Bipartite relation, PixieParameters parameters, double beta, int seed)
    {
        (_relation, _parameters, _beta, _seed) = (relation, parameters, beta, seed);
        _walk = new PixieWalk(relation, parameters, seed);
        _penalty = new float[relation.ItemCount];
        for (var item = 0; item < _penalty.Length; item++) _penalty[item] = (float)Math.Pow(Math.Max(1, relation.ItemDegree(item)), -beta);
    }

    public static ModelKind Definition { get; } = new(
        "pixie", "sampled random walks with restarts and a bonus for what several starts lead to (Eksombatchai et al., WWW 2018)",
        [Steps, Restart, StopItems, StopVisits, ItemAlpha, Beta])
    {
        Fit = (recipe, input, cancel) =>
        {
            cancel.ThrowIfCancellationRequested();
            if (recipe[Restart] > 1) throw new Core.InvalidInputException(Core.ErrorCodes.BadUserInput, $"pixie.restart is {recipe[Restart]}; set it to 1 or less.");
            var parameters = new PixieParameters(recipe.Whole(Steps), recipe[Restart], recipe.Whole(StopItems), recipe.Whole(StopVisits), recipe[ItemAlpha]);
            return new PixieModel(Relation.Of(input.Train), parameters, recipe[Beta], input.Seed);
        },
        Load = Load,
    };

    public string Kind => Definition.Name;

    public int ItemCount => _relation.ItemCount;

    public IScorer NewScorer() => new Scorer(this);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        _walk.Contributions(Stream(user.Users[0]), user.ItemsOf(0), user.WeightsOf(0), item, _walk.NewScratch(), contributions);
        for (var n = 0; n < contributions.Length; n++) contributions[n] *= _penalty[item];
        return true;
    }

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        var ones = new float[ItemCount];
        ones.AsSpan().Fill(1);
        Rows.ForEach(
            users.Count, 16, threads,
            () => (Walk: _walk.NewScratch(), Scores: new float[ItemCount], Best: new TopK(top)),
            (scratch, n) =>
            {
                var items = known.ItemsOf(users[n]);
                Score(users[n], items, ones.AsSpan(0, items.Length), scratch.Walk, scratch.Scores);
                scratch.Best.TakeUnknown(scratch.Scores, items);
                consume(users[n], scratch.Best.Items, scratch.Best.Scores);
            },
            cancel);
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("seed", _seed);
        writer.Number("steps", _parameters.Steps);
        writer.Number("restart", _parameters.Restart);
        writer.Number("stopItems", _parameters.StopItems);
        writer.Number("stopVisits", _parameters.StopVisits);
        writer.Number("itemAlpha", _parameters.ItemAlpha);
        writer.Number("beta", _beta);
        Relation.Write(writer, _relation);
    }

    private static PixieModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var seed = (int)reader.Number("seed");
        var parameters = new PixieParameters(
            (int)reader.Number("steps"), reader.Number("restart"), (int)reader.Number("stopItems"), (int)reader.Number("stopVisits"), reader.Number("itemAlpha"));
        var beta = reader.Number("beta");
        var relation = Relation.Read(reader);
        try
        {
            return new PixieModel(relation, parameters, beta, seed);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw reader.Bad("is damaged at its parameters; train again or copy it again");
        }
    }

    /// <summary>Users who were not fitted on draw from one stream.</summary>
    private static int Stream(int user) => user < 0 ? UserBlock.Unknown : user;

    private void Score(int user, ReadOnlySpan<int> items, ReadOnlySpan<float> weights, PixieWalk.Scratch scratch, Span<float> scores)
    {
        _walk.Score(Stream(user), items, weights, scratch, scores);
        for (var item = 0; item < scores.Length; item++) scores[item] *= _penalty[item];
    }

    private sealed class Scorer(PixieModel model) : IScorer
    {
        private readonly PixieWalk.Scratch _scratch = model._walk.NewScratch();

        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            for (var row = 0; row < users.Count; row++)
                model.Score(users.Users[row], users.ItemsOf(row), users.WeightsOf(row), _scratch, scores.Slice(row * model.ItemCount, model.ItemCount));
        }
    }
}
