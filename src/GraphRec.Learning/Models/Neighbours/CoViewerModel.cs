using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Models.Neighbours;

/// <summary>
/// Scores by way of everyone who shares an item with the user's history, exactly and over the whole of it
/// (<see cref="CoViewerWalk"/>): the walks P3α and RP3β, and user-based nearest neighbours. Nothing is fitted: the model is the
/// training relation and a few exponents. Whoever brings a history is answered from it, known or not, so that an event counts
/// with the next answer; scores of two users are not on one scale.
/// </summary>
public sealed class CoViewerModel : ITopItemsModel
{
    private readonly Bipartite _relation;
    private readonly CoViewerParameters _parameters;
    private readonly bool _skipsSelf;
    private readonly CoViewerWalk _walk;

    /// <param name="kind">As which kind it is saved.</param>
    /// <param name="relation">Who has what.</param>
    /// <param name="parameters">How it is spread.</param>
    /// <param name="skipsSelf">
    /// Whether a user of the relation is no neighbour of their own: they would take the first place of so many, and tell nothing new.
    /// </param>
    internal CoViewerModel(string kind, Bipartite relation, CoViewerParameters parameters, bool skipsSelf)
    {
        (Kind, _relation, _parameters, _skipsSelf) = (kind, relation, parameters, skipsSelf);
        _walk = new CoViewerWalk(relation, parameters);
    }

    public string Kind { get; }

    public int ItemCount => _relation.ItemCount;

    public IScorer NewScorer() => new Scorer(this);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions)
    {
        _walk.Contributions(user.ItemsOf(0), user.WeightsOf(0), Self(user.Users[0]), item, _walk.NewScratch(), contributions);
        return true;
    }

    public void TopItems(
        InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
    {
        var ones = new float[ItemCount];
        ones.AsSpan().Fill(1);
        Rows.ForEach(
            users.Count, 32, threads,
            () => _walk.NewScratch(top),
            (scratch, n) =>
            {
                var items = known.ItemsOf(users[n]);
                _walk.Top(items, ones.AsSpan(0, items.Length), Self(users[n]), items, scratch);
                consume(users[n], scratch.Best.Items, scratch.Best.Scores);
            },
            cancel);
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("itemAlpha", _parameters.ItemAlpha);
        writer.Number("alpha", _parameters.Alpha);
        writer.Number("beta", _parameters.Beta);
        writer.Number("power", _parameters.Power);
        writer.Number("shrinkage", _parameters.Shrinkage);
        writer.Number("neighbours", _parameters.Neighbours);
        writer.Number("skipsSelf", _skipsSelf ? 1 : 0);
        Relation.Write(writer, _relation);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    internal static CoViewerModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var parameters = new CoViewerParameters(
            reader.Number("itemAlpha"), reader.Number("alpha"), reader.Number("beta"), reader.Number("power"), reader.Number("shrinkage"),
            (int)reader.Number("neighbours"));
        var skipsSelf = reader.Number("skipsSelf") != 0;
        if (!(parameters.Power > 0) || !(parameters.Shrinkage >= 0) || parameters.Neighbours < 0)
            throw reader.Bad("is damaged at its parameters; train again or copy it again");
        return new CoViewerModel(reader.Kind, Relation.Read(reader), parameters, skipsSelf);
    }

    private int Self(int user) => _skipsSelf && user >= 0 && user < _relation.UserCount ? user : -1;

    private sealed class Scorer(CoViewerModel model) : IScorer
    {
        private readonly CoViewerWalk.Scratch _scratch = model._walk.NewScratch();

        // Users share too few co-viewers for a block to save anything (see CoViewerWalk).
        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            for (var row = 0; row < users.Count; row++)
            {
                var into = scores.Slice(row * model.ItemCount, model.ItemCount);
                model._walk.Score(users.ItemsOf(row), users.WeightsOf(row), model.Self(users.Users[row]), _scratch, into);
            }
        }
    }
}
