using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>What can be imported. <c>docs/data.md</c> describes each.</summary>
public enum ImportFormat
{
    /// <summary>A folder in GraphRec's own format: <c>dramas.jsonl</c>, <c>people.jsonl</c>, …, <c>events.jsonl</c>.</summary>
    Folder,

    /// <summary>One file of events, JSON lines.</summary>
    EventsJsonl,

    /// <summary>One file of events, CSV.</summary>
    EventsCsv,

    /// <summary>A MovieLens folder: <c>movies.csv</c>, <c>ratings.csv</c>.</summary>
    MovieLens,
}

/// <summary>Tells what a folder or file is.</summary>
public static class ImportFormatDetection
{
    extension(ImportFormat)
    {
        /// <summary>The format of a folder, by the files in it, or of a file, by its first line.</summary>
        /// <exception cref="InvalidInputException">
        /// It does not exist, or it cannot be told; the message says what would be recognised.
        /// </exception>
        public static ImportFormat Detect(string path)
        {
            if (Directory.Exists(path)) return DetectFolder(path);
            if (File.Exists(path)) return DetectFile(path);
            throw Bad(ErrorCodes.NotFound, $"There is no file or folder {path}.");
        }
    }

    private static ImportFormat DetectFolder(string path)
    {
        var own = CatalogFolder.Files.Any(name => File.Exists(Path.Combine(path, name)));
        var movieLens = MovieLensFiles.Files.Any(name => File.Exists(Path.Combine(path, name)));
        if (own && movieLens)
            throw Bad(ErrorCodes.BadUserInput, $"{path} holds both a GraphRec catalogue and MovieLens files; say which format to import.");
        if (own) return ImportFormat.Folder;
        if (movieLens) return ImportFormat.MovieLens;
        throw Bad(ErrorCodes.BadUserInput,
            $"Cannot tell what {path} is: it has neither {string.Join(", ", CatalogFolder.Files)} nor "
            + $"{string.Join(", ", MovieLensFiles.Files)}.");
    }

    private static ImportFormat DetectFile(string path)
    {
        if (CatalogFolder.CatalogFiles.Contains(Path.GetFileName(path), StringComparer.Ordinal))
            throw Bad(ErrorCodes.BadUserInput, $"{path} is a part of a catalogue; import its folder.");
        if (MovieLensFiles.Files.Contains(Path.GetFileName(path), StringComparer.Ordinal))
            throw Bad(ErrorCodes.BadUserInput, $"{path} is a part of MovieLens; import its folder.");
        var first = File.ReadLines(path).FirstOrDefault(line => !string.IsNullOrWhiteSpace(line))?.TrimStart() ?? "";
        var hasFields = first.Contains("\"user\"", StringComparison.Ordinal) && first.Contains("\"kind\"", StringComparison.Ordinal);
        if (first.StartsWith('{') && hasFields) return ImportFormat.EventsJsonl;
        var columns = first.Split(',').Select(column => column.Trim('"', ' ')).ToHashSet(StringComparer.Ordinal);
        if (columns.IsSupersetOf(EventFiles.RequiredColumns)) return ImportFormat.EventsCsv;
        throw Bad(ErrorCodes.BadUserInput,
            $"Cannot tell what {path} is: events are JSON lines with \"user\" and \"kind\", or CSV with the columns "
            + $"{string.Join(", ", EventFiles.RequiredColumns)} in its first line.");
    }

    private static InvalidInputException Bad(string code, string message) => new(code, message);
}
