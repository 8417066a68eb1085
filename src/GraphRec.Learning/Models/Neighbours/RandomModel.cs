namespace GraphRec.Learning.Models.Neighbours;

/// <summary>
/// Every item in a random order of each user's own: what any other model must beat. A score is a hash of seed, user and item in
/// [0, 1); users who were not fitted on all get the same.
/// </summary>
public sealed class RandomModel : IModel
{
    private readonly int _seed;

    private RandomModel(int itemCount, int seed) => (ItemCount, _seed) = (itemCount, seed);

    public static ModelKind Definition { get; } = new("random", "a random order for each user, to compare with", [])
    {
        Fit = (_, input, _) => new RandomModel(input.Train.Items.Count, input.Seed),
        Load = reader =>
        {
            reader.CheckVersion(1);
            var (count, seed) = (reader.Number("itemCount"), reader.Number("seed"));
            return count is >= 0 and < int.MaxValue ? new RandomModel((int)count, (int)seed) : throw reader.Bad("is damaged at itemCount; train again or copy it again");
        },
    };

    public string Kind => Definition.Name;

    public int ItemCount { get; }

    public IScorer NewScorer() => new Scorer(this);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions) => false;

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Number("itemCount", ItemCount);
        writer.Number("seed", _seed);
    }

    /// <summary>SplitMix64's mixing of all three (Steele, Lea, Flood, OOPSLA 2014).</summary>
    private static float Of(int seed, int user, int item)
    {
        var value = Mix(Mix((uint)seed + 0x9E3779B97F4A7C15UL) ^ (((ulong)(uint)user << 32) | (uint)item));
        return (value >> 40) * (1f / (1 << 24));
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    private sealed class Scorer(RandomModel model) : IScorer
    {
        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            for (var row = 0; row < users.Count; row++)
            {
                for (var item = 0; item < model.ItemCount; item++) scores[(row * model.ItemCount) + item] = Of(model._seed, users.Users[row], item);
            }
        }
    }
}
