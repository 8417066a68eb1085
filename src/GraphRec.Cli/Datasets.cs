using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Cli;

/// <summary>A data set as <c>evaluate</c> takes it.</summary>
/// <param name="Name">As reports name it.</param>
/// <param name="Split">What is learned from and what is to be found.</param>
/// <param name="Genres">Of the items, where the data tell them.</param>
public sealed record Dataset(string Name, Split Split, ItemGenres? Genres);

/// <summary>Reads data sets of every form, and splits them.</summary>
public static class Datasets
{
    public const string LightGcn = "lightgcn", MovieLens = "movielens", Sequence = "sequence", Events = "events";
    public const string Given = "given", Random = "random", LeaveLastOneOut = "leave-last-one-out", Temporal = "temporal";

    /// <summary>The forms of data.</summary>
    public static IReadOnlyList<string> Formats { get; } = [LightGcn, MovieLens, Sequence, Events];

    /// <summary>The manners of splitting.</summary>
    public static IReadOnlyList<string> Splits { get; } = [Given, Random, LeaveLastOneOut, Temporal];

    /// <summary>Reads a data set and splits it.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="path">A file or folder.</param>
    /// <param name="split">One of <see cref="Splits"/>; null for what the form is usually split by.</param>
    /// <param name="leastRating">Ratings below it are no engagement; null: all are.</param>
    /// <param name="seed">Of a random split.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="InvalidInputException">The data are missing or wrong, or cannot be split so.</exception>
    public static async Task<Dataset> ReadAsync(string format, string path, string? split, double? leastRating, int seed, CancellationToken cancel)
    {
        if (format == Events) return await ReadEventsAsync(path, split ?? Temporal, seed, cancel);
        if (format == LightGcn)
        {
            var given = LightGcnFiles.Read(path);
            Split cut = split is null or Given ? given : Cut(given.Whole(), split, format, seed);
            return new Dataset(given.TrainPairs.Name, cut, null);
        }
        if (format == Sequence)
        {
            var sequences = SequenceFiles.Read(path);
            return new Dataset(sequences.Name, Cut(sequences, split ?? LeaveLastOneOut, format, seed), null);
        }
        var ratings = MovieLensRatings.Read(path);
        if (leastRating is { } least) ratings = ratings.ValuedFrom(least);
        return new Dataset(ratings.Name, Cut(ratings, split ?? Random, format, seed), MovieLensGenres.Find(path, ratings.Items));
    }

    private static Split Cut(Interactions data, string split, string format, int seed) => split switch
    {
        Random => RandomSplit.Of(data, seed: seed),
        LeaveLastOneOut => LeaveLastOneOutSplit.Of(data),
        Temporal => GlobalTemporalSplit.Of(data),
        _ => throw new InvalidInputException(
            ErrorCodes.BadUserInput, $"--split {split} is for --format {LightGcn}, whose folders have a test part; split {format} data by {Random}, {LeaveLastOneOut} or {Temporal}."),
    };

    private static async Task<Dataset> ReadEventsAsync(string path, string split, int seed, CancellationToken cancel)
    {
        await using var store = await Workbench.OpenToReadAsync(path, cancel);
        var events = new List<ViewerEvent>();
        await foreach (var logged in store.Events.ReadAsync(0, cancel)) events.Add(logged.Event);
        events = [.. events.OrderBy(e => e.At)];
        var catalogue = (await store.Export.ReadAsync(cancel)).Dramas;
        string[] ids = [.. catalogue.Select(drama => drama.Id)];
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        Split cut = split == Temporal ? TemporalSplit.Of(ids, events) : Cut(EventLogInteractions.Of(ids, events, name), split, Events, seed);
        var genres = catalogue.ToDictionary(drama => drama.Id, drama => drama.Genres, StringComparer.Ordinal);
        return new Dataset(name, cut, new ItemGenres([.. cut.Train.Items.Select(id => genres[id])]));
    }
}
