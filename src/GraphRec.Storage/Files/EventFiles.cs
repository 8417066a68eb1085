using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>Imports files of events: into the log, then into the graph.</summary>
internal sealed class EventFiles(ImportRun run, TimeProvider clock, KnownIds dramas)
{
    private readonly KnownIds _people = new(run.Stores.Catalog, NodeKind.Person);

    /// <summary>The columns by which a CSV file is known to hold events.</summary>
    public static string[] RequiredColumns { get; } = ["user", "kind", "at"];

    /// <summary>Imports JSON lines, or CSV by the name's ending. False when a bad line stopped it.</summary>
    public Task<bool> ImportAsync(string path, CancellationToken cancel)
    {
        var lines = path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            ? CsvRows.Read(path, RequiredColumns, (row, _) => FromCsv(row))
            : JsonLines.Read(path, LineJson.Default.EventLine, (line, _) => FromJson(line));
        return run.ImportAsync(new ImportPart<ViewerEvent>(path, FileFacts.Of(path), lines, CheckAsync, WriteAsync), cancel);
    }

    /// <summary>Appends what is new to the log, then folds it into the graph; returns how many were new.</summary>
    public async Task<long> WriteAsync(IReadOnlyList<ViewerEvent> batch, CancellationToken cancel)
    {
        var appended = await run.Stores.Events.AppendAsync(batch, cancel).ConfigureAwait(false);
        if (appended.Count > 0) await run.Stores.Graph.ApplyAsync(appended, cancel).ConfigureAwait(false);
        return appended.Count;
    }

    /// <summary>What is wrong with the event: by its own rules, or because what it is about does not exist.</summary>
    public async ValueTask<string?> CheckAsync(ViewerEvent e, CancellationToken cancel)
    {
        if (EventRules.Problem(e, clock.GetUtcNow()) is { } problem) return problem;
        return e.Target.Kind switch
        {
            NodeKind.Drama when !await dramas.HasAsync(e.Target.Id, cancel).ConfigureAwait(false) => $"there is no drama '{e.Target.Id}'.",
            NodeKind.Person when !await _people.HasAsync(e.Target.Id, cancel).ConfigureAwait(false) =>
                $"there is no person '{e.Target.Id}'.",
            _ => null,
        };
    }

    private static ViewerEvent FromJson(EventLine line)
    {
        var at = line.At switch
        {
            { ValueKind: JsonValueKind.String } text => Time(text.GetString()!),
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var milliseconds) => Time(milliseconds),
            null or { ValueKind: JsonValueKind.Null } => throw new FormatException("at is missing."),
            _ => throw new FormatException("at is an ISO 8601 time or whole milliseconds since 1970."),
        };
        return Event(line.Id, line.User, line.Kind, Target(line.Drama, line.TargetKind, line.Target), line.Value, at) with
        {
            AttributionId = CatalogLines.Optional(line.AttributionId),
            Context = Context(line.Device, line.Region),
        };
    }

    private static ViewerEvent FromCsv(CsvLine row)
    {
        var text = row.Need("at");
        var at = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            ? Time(milliseconds)
            : Time(text);
        var target = Target(row["drama"], row["targetKind"], row["target"]);
        return Event(row["id"], row["user"], row["kind"], target, row.Number("value"), at) with
        {
            AttributionId = row["attributionId"],
            Context = Context(row["device"], row["region"]),
        };
    }

    private static ViewerEvent Event(string? id, string? user, string? kindName, NodeRef target, double? value, DateTimeOffset at)
    {
        if (!EventKindNames.TryParse(kindName, out var kind))
        {
            throw new FormatException(kindName is null
                ? "kind is missing."
                : $"kind is one of {string.Join(", ", EventKindNames.All)}, but was '{kindName}'.");
        }
        user = CatalogLines.Id(user, "user");
        return new ViewerEvent(CatalogLines.Optional(id) ?? DerivedId(user, target, kind, value, at), user, target, kind, value, at);
    }

    /// <summary>
    /// The id of an event that states none: of its content, so that importing it again is known to be the same event.
    /// </summary>
    private static string DerivedId(string user, NodeRef target, EventKind kind, double? value, DateTimeOffset at)
    {
        var content = string.Create(CultureInfo.InvariantCulture,
            $"{user}\n{target.Kind}\n{target.Id}\n{EventKindNames.Of(kind)}\n{value:R}\n{at.ToUnixTimeMilliseconds()}");
        return "x-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));
    }

    private static NodeRef Target(string? drama, string? kindName, string? target)
    {
        if (string.IsNullOrWhiteSpace(target)) return NodeRef.Drama(CatalogLines.Id(drama, "drama"));
        if (!string.IsNullOrWhiteSpace(drama)) throw new FormatException("give drama, or targetKind and target, not both.");
        var kind = kindName switch
        {
            "DRAMA" => NodeKind.Drama,
            "PERSON" => NodeKind.Person,
            "GENRE" => NodeKind.Genre,
            "TAG" => NodeKind.Tag,
            _ => throw new FormatException($"targetKind is DRAMA, PERSON, GENRE or TAG, but was '{kindName}'."),
        };
        return new NodeRef(kind, CatalogLines.Id(target, "target"));
    }

    private static EventContext? Context(string? device, string? region) =>
        (CatalogLines.Optional(device), CatalogLines.Region(region, "region")) is var (d, r) && (d is not null || r is not null)
            ? new EventContext(d, r)
            : null;

    /// <summary>An ISO 8601 time; without an offset it is UTC. Other orders of day and month are not guessed at.</summary>
    private static DateTimeOffset Time(string text) =>
        text is [_, _, _, _, '-', _, _, '-', ..] && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : throw new FormatException($"at is an ISO 8601 time like 2026-03-01T20:15:00Z, but was '{text}'.");

    private static DateTimeOffset Time(long milliseconds) =>
        milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : throw new FormatException($"at is {milliseconds}, which is no time in milliseconds since 1970.");
}
