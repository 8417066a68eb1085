using System.Globalization;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Graphs;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>gcn-curve --data DIR [--threads N] [--every N] [--stop N] [--walk X,…] [--clumps | --test] [NAME=VALUE …]</c>: how LightGCN learns a data set in
/// LightGCN's form, epoch by epoch: seconds, loss and quality on a part held out of training, at random or with
/// <c>--clumps</c> as <see cref="ClumpCut"/> does; with <c>--test</c> it learns the whole training part, and the test part is
/// measured once, at the end. With <c>--walk</c> the same for <c>lightgcn-walk</c>, with each of these weights of the walk. Names and values are the model's parameters.
/// </summary>
internal static class GcnCurveCommand
{
    private sealed record Options(string Data, int Threads, int Every, int Stop, bool Test, bool Clumps, double[] Walks, ModelRecipe Recipe);

    public static int Run(string[] args)
    {
        if (Parse(args) is not { } o)
        {
            Console.Error.WriteLine("usage: gcn-curve --data DIR [--threads N] [--every N] [--stop N] [--walk X,…] [--clumps | --test] [NAME=VALUE …]");
            return 2;
        }
        o.Recipe.Checked();
        var given = LightGcnFiles.Read(o.Data);
        Split split = o.Test ? given : o.Clumps ? ClumpCut.Of(given, seed: 1) : given.Validation(seed: 1);
        var p = LightGcnModel.ParametersOf(o.Recipe);
        Console.WriteLine(Measure.Text($"{o.Recipe}: {split.Train.Users.Count:N0} users, {split.Train.Items.Count:N0} items, {split.Train.Count:N0} pairs; {o.Threads} threads"));
        Console.WriteLine($"{"epoch",5}{"wall s",9}{"CPU s",9}{"loss",10}{"R@20",9}{"N@20",7}{string.Concat(o.Walks.Select(walk => Measure.Text($"{$"walk {walk}",16}")))}{"so far",9}");
        LightGcnFit? fit = null;
        var wall = Measure.Of(() => fit = new LightGcnFit(split.Train, p, seed: 1, o.Threads, CancellationToken.None)).Wall;
        var last = Math.Min(p.Epochs, o.Stop);
        if (!o.Test) Console.WriteLine(Measure.Text($"{0,5}{wall,9:F2}{"",19}{Quality()}"));
        for (var epoch = 1; epoch <= last; epoch++)
        {
            var loss = 0.0;
            var spent = Measure.Of(() => loss = fit!.Epoch(null));
            wall += spent.Wall;
            var line = Measure.Text($"{epoch,5}{spent.Wall,9:F2}{spent.Cpu,9:F2}{loss,10:F4}");
            if (epoch == last || (!o.Test && epoch % o.Every == 0))
                line += Quality() + Measure.Text($"{wall,9:F0}");
            Console.WriteLine(line);
        }
        Console.WriteLine(Measure.Text($"measured on the {(o.Test ? "test part" : "part held out of training")}; peak memory {Measure.PeakMegabytes():F0} MB"));
        return 0;

        string Quality()
        {
            var model = LightGcnModel.Of(split.Train, p, fit!, o.Threads, CancellationToken.None);
            IRankingModel[] measured = [model, .. o.Walks.Select(walk => LightGcnWalk.Of(split.Train, model, walk))];
            var rows = measured.Select(m => RankingEvaluator.Evaluate(m, split));
            return string.Concat(rows.Select(row => Measure.Text($"{row.Recall,9:F4}{row.Ndcg,7:F4}")));
        }
    }

    private static Options? Parse(string[] args)
    {
        var o = new Options("", Environment.ProcessorCount, 1, int.MaxValue, false, false, [], ModelRecipe.Default("lightgcn"));
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].Split('=') is [var name, var said] && double.TryParse(said, CultureInfo.InvariantCulture, out var number))
            {
                o = o with { Recipe = o.Recipe.With(name, number) };
                continue;
            }
            if (args[i] == "--test")
            {
                o = o with { Test = true };
                continue;
            }
            if (args[i] == "--clumps")
            {
                o = o with { Clumps = true };
                continue;
            }
            if (i + 1 == args.Length) return null;
            var value = args[++i];
            switch (args[i - 1])
            {
                case "--data": o = o with { Data = value }; break;
                case "--threads": o = o with { Threads = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                case "--every": o = o with { Every = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                case "--walk": o = o with { Walks = [.. value.Split(',').Select(walk => double.Parse(walk, CultureInfo.InvariantCulture))] }; break;
                case "--stop": o = o with { Stop = int.Parse(value, CultureInfo.InvariantCulture) }; break;
                default: return null;
            }
        }
        return o.Data.Length == 0 || o.Every < 1 ? null : o;
    }
}
