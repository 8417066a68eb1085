using System.Text.Json;
using System.Text.Json.Serialization;
using GraphRec.Core;

namespace GraphRec.Learning.Tuning;

/// <summary>One recipe that was tried on the validation part.</summary>
/// <param name="Model">The name of the model in this run.</param>
/// <param name="Number">From 0; the first is the recipe as given.</param>
/// <param name="Params">Every parameter that differs from the kind's default or varies.</param>
/// <param name="Value">Of the objective, the higher the better; null when it failed.</param>
public sealed record Trial(string Model, [property: JsonPropertyName("trial")] int Number, IReadOnlyDictionary<string, double> Params, double? Value)
{
    /// <summary>The standard error of the value, from how it differs between users.</summary>
    public double? Error { get; init; }

    /// <summary>What fitting took, by the clock.</summary>
    public double FitSeconds { get; init; }

    /// <summary>What fitting took of all cores.</summary>
    public double FitCpuSeconds { get; init; }

    /// <summary>What ranking took, by the clock.</summary>
    public double ScoreSeconds { get; init; }

    /// <summary>Why there is no value.</summary>
    public string? Failure { get; init; }
}

/// <summary>What trials must have in common to be continued: the first line of their file.</summary>
/// <param name="Trials">The version of the file's form.</param>
/// <param name="Dataset">The name of the data set.</param>
/// <param name="DataHash">Of its pairs.</param>
/// <param name="Split">The manner of splitting.</param>
/// <param name="Validation">The protocol of the validation cut.</param>
/// <param name="Objective">The metric that is raised.</param>
/// <param name="Choice">Which trial is taken in the end, which decides what some trials are.</param>
/// <param name="Seed">Of every random choice.</param>
/// <param name="Users">How many users of the validation part are asked at most.</param>
public sealed record TrialHeader(
    int Trials, string Dataset, string DataHash, string Split, string Validation, string Objective, string Choice, int Seed, int Users);

/// <summary>
/// The record of trials: JSON lines, a header and then a line per trial, written as each ends, so that a kill loses at most
/// the trial that was running.
/// </summary>
public sealed class TrialLog : IDisposable
{
    /// <summary>The version of the file's form that this code writes.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly List<Trial> _trials;
    private readonly StreamWriter? _writer;

    private TrialLog(List<Trial> trials, StreamWriter? writer) => (_trials, _writer) = (trials, writer);

    /// <summary>A record that is kept in memory alone.</summary>
    public static TrialLog InMemory() => new([], null);

    /// <summary>A new file; one that is there is renamed to <c>….old</c>, in place of an older one.</summary>
    public static TrialLog Create(string path, TrialHeader header)
    {
        if (File.Exists(path)) File.Move(path, path + ".old", overwrite: true);
        var log = new TrialLog([], Append(path));
        log.Write(header);
        return log;
    }

    /// <summary>Goes on with a file; when there is none, begins one. A last line that a kill cut off is taken out.</summary>
    /// <exception cref="InvalidInputException">The file is of another run, or is no record of trials.</exception>
    public static TrialLog Resume(string path, TrialHeader header)
    {
        if (!File.Exists(path)) return Create(path, header);
        var text = File.ReadAllText(path);
        var whole = text.LastIndexOf('\n') + 1;
        var lines = text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0) return Create(path, header);
        Check(path, Read<TrialHeader>(path, 1, lines[0]), header);
        List<Trial> trials = [.. lines.Skip(1).Select((line, n) => Read<Trial>(path, n + 2, line))];
        if (whole < text.Length)
        {
            using var file = File.OpenWrite(path);
            file.SetLength(System.Text.Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
        }
        return new TrialLog(trials, Append(path));
    }

    /// <summary>The trials of a model so far, in order.</summary>
    public IReadOnlyList<Trial> Of(string model) => [.. _trials.Where(trial => trial.Model == model)];

    /// <summary>Records a trial that ended.</summary>
    public void Add(Trial trial)
    {
        _trials.Add(trial);
        Write(trial);
    }

    public void Dispose() => _writer?.Dispose();

    private static StreamWriter Append(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        return new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    private void Write<T>(T line) => _writer?.WriteLine(JsonSerializer.Serialize(line, Json));

    private static T Read<T>(string path, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Bad($"{path}, line {number}, is not what graphrec wrote there; name another file, or leave --resume out to begin anew.");
        }
    }

    private static void Check(string path, TrialHeader found, TrialHeader wanted)
    {
        if (found == wanted) return;
        var differences = typeof(TrialHeader).GetProperties()
            .Where(p => !Equals(p.GetValue(found), p.GetValue(wanted)))
            .Select(p => $"{char.ToLowerInvariant(p.Name[0])}{p.Name[1..]} was {p.GetValue(found)} and is {p.GetValue(wanted)}");
        throw Bad($"{path} is of another run: {string.Join(", ", differences)}. Run as before, or leave --resume out to begin anew.");
    }

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
