using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Data;

/// <summary>
/// The product's own log of events as a data set: the pairs that are engaged after all events (<see cref="Engagements"/>),
/// in order of time, without values: a rating has done its work in the definition. Users and items are numbered in ordinal
/// order of their ids, so that a tie broken by number is a tie broken by id.
/// </summary>
public static class EventLogInteractions
{
    /// <summary>Engagements of these events with <paramref name="items"/>; users are those who occur, other items are left out.</summary>
    public static Interactions Of(IEnumerable<string> items, IReadOnlyList<ViewerEvent> events, string name = "events") =>
        Of(items, Engagements.Of(events), name);

    /// <summary>The same of engagements that are known; of repeated pairs the first counts.</summary>
    internal static Interactions Of(IEnumerable<string> items, IEnumerable<Engagement> engagements, string name)
    {
        var itemNumbers = Numbered(items, out var itemIds);
        var known = engagements.Where(e => itemNumbers.ContainsKey(e.DramaId)).ToArray();
        var userNumbers = Numbered(known.Select(e => e.UserId), out var userIds);
        return Interactions.Of(
            name, userIds, itemIds,
            [.. known.Select(e => userNumbers[e.UserId])], [.. known.Select(e => itemNumbers[e.DramaId])], null,
            [.. known.Select(e => e.At.ToUnixTimeMilliseconds())], InteractionTimes.Milliseconds);
    }

    private static Dictionary<string, int> Numbered(IEnumerable<string> ids, out string[] ordered)
    {
        ordered = [.. ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var numbers = new Dictionary<string, int>(ordered.Length, StringComparer.Ordinal);
        for (var n = 0; n < ordered.Length; n++) numbers.Add(ordered[n], n);
        return numbers;
    }
}
