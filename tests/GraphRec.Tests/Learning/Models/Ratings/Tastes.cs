using GraphRec.Learning.Data;

namespace GraphRec.Tests.Learning.Models.Ratings;

/// <summary>40 users who rate most of 30 items from 1 to 5 by biases and two tastes, with a little noise: drawn once and for all.</summary>
internal static class Tastes
{
    public static Interactions Data { get; } = Drawn();

    private static Interactions Drawn()
    {
        var random = new Random(11);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[][] Vectors(int count) => [.. Enumerable.Range(0, count).Select(_ => new[] { 0.4 * Normal(), Normal(), Normal() })];
        var (users, items) = (Vectors(40), Vectors(30));
        List<int> userNumbers = [], itemNumbers = [];
        List<float> values = [];
        for (var user = 0; user < 40; user++)
        {
            for (var item = 0; item < 30; item++)
            {
                if (random.NextDouble() > 0.8) continue;
                userNumbers.Add(user);
                itemNumbers.Add(item);
                var taste = (users[user][1] * items[item][1]) + (users[user][2] * items[item][2]);
                values.Add((float)Math.Clamp(3 + users[user][0] + items[item][0] + (0.7 * taste) + (0.3 * Normal()), 1, 5));
            }
        }
        return Interactions.Of(
            "tastes", [.. Enumerable.Range(0, 40).Select(u => $"u{u}")], [.. Enumerable.Range(0, 30).Select(i => $"i{i}")],
            [.. userNumbers], [.. itemNumbers], [.. values]);
    }
}
