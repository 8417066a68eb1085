using System.Globalization;
using GraphRec.Benchmarks.ColdStart;
using GraphRec.Learning.Embeddings;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>cold-start --data DIR [--seeds N] [--share X] [--threads N] [--validation] [--alone] [NAME=VALUE …]</c>: a share of the dramas that somebody
/// engaged with is hidden from behaviour, and viewers who engaged with some of them are asked: how well are these ranked, among
/// the hidden ones and among all dramas new to the viewer, by the relation-aware embedding, by popularity, and by facts
/// alone (not with --alone)? Means over viewers of their means over seeds. With --validation, the hidden dramas are
/// taken away, and as many of those that remain are hidden and asked for: parameters are chosen by that. Names and values are
/// those of <see cref="RelationalGcnParameters"/>.
/// </summary>
internal static class ColdStartCommand
{
    private static readonly string[] Metrics = ["ndcg@10", "recall@10", "auc"];

    private const string Vectors = "relation-aware LightGCN", Nearest = "content k-NN", Both = "both, summed";

    private sealed record Options(string Data, int Seeds, double Share, int Threads, bool Validation, bool Alone, RelationalGcnParameters Parameters);

    public static int Run(string[] args)
    {
        if (Parse(args) is not { } o)
        {
            Console.Error.WriteLine("usage: cold-start --data DIR [--seeds N] [--share X] [--threads N] [--validation] [--alone] [NAME=VALUE …]");
            return 2;
        }
        var export = ColdSplit.ReadAsync(o.Data).GetAwaiter().GetResult();
        var found = new Dictionary<(string Model, string Pool, string Metric), Dictionary<string, List<double>>>();
        Measure fit = default;
        Print($"{o.Data}: {o.Parameters}");
        for (var seed = 1; seed <= o.Seeds; seed++)
        {
            var split = ColdSplit.Of(export, o.Share, seed, o.Validation);
            Print($"seed {seed}: {split.Train.Users.Count:N0} viewers, {split.Train.Count:N0} engagements left; {split.Hidden.Length:N0} dramas hidden, {split.Test.Count:N0} viewers asked");
            NodeVectors? vectors = null;
            var spent = Measure.Of(() => vectors = RelationalGcn.Fit(split.Graph, o.Parameters, seed, o.Threads));
            fit = new Measure(fit.Cpu + (spent.Cpu / o.Seeds), fit.Wall + (spent.Wall / o.Seeds));
            Take(Vectors, split, split.ByVectors(vectors!), found);
            Take("popularity, ties drawn", split, split.ByChance(seed), found);
            if (o.Alone) continue;
            Take("content TF-IDF", split, split.ByModel(new ContentModel(split.Train, export.Catalog)), found);
            var nearest = split.ByNearest(export.Catalog, 20);
            Take(Nearest, split, nearest, found);
            Take(Both, split, split.BySum(split.ByVectors(vectors!), nearest), found);
        }
        foreach (var pool in ColdSplit.Pools)
        {
            Console.WriteLine($"{"ranked: " + pool,-28}{string.Concat(Metrics.Select(metric => $"{metric,26}"))}");
            foreach (var model in found.Keys.Select(key => key.Model).Distinct())
            {
                var cells = Metrics.Select(metric => BootstrapInterval.Of(Means(found[(model, pool, metric)]), seed: 1));
                Console.WriteLine($"{model,-28}{string.Concat(cells.Select(cell => Measure.Text($"{cell.Mean,10:F4} [{cell.Low:F4}, {cell.High:F4}]")))}");
            }
            foreach (var other in found.Keys.Select(key => key.Model).Distinct().Skip(1)) Compare(Vectors, other, pool, found);
            if (!o.Alone) Compare(Both, Nearest, pool, found);
        }
        Print($"fit: {fit.Cpu:F1} CPU s, {fit.Wall:F1} s wall each; peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static void Compare(
        string model, string other, string pool, Dictionary<(string Model, string Pool, string Metric), Dictionary<string, List<double>>> found)
    {
        var tests = Metrics.Select(metric => PairedTest.Of(Means(found[(model, pool, metric)]), Means(found[(other, pool, metric)]), seed: 1));
        Console.WriteLine($"{$"{model} against {other}",-52}{string.Concat(tests.Select(test => Measure.Text($"{test.Difference.Mean,9:F4}, p = {test.P:F4}")))}");
    }

    private static void Take(
        string model, ColdSplit split, UserScores scores, Dictionary<(string, string, string), Dictionary<string, List<double>>> found)
    {
        foreach (var (pool, metric, user, value) in split.Measure(scores))
        {
            if (!found.TryGetValue((model, pool, metric), out var users)) found.Add((model, pool, metric), users = []);
            if (!users.TryGetValue(user, out var values)) users.Add(user, values = []);
            values.Add(value);
        }
    }

    private static double[] Means(Dictionary<string, List<double>> users) =>
        [.. users.OrderBy(user => user.Key, StringComparer.Ordinal).Select(user => user.Value.Average())];

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));

    private static Options? Parse(string[] args)
    {
        var o = new Options("", 3, 0.1, Environment.ProcessorCount, false, false, new RelationalGcnParameters());
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--validation") o = o with { Validation = true };
            else if (args[i] == "--alone") o = o with { Alone = true };
            else if (args[i].Split('=') is [var name, var said])
            {
                if (Set(o.Parameters, name, said) is not { } parameters) return null;
                o = o with { Parameters = parameters };
            }
            else if (i + 1 < args.Length)
            {
                var value = args[++i];
                switch (args[i - 1])
                {
                    case "--data": o = o with { Data = value }; break;
                    case "--seeds": o = o with { Seeds = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                    case "--share": o = o with { Share = double.Parse(value, CultureInfo.InvariantCulture) }; break;
                    case "--threads": o = o with { Threads = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                    default: return null;
                }
            }
            else return null;
        }
        return o.Data.Length == 0 || o.Seeds < 1 ? null : o;
    }

    private static RelationalGcnParameters? Set(RelationalGcnParameters p, string name, string value)
    {
        var changed = p with { };
        if (typeof(RelationalGcnParameters).GetProperty(name) is not { } property) return null;
        property.SetValue(changed, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
        return changed;
    }
}
