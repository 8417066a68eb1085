using GraphRec.Core;

namespace GraphRec.Storage.Files;

/// <summary>
/// Imports a folder in GraphRec's own format. Season links and further titles stand in files of their own, but belong to
/// the drama's record: they are read first, and every drama is written once, whole.
/// </summary>
internal sealed class CatalogFolder(ImportRun run, KnownIds dramas)
{
    private const string DramaFile = "dramas.jsonl", PeopleFile = "people.jsonl", CreditFile = "credits.jsonl";
    private const string SequelFile = "sequels.jsonl", AliasFile = "aliases.tsv";

    private readonly KnownIds _people = new(run.Stores.Catalog, NodeKind.Person);
    private readonly Dictionary<string, long> _dramaLines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Companion> _companions = new(StringComparer.Ordinal);

    /// <summary>The files of the catalogue itself.</summary>
    public static string[] CatalogFiles { get; } = [DramaFile, PeopleFile, CreditFile, SequelFile, AliasFile];

    /// <summary>The files of events beside it.</summary>
    public static string[] EventFileNames { get; } = ["events.jsonl", "events.csv"];

    /// <summary>Every file that makes a folder one of these.</summary>
    public static string[] Files { get; } = [.. CatalogFiles, .. EventFileNames];

    /// <summary>False when a bad line stopped it.</summary>
    public async Task<bool> ImportAsync(string folder, CancellationToken cancel) =>
        ReadCompanions(folder)
        && await PeopleAsync(Path.Combine(folder, PeopleFile), cancel).ConfigureAwait(false)
        && await DramasAsync(folder, cancel).ConfigureAwait(false)
        && await LeftOverAsync(cancel).ConfigureAwait(false)
        && await CreditsAsync(Path.Combine(folder, CreditFile), cancel).ConfigureAwait(false);

    private async Task<bool> PeopleAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path)) return true;
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var parsed = JsonLines.Read(path, LineJson.Default.PersonLine, (line, number) =>
        {
            var person = CatalogLines.Person(line);
            Once(lines, person.Id, number);
            _people.Add(person.Id);
            return person;
        });
        return await run.ImportAsync(new ImportPart<Person>(
            path, FileFacts.Of(path), parsed, Fine,
            (batch, c) => UpsertAsync(new CatalogBatch([], batch, []), c)), cancel).ConfigureAwait(false);
    }

    private async Task<bool> DramasAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, DramaFile);
        if (!File.Exists(path)) return true;
        var parsed = JsonLines.Read(path, LineJson.Default.DramaLine, (line, number) =>
        {
            var drama = CatalogLines.Drama(line);
            Once(_dramaLines, drama.Id, number);
            dramas.Add(drama.Id);
            return _companions.TryGetValue(drama.Id, out var companion) ? companion.Complete(drama) : drama;
        });
        var facts = FileFacts.Of(path, Path.Combine(folder, SequelFile), Path.Combine(folder, AliasFile));
        return await run.ImportAsync(new ImportPart<Drama>(
            path, facts, parsed, Fine,
            (batch, c) => UpsertAsync(new CatalogBatch(batch, [], []), c)), cancel).ConfigureAwait(false);
    }

    private async Task<bool> CreditsAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path)) return true;
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        var orders = new Dictionary<(string, CreditRole), int>();
        var parsed = JsonLines.Read(path, LineJson.Default.CreditLine, (line, number) =>
        {
            var credit = CatalogLines.Credit(line, (drama, role) => orders.GetValueOrDefault((drama, role)) + 1);
            Once(lines, $"{credit.DramaId}\0{credit.Role}\0{credit.PersonId}", number);
            orders[(credit.DramaId, credit.Role)] = Math.Max(credit.Order, orders.GetValueOrDefault((credit.DramaId, credit.Role)));
            return credit;
        });
        return await run.ImportAsync(new ImportPart<Credit>(
            path, FileFacts.Of(path), parsed, CheckAsync,
            (batch, c) => UpsertAsync(new CatalogBatch([], [], batch), c)), cancel).ConfigureAwait(false);

        async ValueTask<string?> CheckAsync(Credit credit, CancellationToken c)
        {
            if (!await dramas.HasAsync(credit.DramaId, c).ConfigureAwait(false)) return $"there is no drama '{credit.DramaId}'.";
            return await _people.HasAsync(credit.PersonId, c).ConfigureAwait(false) ? null : $"there is no person '{credit.PersonId}'.";
        }
    }

    private async Task<long> UpsertAsync(CatalogBatch batch, CancellationToken cancel) =>
        await run.Stores.Catalog.UpsertAsync(batch, cancel).ConfigureAwait(false);

    /// <summary>Reads the season links and further titles. They are small: one per a few dramas.</summary>
    private bool ReadCompanions(string folder)
    {
        var sequels = Path.Combine(folder, SequelFile);
        if (File.Exists(sequels))
        {
            foreach (var (number, link, problem) in JsonLines.Read(sequels, LineJson.Default.SequelLine, (line, _) => Link(line)))
            {
                var companion = link is null ? null : Of(link.Drama!, SequelFile, number);
                var reason = problem ?? (companion!.Follows is null ? null : "the drama follows another one already.");
                if (reason is null) companion!.Follows = link!.Follows;
                else if (!run.Reject(new ImportIssue(SequelFile, number, reason))) return false;
            }
        }
        var aliases = Path.Combine(folder, AliasFile);
        if (!File.Exists(aliases)) return true;
        foreach (var (number, fields, problem) in JsonLines.Lines(aliases, (text, _) => AliasFields(text)))
        {
            if (problem is null) Of(fields![0], AliasFile, number).Titles.Add(fields[1]);
            else if (!run.Reject(new ImportIssue(AliasFile, number, problem))) return false;
        }
        return true;
    }

    /// <summary>Links and titles of dramas that are not in this folder, but may be in the catalogue.</summary>
    private async Task<bool> LeftOverAsync(CancellationToken cancel)
    {
        foreach (var (id, companion) in _companions)
        {
            if (_dramaLines.ContainsKey(id)) continue;
            var drama = await run.Stores.Catalog.FindDramaAsync(id, cancel).ConfigureAwait(false);
            if (drama is not null)
                await run.Stores.Catalog.UpsertAsync(new CatalogBatch([companion.Complete(drama)], [], []), cancel).ConfigureAwait(false);
            else if (!run.Reject(new ImportIssue(companion.File, companion.Line, $"there is no drama '{id}'.")))
                return false;
        }
        return true;
    }

    private Companion Of(string drama, string file, long line)
    {
        if (!_companions.TryGetValue(drama, out var companion)) _companions[drama] = companion = new Companion(file, line);
        return companion;
    }

    private static SequelLine Link(SequelLine line)
    {
        var drama = CatalogLines.Id(line.Drama, "drama");
        return CatalogLines.Id(line.Follows, "follows") != drama ? line : throw new FormatException("a drama cannot follow itself.");
    }

    private static string[] AliasFields(string text)
    {
        var fields = text.Split('\t');
        if (fields.Length < 2) throw new FormatException("the line needs a drama's id, a tab and a title.");
        CatalogLines.Id(fields[0], "the drama's id");
        CatalogLines.Id(fields[1], "the title");
        return fields;
    }

    private static void Once(Dictionary<string, long> lines, string id, long line)
    {
        if (!lines.TryAdd(id, line)) throw new FormatException($"line {lines[id]} says this already ({id.Replace('\0', ' ')}).");
    }

    private static ValueTask<string?> Fine<T>(T record, CancellationToken cancel) => ValueTask.FromResult<string?>(null);

    /// <summary>What other files say of a drama.</summary>
    private sealed class Companion(string file, long line)
    {
        public string File => file;
        public long Line => line;
        public string? Follows { get; set; }
        public List<string> Titles { get; } = [];

        public Drama Complete(Drama drama) => drama with
        {
            Follows = Follows ?? drama.Follows,
            Aliases = [.. drama.Aliases.Union(Titles, StringComparer.Ordinal)],
        };
    }
}
