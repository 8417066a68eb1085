using System.Text;

namespace GraphRec.Learning.Models.Blending;

/// <summary>A model in a blend.</summary>
/// <param name="Name">Its recipe, as <c>--models</c> takes it.</param>
/// <param name="Weight">Above 0; what it adds at most.</param>
/// <param name="Model">Fitted on the same data as the others.</param>
public sealed record BlendMember(string Name, float Weight, IModel Model);

/// <summary>
/// Several models as one: a user's score of an item is the sum of the members' scores, each brought to [0, 1] per user, by
/// weights that were learned from held-out items ("stacked generalization", Wolpert, Neural Networks 5, 1992). What each member
/// adds is kept (<see cref="Contributions"/>); the members' own items are not added up, because scores enter by their logarithm.
/// </summary>
public sealed class BlendModel : IModel
{
    private static readonly ModelParameter Users = new("users", 6000, 500, 20_000, "users from whose held-out items the weights are learned") { Minimum = 1, IsWhole = true, IsFixed = true };
    private static readonly ModelParameter Candidates = new("candidates", 100, 20, 500, "of each member's best items that are judged per user") { Minimum = 1, IsWhole = true, IsFixed = true };

    internal BlendModel(IReadOnlyList<BlendMember> members) => Members = members;

    /// <summary>What is blended where neither the recipe nor the run names anything: models that differ in what they find.</summary>
    public static IReadOnlyList<ModelRecipe> UsualMembers { get; } = [.. new[] { "rp3beta", "userknn", "slim", "ials", "bspm" }.Select(ModelRecipe.Default)];

    public static ModelKind Definition { get; } = new("blend", "the other models of the run as one, by weights learned from held-out items (stacking)", [Users, Candidates])
    {
        Fit = (recipe, input, cancel) => new BlendFit(recipe.Whole(Users), recipe.Whole(Candidates)).Run(recipe.Members.Count == 0 ? UsualMembers : recipe.Members, input, cancel),
        Load = Load,
        IsMadeOfOthers = true,
    };

    public string Kind => Definition.Name;

    public int ItemCount => Members[0].Model.ItemCount;

    /// <summary>What it is made of; members without a weight are not among them.</summary>
    public IReadOnlyList<BlendMember> Members { get; }

    public IScorer NewScorer() => new Scorer(this);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions) => false;

    /// <summary>What each member adds to the score of an item; the contributions sum to the score.</summary>
    /// <param name="user">A block of one user.</param>
    /// <param name="item">Any item.</param>
    /// <returns>One per member, in their order.</returns>
    public float[] Contributions(in UserBlock user, int item)
    {
        var scores = new float[ItemCount];
        var contributions = new float[Members.Count];
        for (var m = 0; m < contributions.Length; m++)
        {
            Array.Clear(scores);
            new MemberScores(Members[m].Model).AddTo(user, Members[m].Weight, scores);
            contributions[m] = scores[item];
        }
        return contributions;
    }

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Array<float>("weights", [.. Members.Select(member => member.Weight)]);
        writer.Array<byte>("names", Encoding.UTF8.GetBytes(string.Join('\n', Members.Select(member => member.Name))));
        foreach (var member in Members) writer.Model("member", member.Model);
    }

    private static BlendModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        var weights = reader.Array<float>("weights");
        var names = Encoding.UTF8.GetString(reader.Array<byte>("names")).Split('\n');
        if (names.Length != weights.Length) throw reader.Bad("is damaged; train again or copy it again");
        BlendMember[] members = [.. weights.Select((weight, m) => new BlendMember(names[m], weight, reader.Model("member")))];
        return members.All(member => member.Model.ItemCount == members[0].Model.ItemCount) ? new BlendModel(members)
            : throw reader.Bad("is damaged (its members do not go together); train again or copy it again");
    }

    private sealed class Scorer(BlendModel model) : IScorer
    {
        private readonly MemberScores[] _scorers = [.. model.Members.Select(member => new MemberScores(member.Model))];

        public int BlockSize => _scorers.Max(scorer => scorer.BlockSize);

        public void Score(in UserBlock users, Span<float> scores)
        {
            scores[..(users.Count * model.ItemCount)].Clear();
            for (var m = 0; m < _scorers.Length; m++) _scorers[m].AddTo(users, model.Members[m].Weight, scores);
        }
    }
}
