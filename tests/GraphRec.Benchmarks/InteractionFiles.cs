using System.Globalization;
using GraphRec.Graph;

namespace GraphRec.Benchmarks;

/// <summary>Reads the LightGCN form of a data set: per line a user and that user's items, separated by blanks.</summary>
internal static class InteractionFiles
{
    /// <summary>Items by user; a user without a line has none.</summary>
    public static int[][] Read(string path)
    {
        var rows = new List<int[]>();
        foreach (var line in File.ReadLines(path))
        {
            var numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length == 0) continue;
            var user = int.Parse(numbers[0], CultureInfo.InvariantCulture);
            while (rows.Count <= user) rows.Add([]);
            rows[user] = [.. numbers.Skip(1).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        }
        return [.. rows];
    }

    /// <summary>Training relation and test items, with as many items as either of them names.</summary>
    public static (Bipartite Train, int[][] Test) ReadSplit(string folder)
    {
        var train = Read(Path.Combine(folder, "train.txt"));
        var test = Read(Path.Combine(folder, "test.txt"));
        Array.Resize(ref test, train.Length);
        for (var i = 0; i < test.Length; i++) test[i] ??= [];
        var items = train.Concat(test).SelectMany(r => r).Max() + 1;
        return (Bipartite.Build(train.Length, items, user => train[user]), test);
    }
}
