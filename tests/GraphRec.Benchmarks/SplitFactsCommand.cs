using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>split-facts --data DIR</c>: whether the test part of a data set in LightGCN's form is distributed as a part cut from
/// training at random is. Nothing is fitted, and no parameter is chosen by it.
/// </summary>
internal static class SplitFactsCommand
{
    private const int Users = 5000;

    public static int Run(string[] args)
    {
        if (args is not ["--data", var folder])
        {
            Console.Error.WriteLine("usage: split-facts --data DIR");
            return 2;
        }
        var given = LightGcnFiles.Read(folder);
        Console.WriteLine($"{"",-36}{"given test part",18}{"random cut",14}");
        Line("held-out items like each other", given, static (split, user) => Pairs(split, user.Items, user.Items));
        Line("held-out items like kept ones", given, static (split, user) => Pairs(split, user.Items, split.Train.ItemsOf(user.User).ToArray()));
        Line("without any co-user among kept", given, static (split, user) => user.Items.Average(item => Lonely(split, item, user.User) ? 1.0 : 0));
        Console.WriteLine();
        var rows = File.ReadLines(Path.Combine(folder, "test.txt")).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).ToArray();
        var number = given.Train.Items.Select((id, n) => (id, n)).ToDictionary(p => p.id, p => p.n, StringComparer.Ordinal);
        for (var distance = 1; distance <= 4; distance++)
            Console.WriteLine(Measure.Text($"test rows, items {distance} apart as written: mean cosine {Apart(given, rows, number, distance):F4}"));
        return 0;
    }

    private static void Line(string name, Split given, Func<Split, TestUser, double> fact)
    {
        double Mean(Split split) => split.WithTestUsers(Users).Test.Where(user => user.Items.Count > 1 && split.Train.ItemsOf(user.User).Length > 1).AsParallel().Average(user => fact(split, user));
        Console.WriteLine(Measure.Text($"{name,-36}{Mean(given),18:F4}{Mean(RandomSplit.Of(given.TrainPairs)),14:F4}"));
    }

    /// <summary>The mean cosine of the items' users over pairs of different items.</summary>
    private static double Pairs(Split split, IReadOnlyList<int> from, IReadOnlyList<int> to)
    {
        var (sum, count) = (0.0, 0);
        foreach (var a in from)
        {
            foreach (var b in to)
            {
                if (a == b) continue;
                sum += Cosine(split, a, b);
                count++;
            }
        }
        return count == 0 ? 0 : sum / count;
    }

    private static bool Lonely(Split split, int item, int user)
    {
        foreach (var kept in split.Train.ItemsOf(user))
        {
            if (Cosine(split, item, kept) > 0) return false;
        }
        return true;
    }

    private static double Apart(Split split, string[][] rows, Dictionary<string, int> number, int distance)
    {
        var values = rows.SelectMany(row => Enumerable.Range(0, Math.Max(0, row.Length - distance)).Select(n => Cosine(split, number[row[n]], number[row[n + distance]])));
        return values.Average();
    }

    private static double Cosine(Split split, int a, int b)
    {
        var first = split.Train.UsersOf(a);
        var second = split.Train.UsersOf(b);
        if (first.IsEmpty || second.IsEmpty) return 0;
        var (x, y, common) = (0, 0, 0);
        while (x < first.Length && y < second.Length)
        {
            if (first[x] == second[y]) (common, x, y) = (common + 1, x + 1, y + 1);
            else if (first[x] < second[y]) x++;
            else y++;
        }
        return common / Math.Sqrt((double)first.Length * second.Length);
    }
}
