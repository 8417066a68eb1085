using System.Globalization;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using GraphRec.Storage.Embedded;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>page-quality --data DIR [--recipe FILE] [--model NAME:PARAMETER=VALUE…] [--tune N] [--sources]</c>: how well the serving pipeline ranks what viewers engaged with later, beside
/// popularity and item-kNN on the same split. With --model, the collaborative
/// source answers from that model, fitted on the training part. With --tune, source weights are searched on a split inside training.
/// </summary>
public static class PageQualityCommand
{
    private static readonly ModelRecipe[] Baselines = [.. new[] { "popularity", "itemknn", "rp3beta" }.Select(ModelRecipe.Default)];

    public static int Run(string[] args)
    {
        var data = Value(args, "--data") ?? "data";
        var trials = int.Parse(Value(args, "--tune") ?? "0", CultureInfo.InvariantCulture);
        var (catalogue, events) = Read(data).GetAwaiter().GetResult();
        string[] items = [.. catalogue.Dramas.Select(d => d.Id)];
        var split = Unseen(TemporalSplit.Of(items, events));
        Console.WriteLine($"{data}: {events.Count:N0} events; cut {split.Cut:yyyy-MM-dd}; {split.Test.Count:N0} test viewers, {split.TestPairs:N0} pairs to find");
        var start = Value(args, "--recipe") is { } file ? Recipe.Load(file) : Recipe.Default;
        var model = Value(args, "--model") is { } given ? ModelItems.Parse(given)[0].Recipe : null;
        var recipe = trials > 0 ? Tune(catalogue, Unseen(split.Validation(seed: 0)), trials, start, model) : start;
        Console.WriteLine($"{"model",-40} {"Recall@20",10} {"NDCG@20",10}");
        foreach (var baseline in Baselines.Concat(model is null || Baselines.Any(b => b.Model == model.Model && b.Parameters.SequenceEqual(model.Parameters)) ? [] : [model]))
            Print(RankingEvaluator.Evaluate(new MaskSeen(Fit(baseline, split), split), split));
        var pipeline = new PipelineModel(catalogue, split, recipe, Trained(model, split));
        Print(RankingEvaluator.Evaluate(pipeline with { Served = false }, split) with { Model = "pipeline, relevance alone" });
        Print(RankingEvaluator.Evaluate(pipeline, split) with { Model = "pipeline, as served (re-ranked)" });
        if (args.Contains("--sources"))
        {
            foreach (var name in SourceNames.All)
            {
                var alone = recipe with { Sources = new Dictionary<string, float> { [name] = 1 } };
                Print(RankingEvaluator.Evaluate(pipeline with { Recipe = alone, Served = false }, split) with { Model = $"source {name} alone" });
            }
        }
        return 0;
    }

    /// <summary>
    /// Leaves out pairs that the viewer had started before the cut: those belong to "continue watching", and no list of
    /// new dramas may show them.
    /// </summary>
    private static TemporalSplit Unseen(TemporalSplit split)
    {
        var seen = SeenBefore(split);
        return split with
        {
            Test = split.Test.Select(t => new TestUser(t.User, t.Items.Where(i => !seen[t.User].Contains(i)).ToArray())).Where(t => t.Items.Count > 0).ToList(),
        };
    }

    private static HashSet<int>[] SeenBefore(TemporalSplit split)
    {
        var rows = Enumerable.Range(0, split.Train.Users.Count).ToDictionary(r => split.Train.Users[r]);
        var columns = Enumerable.Range(0, split.Train.Items.Count).ToDictionary(c => split.Train.Items[c]);
        var seen = Enumerable.Range(0, rows.Count).Select(_ => new HashSet<int>()).ToArray();
        foreach (var e in split.TrainEvents)
            if (e.Kind is EventKind.Watch or EventKind.Rate or EventKind.Review && rows.TryGetValue(e.UserId, out var row)) seen[row].Add(columns[e.Target.Id]);
        return seen;
    }

    private static Recipe Tune(GraphExport catalogue, TemporalSplit validation, int trials, Recipe best, ModelRecipe? trained)
    {
        var model = new PipelineModel(catalogue, validation, best, Trained(trained, validation)) { Served = false };
        var bestNdcg = RankingEvaluator.Evaluate(model, validation).Ndcg;
        var random = new Random(1);
        for (var t = 0; t < trials; t++)
        {
            // Coordinate steps in random order: one weight is scaled, the rest renormalised.
            var name = SourceNames.All[random.Next(SourceNames.All.Count)];
            float[] factors = [0.25f, 0.5f, 0.7f, 1.4f, 2f, 3f];
            var weights = best.Sources.ToDictionary(p => p.Key, p => p.Key == name ? p.Value * factors[random.Next(6)] : p.Value);
            var sum = weights.Values.Sum();
            var trial = best with { Sources = weights.ToDictionary(p => p.Key, p => p.Value / sum) };
            var ndcg = RankingEvaluator.Evaluate(model with { Recipe = trial }, validation).Ndcg;
            if (ndcg <= bestNdcg) continue;
            (best, bestNdcg) = (trial, ndcg);
            Console.WriteLine($"trial {t}: validation NDCG@20 {ndcg:0.0000}  {string.Join(" ", trial.Sources.Select(p => $"{p.Key}={p.Value:0.000}"))}");
        }
        return best;
    }

    private static IModel Fit(ModelRecipe model, TemporalSplit split) => ModelKinds.Fit(model, FitInput.Of(split, seed: 1, Environment.ProcessorCount));

    private static TrainedLists? Trained(ModelRecipe? model, TemporalSplit split) =>
        model is null ? null : new TrainedLists(model.Model, split.Train.Items, ItemLists.Of(Fit(model, split), 100, Environment.ProcessorCount));

    private static void Print(EvaluationRow row) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Model,-40} {row.Recall,10:0.0000} {row.Ndcg,10:0.0000}"));

    private static async Task<(GraphExport Catalogue, List<ViewerEvent> Events)> Read(string data)
    {
        await using var store = await EmbeddedStore.OpenAsync(data, new EmbeddedOptions { ReadOnly = true });
        var events = new List<ViewerEvent>();
        await foreach (var logged in store.Events.ReadAsync(0)) events.Add(logged.Event);
        return (await store.Export.ReadAsync(), events.OrderBy(e => e.At).ToList());
    }

    private static string? Value(string[] args, string name) => Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;

    /// <summary>A baseline that, like serving, never lists what the viewer started.</summary>
    private sealed class MaskSeen(IRankingModel model, TemporalSplit split) : IRankingModel
    {
        private readonly HashSet<int>[] _seen = SeenBefore(split);

        public string Name => model.Name;
        public int ItemCount => model.ItemCount;

        public IScorer NewScorer() => new Masking(model.NewScorer(), _seen, ItemCount);

        private sealed class Masking(IScorer scorer, HashSet<int>[] seen, int items) : IScorer
        {
            public int BlockSize => scorer.BlockSize;

            public void Score(in UserBlock users, Span<float> scores)
            {
                scorer.Score(users, scores);
                for (var row = 0; row < users.Count; row++)
                    foreach (var item in seen[users.Users[row]]) scores[(row * items) + item] = float.NegativeInfinity;
            }
        }
    }

    /// <summary>The serving pipeline as a model: asked at the moment of the cut, of a graph that ends there.</summary>
    private sealed record PipelineModel : IRankingModel
    {
        private readonly LiveGraph _graph;
        private readonly TemporalSplit _split;
        private readonly TrendingCache _trending;
        private readonly TrainedLists? _trained;

        public PipelineModel(GraphExport catalogue, TemporalSplit split, Recipe recipe, TrainedLists? trained)
        {
            var regions = split.TrainEvents.Where(e => e.Context?.Region is not null).GroupBy(e => e.UserId).ToDictionary(g => g.Key, g => g.Last().Context!.Region!);
            _graph = new LiveGraph(catalogue with { Behaviour = BehaviourFold.All(split.TrainEvents), Regions = regions });
            (_split, _trained) = (split, trained);
            Recipe = recipe;
            _trending = new TrendingCache(recipe.TrendingDays);
        }

        public Recipe Recipe { get; init; }
        public bool Served { get; init; } = true;
        public string Name => "pipeline";
        public int ItemCount => _split.Train.Items.Count;

        public IScorer NewScorer() => new UserScorer(ItemCount, Score);

        private void Score(int user, Span<double> scores)
        {
            var (state, id) = (_graph.State, _split.Train.Users[user]);
            var context = new UserContext(id, state.HistoryOf(id), state.Snapshot, Recipe, RequestContext.None, _split.Cut);
            using var list = new RankPipeline(Recipe, _trending, trained: _trained).Rank(context, state.Snapshot);
            for (var d = 0; d < scores.Length; d++) scores[d] = list.IsEligible(d) && !Served ? list.Relevance(d) : double.NegativeInfinity;
            if (!Served) return;
            for (var place = 0; place < list.Window.Length; place++) scores[list.Window[place].Item] = -place;
        }
    }
}
