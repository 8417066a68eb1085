using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Learning.Training;

/// <summary>What a training was asked for: another order begins anew.</summary>
/// <param name="Format">The version of the file's form.</param>
/// <param name="Models">What to choose from, as on the command line.</param>
/// <param name="Trials">Recipes that are tried per model.</param>
/// <param name="Seed">Of every random choice.</param>
/// <param name="Dramas">A hash of the ids of the dramas.</param>
/// <param name="Code">Which GraphRec trains.</param>
/// <param name="Through">Events after this sequence are not learned from.</param>
/// <param name="Begun">When, UTC.</param>
public sealed record TrainingOrder(int Format, string Models, int Trials, int Seed, string Dramas, string Code, long Through, DateTimeOffset Begun)
{
    /// <summary>Whether both ask for the same, if perhaps on another state of the log.</summary>
    public bool AsksAs(TrainingOrder other) => this == other with { Through = Through, Begun = Begun };
}

/// <summary>
/// A training that is under way, in <c>models/training/</c> of the data directory: its order, and its trials as they end. One that was
/// stopped or killed is gone on with by the next that is asked for the same, on the events that the first one began with: a server
/// records others all the while, and trials on different data cannot be compared. Only one training is under way at a time.
/// </summary>
public sealed class UnfinishedTraining : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _folder;
    private readonly FileStream _turn;

    private UnfinishedTraining(string folder, FileStream turn, TrainingOrder order, bool goesOn) => (_folder, _turn, Order, GoesOn) = (folder, turn, order, goesOn);

    /// <summary>What is trained: as asked for, or as it was begun.</summary>
    public TrainingOrder Order { get; }

    /// <summary>Whether an earlier run began it.</summary>
    public bool GoesOn { get; }

    /// <summary>Where its trials are recorded.</summary>
    public string TrialFile => Path.Combine(_folder, "trials.jsonl");

    /// <summary>Begins a training, or goes on with one of the same order.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="asked">What is asked for now.</param>
    /// <param name="anew">Whether to begin with the newest events in any case.</param>
    /// <exception cref="InvalidInputException">Another training is under way.</exception>
    public static UnfinishedTraining Open(string data, TrainingOrder asked, bool anew)
    {
        var folder = Path.Combine(data, "models", "training");
        Directory.CreateDirectory(folder);
        var turn = Turn(folder);
        var path = Path.Combine(folder, "order.json");
        if (!anew && Read(path) is { } begun && asked.AsksAs(begun)) return new UnfinishedTraining(folder, turn, begun, goesOn: true);
        foreach (var old in Directory.GetFiles(folder).Where(file => file != turn.Name)) File.Delete(old);
        File.WriteAllText(path + ".writing", JsonSerializer.Serialize(asked, Json));
        File.Move(path + ".writing", path);
        return new UnfinishedTraining(folder, turn, asked, goesOn: false);
    }

    /// <summary>Forgets it: it ended with a version.</summary>
    public void Finish()
    {
        // The order goes first: without it, nothing is gone on with.
        File.Delete(Path.Combine(_folder, "order.json"));
        File.Delete(TrialFile);
    }

    public void Dispose() => _turn.Dispose();

    private static FileStream Turn(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Another 'graphrec train' is under way in {folder}; wait for its end, or stop it.");
        }
    }

    private static TrainingOrder? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<TrainingOrder>(File.ReadAllText(path), Json) : null;
        }
        catch (JsonException)
        {
            // Of another form, or cut off: then there is nothing to go on with.
            return null;
        }
    }
}
