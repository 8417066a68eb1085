using System.Text.Json;
using System.Text.Json.Serialization;
using GraphRec.Core;

namespace GraphRec.Learning.Reports;

/// <summary>What <c>graphrec evaluate</c> measured, as its JSON file holds it. Metrics are by name, such as <c>ndcg@20</c>.</summary>
public sealed record EvaluationReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The version of the file's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>The manner of splitting.</summary>
    public required string Split { get; init; }

    /// <summary><c>ranking</c> or <c>rating</c>.</summary>
    public string Task { get; init; } = "ranking";

    /// <summary>Of all training and test pairs: two reports of one hash are of the same split of the same data.</summary>
    public required string DataHash { get; init; }

    /// <summary>The cut of the metrics.</summary>
    public int K { get; init; }

    /// <summary>Of every random choice.</summary>
    public int Seed { get; init; }

    /// <summary>How many threads were used.</summary>
    public int Threads { get; init; }

    /// <summary>Sizes of the data: users, items, trainPairs, testUsers, testPairs.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>How parameters were chosen; null when they were not.</summary>
    public TuningReport? Tuning { get; init; }

    /// <summary>What it was measured on and with.</summary>
    public RunReport? Run { get; init; }

    /// <summary>What was measured, in the order asked for.</summary>
    public required IReadOnlyList<ModelReport> Models { get; init; }

    /// <summary>Models that were asked for and could not be measured.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It is missing, or no report of this form.</exception>
    public static EvaluationReport Read(string path)
    {
        if (!File.Exists(path)) throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} does not exist; name a file that 'graphrec evaluate --json' wrote.");
        try
        {
            using var file = File.OpenRead(path);
            var read = JsonSerializer.Deserialize<EvaluationReport>(file, Json) ?? throw new JsonException("it is empty");
            if (read.Format == 1) return read;
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} is of form {read.Format}, and this version reads 1; measure again, or use the version that wrote it.");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{path} is no file of 'graphrec evaluate --json': {e.Message}");
        }
    }
}

/// <summary>What was measured of one model.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Params">What it was fitted with, where that is not the kind's default.</param>
/// <param name="Metrics">Means over users, and metrics of all lists together.</param>
/// <param name="Ci">By metric: the 95 % interval of the mean over users, from the bootstrap.</param>
/// <param name="Train">What fitting took.</param>
/// <param name="Score">What ranking took.</param>
public sealed record ModelReport(
    string Name, IReadOnlyDictionary<string, double> Params, IReadOnlyDictionary<string, double> Metrics,
    IReadOnlyDictionary<string, double[]> Ci, TrainReport Train, ScoreReport Score)
{
    /// <summary>The kind of model.</summary>
    public string? Model { get; init; }

    /// <summary>The value for each test user, in their order, by metric; see <see cref="PackedValues"/>.</summary>
    public IReadOnlyDictionary<string, string>? PerUser { get; init; }

    /// <summary>The objective on the validation part, with what it was fitted with in the end; null without tuning.</summary>
    public double? Validation { get; init; }

    /// <summary>What was tried on the validation part, in order.</summary>
    public IReadOnlyList<TrialReport>? Trials { get; init; }

    /// <summary>What a blend is made of.</summary>
    public IReadOnlyList<MemberReport>? Members { get; init; }

    /// <summary>Each round of cross-validation of a rating model.</summary>
    public IReadOnlyList<FoldReport>? Folds { get; init; }
}

/// <summary>A model in a blend.</summary>
/// <param name="Name">Its recipe, as <c>--models</c> takes it.</param>
/// <param name="Weight">What its scores, in [0, 1] per user, are multiplied by.</param>
public sealed record MemberReport(string Name, double Weight);

/// <summary>One round of cross-validation.</summary>
public sealed record FoldReport(double Rmse, double Mae, double FitCpuSeconds);

/// <summary>What fitting took.</summary>
/// <param name="WallSeconds">By the clock.</param>
/// <param name="CpuSeconds">Of all cores.</param>
/// <param name="PeakBytes">The most memory that the process had resident, the data included.</param>
public sealed record TrainReport(double WallSeconds, double CpuSeconds, long PeakBytes);

/// <summary>What ranking all items for all test users took.</summary>
/// <param name="UsersPerSecond">Lists made in a second by the clock.</param>
/// <param name="WallSeconds">By the clock.</param>
/// <param name="CpuSeconds">Of all cores.</param>
public sealed record ScoreReport(double UsersPerSecond, double WallSeconds, double CpuSeconds);

/// <summary>A trial of tuning.</summary>
public sealed record TrialReport(
    int Trial, IReadOnlyDictionary<string, double> Params, double? Value, double FitCpuSeconds, double Seconds, string? Failure = null)
{
    /// <summary>The standard error of the value.</summary>
    public double? Error { get; init; }
}

/// <summary>How parameters were chosen.</summary>
/// <param name="Objective">What was raised.</param>
/// <param name="Validation">How the validation part was cut from training.</param>
/// <param name="Choice">Which trial's recipe was taken; see <see cref="Tuning.TrialChoice"/>.</param>
/// <param name="ValidationUsers">How many of its users were asked.</param>
/// <param name="Trials">The most trials per model; null when only time bounded them.</param>
/// <param name="Minutes">For everything together; null when only the number of trials bounded it.</param>
/// <param name="Seconds">What tuning took by the clock.</param>
public sealed record TuningReport(string Objective, string Validation, string Choice, int ValidationUsers, int? Trials, double? Minutes, double Seconds);

/// <summary>What a report was measured on and with.</summary>
/// <param name="Version">Of GraphRec.</param>
/// <param name="Runtime">Of .NET.</param>
/// <param name="System">The operating system.</param>
/// <param name="Processor">Its name, as the system tells it.</param>
/// <param name="Cores">How many the process may use.</param>
/// <param name="MemoryBytes">How much the process may use.</param>
/// <param name="CommandLine">What was run.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Seconds">How long all of it took.</param>
public sealed record RunReport(
    string Version, string Runtime, string System, string Processor, int Cores, long MemoryBytes, string CommandLine,
    DateTimeOffset StartedAt, double Seconds);

/// <summary>A model that could not be measured.</summary>
/// <param name="Name">As it was asked for.</param>
/// <param name="Reason">Why, and what to change.</param>
public sealed record LeftOut(string Name, string Reason);
