using System.CommandLine;
using System.Runtime.InteropServices;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Ratings;
using GraphRec.Learning.Reports;
using GraphRec.Learning.Tuning;
using Spectre.Console;

namespace GraphRec.Cli.Commands;

/// <summary><c>graphrec evaluate</c>: how good models are on a data set, and what they cost.</summary>
public static class EvaluateCommand
{
    /// <summary>Kinds that fit and rank a data set of a million pairs in seconds; those of them that exist are what --quick measures.</summary>
    private static readonly string[] Quick = ["popularity", "itemknn", "itemknn-bm25", "userknn", "p3alpha", "rp3beta", "turbocf", "ials", "slim", "bspm", "blend"];

    private const int QuickMinutes = 4, QuickUsers = 4000;

    public static Command Create()
    {
        var o = new EvaluateOptions();
        var command = new Command("evaluate", "Measure models on a data set: accuracy, diversity, time and memory, with tuned parameters where asked.");
        o.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var asked = o.Read(parsed);
            Check(asked);
            // Names are checked before data are read, which may take minutes.
            var models = asked.IsRating ? [] : ModelsOf(asked);
            var rating = asked.IsRating ? RatingModelsOf(asked) : [];
            var begun = TimeProvider.System.GetTimestamp();
            var report = asked.IsRating ? await RateAsync(asked, rating, cancel) : await RankAsync(asked, models, cancel);
            report = report with { Run = RunOf(parsed, TimeProvider.System.GetElapsedTime(begun)) };
            EvaluationTable.Print(report);
            Write(asked.Json, report.ToJson());
            if (asked.Html is not null) Write(asked.Html, HtmlReport.Of(report));
            return report.LeftOut.Count == 0 ? Errors.Ok : Errors.Incomplete;
        });
        return command;
    }

    private static void Check(EvaluateRequest asked)
    {
        if (asked.IsRating && asked.Format != Datasets.MovieLens)
            throw Bad($"--task rating predicts ratings, which --format {asked.Format} has none of; use --format {Datasets.MovieLens}.");
        if (asked.IsRating && (asked.Trials is not null || asked.Minutes is not null || asked.Quick))
            throw Bad("--task rating measures each model with its own settings; leave --tune, --tune-minutes and --quick out.");
        if (asked.LeastRating is not null && asked.Format != Datasets.MovieLens)
            throw Bad($"--min-rating is for --format {Datasets.MovieLens}.");
        if (asked.Resume && asked.TrialFile is null) throw Bad("--resume goes on with recorded trials: name their file by --trials FILE, or --json FILE as before.");
        if (asked.Resume && asked.Trials is null && asked.Minutes is null && !asked.Quick) throw Bad("--resume goes on with tuning; give --tune N or --tune-minutes M as well.");
        // Better now than after an hour.
        foreach (var file in new[] { asked.Json, asked.Html, asked.TrialFile }.OfType<string>())
        {
            if (Directory.Exists(file)) throw Bad($"{file} is a directory; name a file.");
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
    }

    private static IReadOnlyList<NamedRecipe> ModelsOf(EvaluateRequest asked)
    {
        var usual = asked.Recipes.Count == 0 || asked.Quick ? string.Join(',', Quick.Where(name => ModelKinds.All.Any(kind => kind.Name == name))) : null;
        var list = asked.Models ?? usual;
        return ModelItems.Distinct([.. list is null ? [] : ModelItems.Parse(list), .. asked.Recipes.Select(ModelItems.Read)]);
    }

    private static string[] RatingModelsOf(EvaluateRequest asked) => asked.Models is null or "all"
        ? [.. RatingKinds.All.Select(kind => kind.Name)]
        : [.. asked.Models.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => RatingKinds.Of(name).Name)];

    private static async Task<EvaluationReport> RateAsync(EvaluateRequest asked, IReadOnlyList<string> models, CancellationToken cancel)
    {
        var ratings = MovieLensRatings.Read(asked.Data);
        return await Seeding.Bars().StartAsync(async bars =>
        {
            var bar = bars.AddTask("rating models", maxValue: models.Count);
            var done = -1;
            return await Task.Run(() => RatingLaboratory.Run(
                ratings, models, asked.Folds, asked.Seed, asked.Threads,
                name =>
                {
                    bar.Value = ++done;
                    bar.Description = Markup.Escape(name);
                },
                cancel), cancel);
        });
    }

    private static async Task<EvaluationReport> RankAsync(EvaluateRequest asked, IReadOnlyList<NamedRecipe> models, CancellationToken cancel)
    {
        var dataset = await Datasets.ReadAsync(asked.Format, asked.Data, asked.Split, asked.LeastRating, asked.Seed, cancel);
        var plan = new LaboratoryPlan(dataset.Name, dataset.Split, models)
        {
            K = asked.K, Seed = asked.Seed, Threads = asked.Threads, Genres = dataset.Genres, Auc = asked.Auc, Tuning = TuningOf(asked),
        };
        try
        {
            return await Seeding.Bars().StartAsync(async bars =>
            {
                var tasks = models.ToDictionary(model => model.Name, model => bars.AddTask(Markup.Escape(model.Name), maxValue: 1));
                var progress = new Direct<LaboratoryProgress>(p => Show(tasks[p.Model], p, asked));
                return await Task.Run(() => new Laboratory(plan, TimeProvider.System, progress).Run(cancel), cancel);
            });
        }
        catch (OperationCanceledException) when (asked.TrialFile is { } file && File.Exists(file))
        {
            Errors.Console.WriteLine($"{file} holds the trials until now; the same command with --resume goes on from there.");
            throw;
        }
    }

    private static void Show(ProgressTask task, LaboratoryProgress p, EvaluateRequest asked)
    {
        var best = p.Best is { } value ? FormattableString.Invariant($", best {value:0.0000}") : "";
        task.Description = Markup.Escape(p.Stage == "tuning" ? $"{p.Model}: trial {p.Trials}{best}" : $"{p.Model}: {p.Stage}");
        // A bar moves on and never back: trials fill the first nine tenths when their number is known.
        var done = p.Stage != "tuning" ? (p.Stage == "fitting" ? 0.9 + (0.08 * p.Share) : 0.98 + (0.02 * p.Share))
            : 0.9 * Math.Min(1, (p.Trials + (p.Share < 1 ? p.Share : 0)) / (asked.Trials ?? TuningPlan.TrialsOfTime));
        task.Value = Math.Max(task.Value, Math.Clamp(done, 0, 1));
    }

    private static TuningPlan? TuningOf(EvaluateRequest asked)
    {
        double? minutes = asked.Minutes ?? (asked.Quick && asked.Trials is null ? QuickMinutes : null);
        if (asked.Trials is null && minutes is null) return null;
        var usual = new TuningPlan();
        return usual with
        {
            Trials = asked.Trials,
            Budget = minutes is { } m ? TimeSpan.FromMinutes(m) : null,
            Objective = asked.Objective ?? FormattableString.Invariant($"ndcg@{asked.K}"),
            Validation = ValidationProtocol.Of(asked.Validation),
            MostUsers = asked.Quick ? QuickUsers : usual.MostUsers,
            Choice = asked.Choice,
            File = asked.TrialFile,
            Resume = asked.Resume,
        };
    }

    private static RunReport RunOf(ParseResult parsed, TimeSpan took)
    {
        const string processors = "/proc/cpuinfo";
        var processor = File.Exists(processors)
            ? File.ReadLines(processors).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        var words = parsed.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"'{token.Value}'" : token.Value);
        var clock = TimeProvider.System;
        return new RunReport(
            typeof(EvaluateCommand).Assembly.GetName().Version?.ToString(3) ?? "", RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription,
            processor ?? RuntimeInformation.ProcessArchitecture.ToString(), Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            $"graphrec {string.Join(' ', words)}", clock.GetUtcNow() - took, took.TotalSeconds);
    }

    private static void Write(string? path, string text)
    {
        if (path is null) return;
        File.WriteAllText(path, text);
        Errors.Console.WriteLine($"Written: {path}");
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
