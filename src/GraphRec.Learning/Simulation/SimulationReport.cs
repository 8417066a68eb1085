using System.Globalization;
using GraphRec.Core;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Simulation;

/// <summary>What a set of simulated behaviour looks like, in numbers.</summary>
/// <param name="Events">How many events there are.</param>
/// <param name="Viewers">How many simulated viewers left at least one.</param>
/// <param name="Kinds">Events by kind.</param>
/// <param name="Engagements">Pairs of simulated viewer and drama that are engaged at the end.</param>
/// <param name="EngagedDramas">Dramas with at least one engaged viewer.</param>
/// <param name="Gini">Inequality of engagements over the engaged dramas, 0 (equal) to 1.</param>
/// <param name="TopShare">Share of the engagements that the top 1 % of all dramas have.</param>
/// <param name="CompletedShare">Share of the started pairs (viewer, drama) that were watched to the end.</param>
/// <param name="MeanRating">Mean of the ratings given; NaN without any.</param>
/// <param name="Sessions">Evenings: runs of one viewer's events with less than six hours between neighbours.</param>
public sealed record SimulationReport(
    int Events, int Viewers, IReadOnlyDictionary<EventKind, int> Kinds, int Engagements, int EngagedDramas, double Gini,
    double TopShare, double CompletedShare, double MeanRating, int Sessions)
{
    private static readonly TimeSpan SessionGap = TimeSpan.FromHours(6);

    /// <summary>Measures simulated events against the catalogue they were made for.</summary>
    public static SimulationReport Of(CatalogBatch catalogue, IReadOnlyList<ViewerEvent> events)
    {
        var engagements = Evaluation.Engagements.Of(events);
        int[] counts = [.. engagements.CountBy(e => e.DramaId).Select(c => c.Value).Order()];
        var top = Math.Max(1, catalogue.Dramas.Count / 100);
        var started = events.Where(e => e.Kind == EventKind.Watch).GroupBy(e => (e.UserId, e.Target), e => e.Value ?? 1).ToArray();
        return new SimulationReport(
            events.Count,
            events.Select(e => e.UserId).Distinct(StringComparer.Ordinal).Count(),
            events.CountBy(e => e.Kind).OrderBy(c => c.Key).ToDictionary(),
            engagements.Count,
            counts.Length,
            GiniOf(counts),
            Share(counts.TakeLast(top).Sum(), engagements.Count),
            Share(started.Count(progress => progress.Max() >= 1), started.Length),
            events.Where(e => e.Kind == EventKind.Rate).Select(e => e.Value ?? double.NaN).DefaultIfEmpty(double.NaN).Average(),
            events.GroupBy(e => e.UserId, e => e.At, StringComparer.Ordinal).Sum(SessionsOf));
    }

    /// <summary>Writes the numbers and, when it was measured, the learnability table, as Markdown.</summary>
    public void Write(TextWriter output, Learnability? learnability = null)
    {
        Line(output, $"| simulated | |");
        Line(output, $"|---|---:|");
        Line(output, $"| events | {Events:N0} |");
        Line(output, $"| viewers with events | {Viewers:N0} |");
        Line(output, $"| evenings | {Sessions:N0} |");
        foreach (var (kind, count) in Kinds) Line(output, $"| of kind {kind} | {count:N0} |");
        Line(output, $"| engagements | {Engagements:N0} |");
        Line(output, $"| dramas engaged with | {EngagedDramas:N0} |");
        Line(output, $"| Gini of engagements per engaged drama | {Gini:F3} |");
        Line(output, $"| share of the top 1 % of dramas | {TopShare:F3} |");
        Line(output, $"| started dramas that were finished | {CompletedShare:F3} |");
        Line(output, $"| mean rating | {MeanRating:F2} |");
        if (learnability is not null) WriteTable(output, learnability);
    }

    private static void WriteTable(TextWriter output, Learnability found)
    {
        Line(output, $"");
        Line(output, $"Test from {found.Cut:yyyy-MM-dd} on: {found.TestUsers:N0} users, {found.TestPairs:N0} engagements; {found.TrainPairs:N0} to learn from.");
        Line(output, $"");
        Line(output, $"| model | Recall@{found.K} | NDCG@{found.K} | NDCG over popularity |");
        Line(output, $"|---|---:|---:|---:|");
        foreach (var row in found.Rows)
            Line(output, $"| {row.Model} | {row.Recall:F4} | {row.Ndcg:F4} | {row.Ndcg / found.Rows[0].Ndcg:F2} |");
        Line(output, $"");
        Line(output, $"{LearnabilityCheck.SumName}: {string.Join(", ", found.Weights.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Value} × {w.Key}")))}.");
    }

    private static void Line(TextWriter output, FormattableString line) => output.Write(line.ToString(CultureInfo.InvariantCulture) + "\n");

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    /// <summary>Gini coefficient of ascending counts.</summary>
    private static double GiniOf(int[] ascending)
    {
        double weighted = 0, total = 0;
        for (var i = 0; i < ascending.Length; i++)
        {
            weighted += (i + 1.0) * ascending[i];
            total += ascending[i];
        }
        return total == 0 ? 0 : (2 * weighted / (ascending.Length * total)) - ((ascending.Length + 1.0) / ascending.Length);
    }

    private static int SessionsOf(IEnumerable<DateTimeOffset> times)
    {
        var (sessions, last) = (0, DateTimeOffset.MinValue);
        foreach (var at in times.Order())
        {
            if (sessions == 0 || at - last >= SessionGap) sessions++;
            last = at;
        }
        return sessions;
    }
}
