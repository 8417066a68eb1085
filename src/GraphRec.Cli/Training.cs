using System.IO.Hashing;
using System.Text;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Training;
using GraphRec.Learning.Tuning;
using GraphRec.Ranking;
using GraphRec.Ranking.Features;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;
using Spectre.Console;

namespace GraphRec.Cli;

/// <summary>What <c>graphrec train</c> was asked for.</summary>
/// <param name="Models">What to choose from, as on the command line.</param>
internal sealed record TrainingRequest(string Models)
{
    public TrainingPlan Plan { get; init; } = new(ModelItems.Parse(Models));

    /// <summary>Never promotes.</summary>
    public bool Candidate { get; init; }

    /// <summary>Promotes whatever the gate says.</summary>
    public bool Force { get; init; }

    /// <summary>Leaves a training that was interrupted behind.</summary>
    public bool Anew { get; init; }

    /// <summary>One of <see cref="RankerTrainer.Kinds"/>; null for the linear ranker.</summary>
    public string? Ranker { get; init; }

    /// <summary>The recipe that serves, for the ranker.</summary>
    public Recipe Recipe { get; init; } = Recipe.Default;

    /// <summary>How many versions stay beside the one that is served; see <see cref="ModelFolder.RemoveOld"/>.</summary>
    public int Keep { get; init; } = 5;
}

/// <summary>Trained models of a data directory: made by <c>graphrec train</c>, read by whatever recommends.</summary>
public static class Training
{
    /// <summary>
    /// What is compared unless something else is said: what sees more than single pairs of dramas. Item-kNN and walks say what the
    /// sources coWatch and walk say already: pages of the seed and of MovieLens have an NDCG@20 of .1162 and .1883 with SLIM,
    /// .1146 and .1829 with item-kNN, which is as good alone.
    /// </summary>
    public const string UsualModels = "slim,ease";

    /// <summary>What is fitted, as it is, after the first filling: the first answer waits for it, 3 s on the seed with a load of five on two cores.</summary>
    private const string FirstModel = "slim";

    private static TimeProvider Clock => TimeProvider.System;

    /// <summary>
    /// From the log to a version that is served, or kept as a candidate: each step is told as it is reached. Stopped, it goes on from
    /// its last trial when it is asked for the same again.
    /// </summary>
    /// <exception cref="InvalidInputException">There is too little to learn from, or too little memory; the message says what to change.</exception>
    internal static async Task<(ModelManifest Manifest, string Folder)> RunAsync(string data, IEventLog log, IImpressionLog pages, GraphExport catalogue, TrainingRequest request, CancellationToken cancel)
    {
        foreach (var model in request.Plan.Models) ItemLists.RefuseOther(model.Recipe.Model);
        string[] dramas = [.. catalogue.Dramas.Select(drama => drama.Id)];
        var asked = new TrainingOrder(
            1, request.Models, request.Plan.Trials, request.Plan.Seed, HashOf(dramas), typeof(Training).Assembly.GetName().Version!.ToString(), await log.LastSequenceAsync(cancel), Clock.GetUtcNow());
        using var work = UnfinishedTraining.Open(data, asked, request.Anew);
        try
        {
            var learned = new Learned(catalogue, await EventsAsync(log, work.Order.Through, cancel), pages);
            var trained = await TrainAsync(new ModelFolder(data), work, learned, dramas, request, cancel);
            work.Finish();
            return trained;
        }
        catch (InvalidInputException)
        {
            // It would be refused again, on the events that it began with.
            work.Finish();
            throw;
        }
    }

    /// <summary>What is learned from.</summary>
    private sealed record Learned(GraphExport Catalogue, List<ViewerEvent> Events, IImpressionLog Pages);

    private static async Task<(ModelManifest, string)> TrainAsync(
        ModelFolder models, UnfinishedTraining work, Learned from, string[] dramas, TrainingRequest request, CancellationToken cancel)
    {
        var events = from.Events;
        var (split, all) = (TemporalSplit.Of(dramas, events), EventLogInteractions.Of(dramas, events));
        Step(FormattableString.Invariant(
            $"data        {events.Count:N0} events, {all.Count:N0} engagements of {all.Users.Count:N0} viewers, {dramas.Length:N0} dramas; from {split.Cut:yyyy-MM-dd} on {split.Test.Count:N0} viewers are the test"));
        if (work.GoesOn) Step(FormattableString.Invariant($"            going on with the training of {work.Order.Begun:yyyy-MM-dd HH:mm} UTC, on the events of then (--anew begins with the newest)"));
        var (plan, memory) = (request.Plan, TrainingMemory.Of(request.Plan, all, events.Count, request.Ranker is not null));
        (plan, var leftOut) = memory.Fit(plan, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (request.Ranker is not null && memory.Log + memory.ByModel["ranker"] > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)
        {
            Step($"            a ranker needs about {TrainingMemory.Megabytes(memory.Log + memory.ByModel["ranker"])} of memory, more than there is: the linear one stays");
            request = request with { Ranker = null };
            memory = TrainingMemory.Of(request.Plan, all, events.Count);
        }
        Step($"memory      about {TrainingMemory.Megabytes(memory.Bytes)} at most; {string.Join(", ", memory.ByModel.OrderByDescending(m => m.Value).Take(2).Select(m => $"{m.Key} {TrainingMemory.Megabytes(m.Value)}"))}");
        foreach (var model in leftOut) Step($"            {model} does not fit into memory, and is left out of the comparison");
        Step($"models      {request.Models}, compared with {string.Join(", ", plan.Baselines)}; {(plan.Trials == 0 ? "as they are" : $"{plan.Trials} recipes each")}, {plan.Threads} thread{(plan.Threads == 1 ? "" : "s")}");
        var current = Served(models);
        var (manifest, parts) = await Seeding.Bars().StartAsync(async bars =>
        {
            var progress = Bar(bars.AddTask("models", maxValue: Math.Max(1, (request.Plan.Models.Count + plan.Baselines.Count) * plan.Trials)));
            return await Task.Run(() => Trainer.Run(split, all, plan with { TrialFile = plan.Trials == 0 ? null : work.TrialFile }, current, Clock, progress, cancel), cancel);
        });
        if (request.Ranker is not { } kind) return Finish(models, manifest, parts, request);
        var file = Path.Combine(Path.GetDirectoryName(work.TrialFile)!, "ranker.onnx");
        var ranker = await RankAsync(from, parts[1].Part, request with { Plan = plan }, kind, file, cancel);
        var gate = PromotionGate.WithRanker(manifest.Gate!, ranker, current?.Ranker);
        return Finish(models, manifest with { Ranker = ranker, Gate = gate }, ranker.Included ? [.. parts, RankerPart(ranker, file)] : parts, request);
    }

    /// <summary>Trains the ranker of a version whose collaborative model is this part.</summary>
    private static async Task<RankerVerdict> RankAsync(Learned from, ModelPart model, TrainingRequest request, string kind, string file, CancellationToken cancel)
    {
        var pages = new List<PageImpression>();
        await foreach (var page in from.Pages.ReadAsync(cancel)) pages.Add(page);
        var data = new RankerData(from.Catalogue, from.Events, pages, new ModelRecipe(model.Kind, model.Parameters));
        var plan = new RankerPlan(kind) { Recipe = request.Recipe, Seed = request.Plan.Seed, Threads = request.Plan.Threads };
        var verdict = await Seeding.Bars().StartAsync(async bars =>
        {
            var bar = bars.AddTask($"ranker, {kind}", maxValue: 1);
            return await Task.Run(() => RankerTrainer.Run(data, plan, file, (stage, share) => (bar.Value, bar.Description) = (share, Markup.Escape($"ranker, {kind}: {stage}")), cancel), cancel);
        });
        Step($"ranker      {(verdict.Included ? $"{kind}, on {verdict.Lists:N0} lists" : "linear, as before")}. {verdict.Reason}");
        return verdict;
    }

    private static PartContent RankerPart(RankerVerdict verdict, string file)
    {
        var metrics = new Dictionary<string, double> { [RankerTrainer.Metric] = verdict.Ndcg!.Value, [$"{RankerTrainer.Metric} linear"] = verdict.Comparison!.Ndcg };
        return new PartContent(
            new ModelPart(ModelPart.Ranker, verdict.Kind, "ranker.onnx") { Features = new FeatureSet(SourceNames.All).Fingerprint, Metrics = metrics },
            stream =>
            {
                using var from = File.OpenRead(file);
                from.CopyTo(stream);
            });
    }

    /// <summary>Writes the version, and promotes it where gate or request say so.</summary>
    private static (ModelManifest, string) Finish(ModelFolder models, ModelManifest manifest, IReadOnlyList<PartContent> parts, TrainingRequest request)
    {
        var gate = manifest.Gate!;
        var outcome = request.Candidate || !(gate.Passes || request.Force) ? "candidate" : gate.Passes ? "promoted" : "forced";
        var folder = models.Write(manifest with { Gate = gate with { Outcome = outcome } }, parts);
        var part = models.Manifest(manifest.Version).Part(ModelPart.Collaborative);
        Step(FormattableString.Invariant($"evaluation  {part.Kind}{(request.Plan.Trials == 0 ? "" : ", the best by validation")}: {PromotionGate.Metric} {part.Metrics[PromotionGate.Metric]:0.0000} on the test"));
        Step($"manifest    {folder}");
        Step($"gate        {(gate.Passes ? "passed" : "not passed")}. {gate.Reason}");
        foreach (var left in gate.NotCompared) Step($"            not compared with {left.Name}: {left.Reason}");
        if (outcome != "candidate") models.Promotions.Promote(manifest.Version, gate.Passes ? Promotions.Passed : Promotions.Forced, Clock.GetUtcNow());
        Step($"served      {(outcome == "candidate" ? $"{models.Promotions.Current ?? "no model"}, as before; {manifest.Version} is a candidate" : manifest.Version)}");
        foreach (var old in models.RemoveOld(request.Keep)) Step($"            old version {old} was removed (--keep {request.Keep})");
        return (models.Manifest(manifest.Version), folder);
    }

    /// <summary>What the current version serves from; nothing while none is served.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static (TrainedLists? Lists, LearnedRanker? Ranker) Current(string data, CancellationToken cancel) =>
        new ModelFolder(data).Current(cancel) is { } served ? (ListsOf(served), served.Ranker) : default;

    /// <summary>What a version serves from.</summary>
    internal static TrainedLists ListsOf(ServedVersion served) => new(served.Manifest.Version, served.Dramas, served.Lists);

    /// <summary>Trains for the first time, on a graph that <c>serve</c> filled itself; says so, and goes on without, where that cannot be.</summary>
    public static async Task FirstAsync(string data, Stores store, CancellationToken cancel)
    {
        if (new ModelFolder(data).Exists || await store.Checkpoints.FindAsync(Seeding.Marker, cancel) is not { Complete: true }) return;
        try
        {
            var request = new TrainingRequest(FirstModel);
            // Of the baselines popularity alone: the first answer waits, and the simulated viewers are known (docs/benchmarks.md).
            request = request with { Plan = request.Plan with { Trials = 0, Threads = Environment.ProcessorCount, Baselines = ["popularity"] } };
            await RunAsync(data, store.Events, store.Directory.Impressions, await store.Export.ReadAsync(cancel), request, cancel);
        }
        catch (InvalidInputException e)
        {
            Errors.Console.WriteLine($"No collaborative model was trained: {e.Message}");
        }
    }

    private static void Step(string text) => Errors.Console.WriteLine(text);

    private static Direct<LaboratoryProgress> Bar(ProgressTask bar)
    {
        var done = new Dictionary<string, int>(StringComparer.Ordinal);
        return new Direct<LaboratoryProgress>(p =>
        {
            done[p.Model] = p.Trials;
            bar.Value = done.Values.Sum();
            bar.Description = Markup.Escape($"{p.Model}: {p.Stage}");
        });
    }

    /// <summary>The version that is served, to be compared with; null for none, and, said so, where nobody can read what it is.</summary>
    private static ModelManifest? Served(ModelFolder models)
    {
        if (models.Promotions.Current is not { } current) return null;
        try
        {
            var manifest = models.Manifest(current);
            ModelKinds.Of(manifest.Part(ModelPart.Collaborative).Kind);
            return manifest;
        }
        catch (InvalidInputException e)
        {
            Step($"            {current} is served, but cannot be compared with: {e.Message}");
            return null;
        }
    }

    private static string HashOf(string[] dramas) => Convert.ToHexStringLower(XxHash3.Hash(Encoding.UTF8.GetBytes(string.Join('\n', dramas))));

    private static async Task<List<ViewerEvent>> EventsAsync(IEventLog log, long through, CancellationToken cancel)
    {
        var events = new List<ViewerEvent>();
        await foreach (var logged in log.ReadAsync(0, cancel))
        {
            if (logged.Sequence > through) break;
            events.Add(logged.Event);
        }
        return [.. events.OrderBy(e => e.At)];
    }
}
