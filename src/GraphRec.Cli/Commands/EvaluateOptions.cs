using System.CommandLine;
using GraphRec.Learning.Tuning;

namespace GraphRec.Cli.Commands;

/// <summary>What <c>evaluate</c> was asked for.</summary>
internal sealed record EvaluateRequest(string Format, string Data, int K, int Seed, int Threads)
{
    public string? Models { get; init; }
    public IReadOnlyList<string> Recipes { get; init; } = [];
    public string? Split { get; init; }
    public string Task { get; init; } = "ranking";
    public int Folds { get; init; }
    public double? LeastRating { get; init; }
    public int? Trials { get; init; }
    public double? Minutes { get; init; }
    public string? Objective { get; init; }
    public string Validation { get; init; } = "";
    public TrialChoice Choice { get; init; }
    public string? TrialFile { get; init; }
    public string? Json { get; init; }
    public string? Html { get; init; }
    public bool Quick { get; init; }
    public bool Resume { get; init; }
    public bool Auc { get; init; }

    public bool IsRating => Task == "rating";
}

/// <summary>The options of <c>evaluate</c>.</summary>
internal sealed class EvaluateOptions
{
    private readonly Option<string> _format = Options.OneOf("--format", "FORM", "The form of the data", Datasets.Formats, null, required: true);
    private readonly Option<string> _data = Options.Required("--data", "PATH", "The folder or file of the data set; for events, a data directory of GraphRec.");
    private readonly Option<string?> _models = new("--models") { Description = "Kinds of model between commas, with parameters if you like: ials:factors=128:epochs=8; 'all' for one of each. [default: those that --quick measures]", HelpName = "LIST" };
    private readonly Option<string[]> _recipes = new("--recipe") { Description = "JSON files {\"model\": \"ials\", \"parameters\": {…}}, measured too, each under its file's name.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _k = Options.Number("--k", "The cut of the metrics: the first K items of each list count.", 20, 1, 1000);
    private readonly Option<string> _split = Options.OneOf("--split", "MANNER", "How test items are held out [default: given for lightgcn, random for movielens, leave-last-one-out for sequence, temporal for events]", Datasets.Splits, null);
    private readonly Option<string> _task = Options.OneOf("--task", "TASK", "What models do: rank items, or predict ratings", ["ranking", "rating"], "ranking");
    private readonly Option<int> _folds = Options.Number("--folds", "Rounds of cross-validation of --task rating.", 5, 2, 255);
    private readonly Option<double?> _leastRating = Options.Real("--min-rating", "X", "Ratings below X are no engagement. [default: all are]", -1e6, 1e6);
    private readonly Option<int?> _tune = Options.OptionalNumber("--tune", "Choose parameters by N trials per model on a validation part of training.", 1, 100_000);
    private readonly Option<double?> _minutes = Options.Real("--tune-minutes", "M", "Choose parameters so that everything, the final measurement too, ends within M minutes.", 0.05, 10_000);
    private readonly Option<string?> _objective = new("--objective") { Description = "What tuning raises: ndcg, recall, truncatedRecall, precision, map or hitRate with a cut. [default: ndcg@K]", HelpName = "METRIC" };
    private readonly Option<string> _validation = Options.OneOf("--validation", "MANNER", "How tuning cuts its validation part from training", [.. ValidationProtocol.All.Select(p => p.Name)], ValidationProtocol.All[0].Name);
    private readonly Option<string> _choose = Options.OneOf("--choose", "RULE", "Which trial is taken: the best, or the one nearest to the usual parameters within one standard error of it", ["best", "cautious"], "cautious");
    private readonly Option<string?> _trials = new("--trials") { Description = "Record every trial here as it ends, as JSON lines. [default: beside --json, as ….trials.jsonl]", HelpName = "FILE" };
    private readonly Option<bool> _resume = new("--resume") { Description = "Go on with the recorded trials of an interrupted run." };
    private readonly Option<bool> _quick = new("--quick") { Description = "A first table within five minutes: cheap models, a small tuning on fewer users." };
    private readonly Option<bool> _auc = new("--auc") { Description = "Measure the area under the ROC curve too; takes longer." };
    private readonly Option<int> _seed = Options.Number("--seed", "For every random choice; the same seed gives the same figures.", 1, 0, int.MaxValue);
    private readonly Option<int> _threads = Options.Number("--threads", "How many threads; changes times, not figures.", Environment.ProcessorCount, 1, 1024);
    private readonly Option<string?> _json = new("--json") { Description = "Write everything measured here, values per user included, for 'graphrec compare'.", HelpName = "FILE" };
    private readonly Option<string?> _html = new("--html") { Description = "Write a report here that opens in a browser, in one file.", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _format, _data, _models, _recipes, _k, _tune, _minutes, _objective, _validation, _choose, _trials, _resume, _quick, _split, _leastRating, _auc, _task, _folds,
            _seed, _threads, _json, _html,
        ];
        foreach (var option in all) command.Add(option);
    }

    public EvaluateRequest Read(ParseResult parsed)
    {
        var json = parsed.GetValue(_json);
        return new EvaluateRequest(
            parsed.GetRequiredValue(_format), parsed.GetRequiredValue(_data), parsed.GetValue(_k), parsed.GetValue(_seed), parsed.GetValue(_threads))
        {
            Models = parsed.GetValue(_models),
            Recipes = parsed.GetValue(_recipes) ?? [],
            Split = parsed.GetValue(_split),
            Task = parsed.GetRequiredValue(_task),
            Folds = parsed.GetValue(_folds),
            LeastRating = parsed.GetValue(_leastRating),
            Trials = parsed.GetValue(_tune),
            Minutes = parsed.GetValue(_minutes),
            Objective = parsed.GetValue(_objective),
            Validation = parsed.GetRequiredValue(_validation),
            Choice = parsed.GetValue(_choose) == "best" ? TrialChoice.Best : TrialChoice.OneStandardError,
            TrialFile = parsed.GetValue(_trials) ?? (json is null ? null : Path.ChangeExtension(json, ".trials.jsonl")),
            Json = json,
            Html = parsed.GetValue(_html),
            Quick = parsed.GetValue(_quick),
            Resume = parsed.GetValue(_resume),
            Auc = parsed.GetValue(_auc),
        };
    }
}
