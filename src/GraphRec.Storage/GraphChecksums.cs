using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>How many nodes or edges of a kind there are, and a sum over what each of them says, in whatever order.</summary>
public readonly record struct Checksum(long Count, UInt128 Sum)
{
    /// <summary>
    /// With one more entry. The sum is modulo 2^128 of the first half of each entry's SHA-256: unlike XOR it tells an
    /// entry that is there twice from one that is not there.
    /// </summary>
    public Checksum With(params ReadOnlySpan<object?> entry)
    {
        var text = new StringBuilder();
        foreach (var part in entry)
        {
            // The length keeps ("ab", "c") apart from ("a", "bc"), and nothing apart from the empty text.
            var said = part switch { null => null, double d => d.ToString("R", CultureInfo.InvariantCulture), _ => Convert.ToString(part, CultureInfo.InvariantCulture)! };
            text.Append(said is null ? "-" : said.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(said);
        }
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return new Checksum(Count + 1, unchecked(Sum + System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash)));
    }

    public override string ToString() => Sum.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>The checksums of a stored graph, per node label and edge type, and of its event log and impressions.</summary>
public static class GraphChecksums
{
    /// <summary>The name under which the event log stands.</summary>
    public const string Events = "Event";

    /// <summary>The name under which the pages that were shown stand.</summary>
    public const string Pages = "Page";

    /// <summary>Of everything an export holds: labels first, then edge types; those that do not occur count 0.</summary>
    public static IReadOnlyDictionary<string, Checksum> Of(GraphExport export)
    {
        var sums = new Dictionary<string, Checksum>(StringComparer.Ordinal);
        foreach (var kind in Enum.GetNames<NodeKind>()) sums[kind] = default;
        foreach (var type in Enum.GetValues<EdgeType>().Where(t => t < EdgeType.CoWatched)) sums[type.Name()] = default;
        Nodes(export, sums);
        foreach (var drama in export.Dramas) EdgesOf(drama, sums);
        foreach (var c in export.Credits) Add(sums, c.Edge.Name(), c.PersonId, c.DramaId, c.Order, c.Character, c.Billing);
        foreach (var b in export.Behaviour)
        {
            Add(sums, b.Type.Name(), b.UserId, b.Target.Kind, b.Target.Id, Math.Round(b.Value, 3), b.FirstAt.ToUnixTimeMilliseconds(), b.LastAt.ToUnixTimeMilliseconds(), b.Times);
        }
        return sums;
    }

    /// <summary>Of an event log, up to a sequence.</summary>
    public static async Task<Checksum> OfAsync(IEventLog log, long through, CancellationToken cancel = default)
    {
        var sum = new Checksum();
        await foreach (var (sequence, e) in log.ReadAsync(0, cancel).ConfigureAwait(false))
        {
            if (sequence > through) break;
            sum = sum.With(
                sequence, e.Id, e.UserId, e.Kind, e.Target.Kind, e.Target.Id, e.Value, e.At.ToUnixTimeMilliseconds(), e.AttributionId,
                e.Context is null ? 0 : 1, e.Context?.Device, e.Context?.Region);
        }
        return sum;
    }

    /// <summary>Of the pages that were shown.</summary>
    public static async Task<Checksum> OfAsync(IImpressionLog log, CancellationToken cancel = default)
    {
        var sum = new Checksum();
        await foreach (var page in log.ReadAsync(cancel).ConfigureAwait(false)) sum = With(sum, page);
        return sum;
    }

    /// <summary>With one more page.</summary>
    public static Checksum With(Checksum sum, PageImpression page) =>
        sum.With(page.PageId, page.UserId, page.At.ToUnixTimeMilliseconds(), Convert.ToBase64String(PageBlob.Write(page)));

    private static void Nodes(GraphExport export, Dictionary<string, Checksum> sums)
    {
        foreach (var d in export.Dramas)
        {
            Add(sums, nameof(NodeKind.Drama), d.Id, d.Title, d.NativeTitle, string.Join('\n', d.Aliases), d.Country, d.Year, Day(d.AiredFrom), Day(d.AiredTo),
                d.Episodes, d.DurationMinutes, d.ContentRating, d.Type, string.Join('\n', d.Regions), d.Priority);
        }
        foreach (var p in export.People) Add(sums, nameof(NodeKind.Person), p.Id, p.Name, p.NativeName);
        foreach (var name in export.Dramas.SelectMany(d => d.Genres).Distinct(StringComparer.Ordinal)) Add(sums, nameof(NodeKind.Genre), name);
        foreach (var name in export.Dramas.SelectMany(d => d.Tags).Distinct(StringComparer.Ordinal)) Add(sums, nameof(NodeKind.Tag), name);
        foreach (var name in export.Dramas.SelectMany(d => d.Networks).Distinct(StringComparer.Ordinal)) Add(sums, nameof(NodeKind.Network), name);
        foreach (var id in export.Behaviour.Select(b => b.UserId).Union(export.Regions.Keys, StringComparer.Ordinal))
            Add(sums, nameof(NodeKind.User), id, export.Regions.GetValueOrDefault(id));
    }

    private static void EdgesOf(Drama drama, Dictionary<string, Checksum> sums)
    {
        List(EdgeType.HasGenre, drama.Genres);
        List(EdgeType.Tagged, drama.Tags);
        List(EdgeType.AiredOn, drama.Networks);
        if (drama.Follows is { } follows) Add(sums, EdgeType.Follows.Name(), drama.Id, follows);

        void List(EdgeType type, IReadOnlyList<string> names)
        {
            for (var place = 0; place < names.Count; place++) Add(sums, type.Name(), drama.Id, names[place], place);
        }
    }

    private static string? Day(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture);

    private static void Add(Dictionary<string, Checksum> sums, string name, params ReadOnlySpan<object?> entry) => sums[name] = sums[name].With(entry);
}
