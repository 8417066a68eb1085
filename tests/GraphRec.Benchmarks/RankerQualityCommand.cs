using System.Globalization;
using GraphRec.Benchmarks.PageQuality;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Tuning;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Recommend;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>ranker-quality --data DIR[,DIR…] [--per-viewer] [--model NAME] [--rounds N] [--cuts viewer|time|both] [--recipe FILE]</c>: pages as served
/// by the linear ranker, by LambdaMART and by the MLP, each trained on cuts inside the training part: NDCG@10 with intervals of 95 %, catalogue
/// coverage, diversity and miscalibration, and whether the difference from the linear ranker is more than chance.
/// </summary>
public static class RankerQualityCommand
{
    private const int K = 10;

    public static int Run(string[] args)
    {
        var perViewer = args.Contains("--per-viewer");
        foreach (var data in (Value(args, "--data") ?? "data").Split(','))
            Show(HeldOutFiles.ReadAsync(data, perViewer).GetAwaiter().GetResult(), args);
        return 0;
    }

    private static void Show(HeldOut held, string[] args)
    {
        if (args.Contains("--validation")) held = held.Validation();
        var recipe = Value(args, "--recipe") is { } file ? Recipe.Load(file) : Recipe.Default;
        var model = ModelItems.Parse(Value(args, "--model") ?? "slim")[0].Recipe;
        var rounds = int.Parse(Value(args, "--rounds") ?? "3", CultureInfo.InvariantCulture);
        var cuts = Value(args, "--cuts") ?? "viewer";
        Console.WriteLine($"{held.Name}: {held.Events.Count:N0} events; {held.Protocol}; {held.Split.Test.Count:N0} test viewers, {held.Split.TestPairs:N0} pairs to find");
        // A cut by viewer lets others' later behaviour in; nothing from the test's side may come with it.
        var events = held.Split.TrainEvents;
        var lists = new List<LabelledList>();
        var spent = Spent.By(() =>
        {
            foreach (var viewer in cuts == "both" ? [true, false] : new[] { cuts == "viewer" })
            {
                var how = new BehaviourCuts(recipe, model) { Rounds = rounds, PerViewer = viewer, Threads = Environment.ProcessorCount };
                lists.AddRange(RankerTraining.Lists(held.Catalogue, events, how, null));
            }
        });
        string[] names = [.. new FeatureSet(SourceNames.All).Features.Select(feature => feature.Name)];
        Console.WriteLine($"{lists.Count:N0} lists of {lists.Sum(list => list.Labels.Length):N0} rows with {names.Length} features, made in {spent.CpuSeconds:0} CPU s");
        var (train, validation) = (RankingLists.Of(names, lists, n => n % 5 != 0), RankingLists.Of(names, lists, n => n % 5 == 0));
        var trained = RankerTraining.TrainedOn(model, held.Split, 1, Environment.ProcessorCount);
        var linear = new PipelineModel(held, recipe, trained);
        var folder = Directory.CreateTempSubdirectory("graphrec-ranker-").FullName;
        Learning.Evaluation.RankingEvaluation? baseline = null;
        foreach (var name in new[] { "linear", "lambdamart", "mlp" })
        {
            if (Value(args, "--only") is { } only && name != "linear" && name != only) continue;
            var path = Path.Combine(folder, name + ".onnx");
            var fit = Spent.By(() =>
            {
                if (name == "lambdamart") RankerExport.Write(path, LambdaMart.Fit(train, validation, Parameters(args), 1, 1), train, linear.Features.Fingerprint, 1);
                if (name == "mlp") RankerExport.Write(path, MlpRanker.Fit(train, validation, new MlpParameters(), 1, Environment.ProcessorCount), train, linear.Features.Fingerprint, 1);
            });
            using var learned = name == "linear" ? null : new LearnedRanker(path, linear.Features);
            if (learned is not null) Importance(path, train, args);
            foreach (var served in new[] { false, true })
            {
                var found = Measure(linear with { Learned = learned, Served = served }, held);
                if (served && name == "linear") baseline = found;
                Print($"{name}{(served ? ", as served" : ", relevance alone")}", found, served && name != "linear" ? baseline : null, fit.CpuSeconds);
            }
        }
        Directory.Delete(folder, true);
    }

    private static LambdaMartParameters Parameters(string[] args)
    {
        var p = new LambdaMartParameters();
        foreach (var pair in (Value(args, "--lambdamart") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = (pair.Split('=')[0], double.Parse(pair.Split('=')[1], CultureInfo.InvariantCulture));
            p = name switch
            {
                "trees" => p with { Trees = (int)value },
                "leaves" => p with { Leaves = (int)value },
                "rate" => p with { LearningRate = value },
                "min" => p with { MinExamplesPerLeaf = (int)value },
                "truncation" => p with { TruncationLevel = (int)value },
                "features" => p with { FeatureFraction = value },
                "l2" => p with { L2 = value },
                _ => throw new FormatException($"there is no parameter '{name}' of LambdaMART; use trees, leaves, rate, min, truncation, features, l2."),
            };
        }
        return p;
    }

    private static void Importance(string path, RankingLists train, string[] args)
    {
        if (!args.Contains("--importance") || Ranking.Onnx.OnnxFile.ReadTrees(path).Trees is not { } trees) return;
        var rows = Math.Min(train.RowCount, 4000);
        var byFeature = new double[rows * train.FeatureCount];
        var scores = new float[rows];
        using var ranker = new Ranking.Onnx.OnnxRanker(path, Ranking.Onnx.OnnxFile.Description(path)!);
        ranker.Score(train.Features, rows, scores);
        new Ranking.Explanations.TreeShap(trees).Explain(train.Features.Span[..(rows * train.FeatureCount)], scores, byFeature);
        var mean = Enumerable.Range(0, train.FeatureCount).Select(f => (Name: train.FeatureNames[f], Value: Enumerable.Range(0, rows).Average(r => Math.Abs(byFeature[(r * train.FeatureCount) + f]))));
        Console.WriteLine($"{trees.TreeCount} trees; mean |SHAP|: {string.Join(", ", mean.OrderByDescending(m => m.Value).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Name} {m.Value:0.000}")))}");
    }

    private static Learning.Evaluation.RankingEvaluation Measure(PipelineModel model, HeldOut held)
    {
        var genres = new ItemGenres([.. held.Split.Train.Items.Select(id => held.Catalogue.Dramas.First(d => d.Id == id).Genres)]);
        var metrics = new MetricSet(
            20, [new NdcgAtK(K), new NdcgAtK(20), new RecallAtK(20), new IntraListDiversity("genre", genres.Of, K), new GenreCalibration(genres.Of, genres.Names.Count, K)],
            [new CatalogCoverage(held.Split.Train.Items.Count, K)]);
        return RankingEvaluator.Measure(model, held.Split, metrics, Environment.ProcessorCount);
    }

    private static void Print(string name, Learning.Evaluation.RankingEvaluation found, Learning.Evaluation.RankingEvaluation? baseline, double cpu)
    {
        var ndcg = found.PerUser[$"ndcg@{K}"];
        var interval = BootstrapInterval.Of(ndcg, 1);
        var others = string.Join(' ', found.PerUser.Keys.Skip(1).Concat(found.OfLists.Keys).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m} {found[m]:0.0000}")));
        var test = baseline is null ? "" : PairedTest.Of(ndcg, baseline.PerUser[$"ndcg@{K}"], 1) is var paired ? string.Create(
            CultureInfo.InvariantCulture, $" difference {paired.Difference.Mean:+0.0000;-0.0000} [{paired.Difference.Low:+0.0000;-0.0000}, {paired.Difference.High:+0.0000;-0.0000}] p {paired.P:0.0000}") : "";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-28} ndcg@{K} {interval.Mean:0.0000} [{interval.Low:0.0000}, {interval.High:0.0000}] {others}{test}  fit {cpu:0} CPU s"));
    }

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
}
