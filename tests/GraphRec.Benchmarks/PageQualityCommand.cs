using System.Globalization;
using GraphRec.Benchmarks.PageQuality;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
using GraphRec.Ranking;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>page-quality --data DIR[,DIR…] [--per-viewer] [--recipe FILE] [--model NAME:PARAMETER=VALUE…] [--tune N] [--sources]</c>: how well the
/// serving pipeline ranks what viewers engaged with later, beside simple models on the same split. With --model, the
/// collaborative source answers from that model, fitted on the training part. With --per-viewer, the last fifth of each viewer's
/// engagements is held out instead of the last fifth of all. With --tune, source weights are searched on each viewer's last
/// engagements inside training: those with the best mean over the data sets of NDCG@20 of relevance alone, relative to the recipe that
/// was begun with.
/// </summary>
public static class PageQualityCommand
{
    private static readonly ModelRecipe[] Baselines = [.. new[] { "popularity", "itemknn", "rp3beta" }.Select(ModelRecipe.Default)];

    public static int Run(string[] args)
    {
        var trials = int.Parse(Value(args, "--tune") ?? "0", CultureInfo.InvariantCulture);
        var model = Value(args, "--model") is { } given ? ModelItems.Parse(given)[0].Recipe : null;
        var perViewer = args.Contains("--per-viewer");
        HeldOut[] sets = [.. (Value(args, "--data") ?? "data").Split(',').Select(data => HeldOutFiles.ReadAsync(data, perViewer).GetAwaiter().GetResult())];
        var recipe = Value(args, "--recipe") is { } file ? Recipe.Load(file) : Recipe.Default;
        if (trials > 0) recipe = Tune(sets, trials, recipe, model);
        foreach (var set in sets) Show(set, recipe, model, args.Contains("--sources"));
        return 0;
    }

    private static void Show(HeldOut held, Recipe recipe, ModelRecipe? model, bool sources)
    {
        var split = held.Split;
        Console.WriteLine($"{held.Name}: {held.Events.Count:N0} events; {held.Protocol}; {split.Test.Count:N0} test viewers, {split.TestPairs:N0} pairs to find");
        Console.WriteLine($"{"model",-40} {"Recall@20",10} {"NDCG@20",10}");
        IModel? fitted = null;
        foreach (var baseline in Baselines.Concat(model is null ? [] : [model]))
            Print(RankingEvaluator.Evaluate(new MaskSeen(fitted = Fit(baseline, split), held), split));
        var pipeline = new PipelineModel(held, recipe, model is null ? null : Lists(fitted!, split));
        Print(RankingEvaluator.Evaluate(pipeline with { Served = false }, split) with { Model = "pipeline, relevance alone" });
        Print(RankingEvaluator.Evaluate(pipeline, split) with { Model = "pipeline, as served (re-ranked)" });
        if (!sources) return;
        foreach (var name in SourceNames.All)
        {
            var alone = recipe with { Sources = new Dictionary<string, float> { [name] = 1 } };
            Print(RankingEvaluator.Evaluate(pipeline with { Recipe = alone, Served = false }, split) with { Model = $"source {name} alone" });
        }
    }

    private static Recipe Tune(HeldOut[] sets, int trials, Recipe best, ModelRecipe? trained)
    {
        var validations = Array.ConvertAll(sets, set => set.Validation());
        var features = Array.ConvertAll(
            validations, held => new SourceFeatures(new PipelineModel(held, best, trained is null ? null : Lists(Fit(trained, held.Split), held.Split)), held));
        var (begun, bestGain, random) = (Measure(best.Sources), 1.0, new Random(1));
        for (var t = 0; t < trials; t++)
        {
            // Coordinate steps in random order: one weight is scaled, or begins at .05, and the rest renormalised.
            var name = SourceNames.All[random.Next(SourceNames.All.Count)];
            var factor = Math.Exp(1.5 * ((2 * random.NextDouble()) - 1));
            var weights = new Dictionary<string, float>(best.Sources);
            weights[name] = weights.GetValueOrDefault(name) is > 0 and var weight ? (float)(weight * factor) : 0.05f;
            var sum = weights.Values.Sum();
            var trial = best with { Sources = weights.ToDictionary(p => p.Key, p => p.Value / sum) };
            var ndcg = Measure(trial.Sources);
            var gain = ndcg.Zip(begun, (now, before) => now / before).Average();
            if (gain <= bestGain) continue;
            (best, bestGain) = (trial, gain);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"trial {t}: validation NDCG@20 {string.Join(' ', ndcg.Select(n => n.ToString("0.0000", CultureInfo.InvariantCulture)))}, {gain:0.000} of the start  {string.Join(" ", trial.Sources.Select(p => $"{p.Key}={p.Value:0.000}"))}"));
        }
        return best;

        double[] Measure(IReadOnlyDictionary<string, float> weights) =>
            [.. features.Select((of, n) => RankingEvaluator.Evaluate(of.Weighted(weights), validations[n].Split).Ndcg)];
    }

    private static IModel Fit(ModelRecipe model, TemporalSplit split) => ModelKinds.Fit(model, FitInput.Of(split, seed: 1, Environment.ProcessorCount));

    private static TrainedLists Lists(IModel model, TemporalSplit split) =>
        new(model.Kind, split.Train.Items, ItemLists.Of(model, ItemLists.ServedLength, Environment.ProcessorCount));

    private static void Print(EvaluationRow row) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Model,-40} {row.Recall,10:0.0000} {row.Ndcg,10:0.0000}"));

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
}
