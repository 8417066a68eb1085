using System.Numerics.Tensors;
using GraphRec.Learning.Data;

namespace GraphRec.Learning.Models;

/// <summary>
/// The same for everyone: how many users have an item, each user's engagement worth 2^(−age / halfLife). Where the data have
/// no times, or with halfLife 0, every engagement is worth 1.
/// </summary>
public sealed class PopularityModel : IModel
{
    private static readonly ModelParameter HalfLifeDays = new("halfLifeDays", 0, 0, 730, "days after which an engagement counts half, before the last one in the data; 0 for no decay") { Minimum = 0 };

    private readonly float[] _scores;

    private PopularityModel(float[] scores) => _scores = scores;

    public static ModelKind Definition { get; } = new("popularity", "how many users have the item, recent ones counting more when told so", [HalfLifeDays])
    {
        Fit = (recipe, input, _) => Fit(input, recipe[HalfLifeDays]),
        Load = Load,
    };

    public string Kind => Definition.Name;

    public int ItemCount => _scores.Length;

    /// <summary>Counts.</summary>
    public static PopularityModel Fit(FitInput input, double halfLifeDays = 0)
    {
        var decays = halfLifeDays > 0 && input.Pairs.TimeScale == InteractionTimes.Milliseconds;
        var items = input.Pairs.ItemNumbers;
        var times = input.Pairs.Times;
        var last = times.IsEmpty ? 0 : TensorPrimitives.Max(times);
        var sums = new double[input.Train.Items.Count];
        for (var pair = 0; pair < items.Length; pair++)
            sums[items[pair]] += decays ? Math.Pow(2, -(last - times[pair]) / (halfLifeDays * TimeSpan.MillisecondsPerDay)) : 1;
        return new PopularityModel(Array.ConvertAll(sums, sum => (float)sum));
    }

    public IScorer NewScorer() => new Scorer(_scores);

    public bool TryExplain(in UserBlock user, int item, Span<float> contributions) => false;

    public void Save(Stream stream)
    {
        using var writer = new ModelWriter(stream, Kind, version: 1);
        writer.Array<float>("scores", _scores);
    }

    private static PopularityModel Load(ModelReader reader)
    {
        reader.CheckVersion(1);
        return new PopularityModel(reader.Array<float>("scores"));
    }

    private sealed class Scorer(float[] popularity) : IScorer
    {
        public int BlockSize => 1;

        public void Score(in UserBlock users, Span<float> scores)
        {
            for (var row = 0; row < users.Count; row++) popularity.CopyTo(scores[(row * popularity.Length)..]);
        }
    }
}
