using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Evaluation;

namespace GraphRec.Learning.Ranking;

/// <summary>
/// Training lists where nothing was shown yet: the candidates that serving would have ranked for a viewer at the cut, from the
/// real sources, and what the viewer did with each of them after it.
/// </summary>
public static class BehaviourLists
{
    /// <summary>Grades: what a viewer did later, best first. A skip and nothing at all are 0.</summary>
    public const byte Loved = 3, Engaged = 2, Noticed = 1;

    /// <summary>From this rating on, or finished, a drama counts as loved.</summary>
    private const double LovedRating = 8;

    /// <summary>Below this rating it was not liked.</summary>
    private const double Disliked = 6;

    /// <summary>One list for each test viewer who later did something with a candidate; viewers in order.</summary>
    /// <param name="held">The log, cut.</param>
    /// <param name="pipeline">Serving, on the part before the cut; whatever model it has may know nothing later.</param>
    /// <param name="threads">From 1; changes nothing.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InvalidInputException">There is no such viewer.</exception>
    public static RankingLists Of(HeldOut held, PipelineModel pipeline, int threads, CancellationToken cancel = default)
    {
        var grades = Grades(held);
        var lists = new (float[] Features, byte[] Labels)?[held.Split.Test.Count];
        Parallel.For(0, lists.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, n =>
        {
            var user = held.Split.Test[n].User;
            if (!grades.TryGetValue(held.Split.Train.Users[user], out var later)) return;
            using var list = pipeline.Rank(user);
            var labels = new byte[list.Matrix.Candidates.Length];
            var dramas = list.Snapshot.Dramas;
            for (var row = 0; row < labels.Length; row++) labels[row] = (byte)later.GetValueOrDefault(dramas[list.Matrix.Candidates[row]].Id);
            if (labels.Any(label => label > 0)) lists[n] = (list.Matrix.Values.ToArray(), labels);
        });
        var kept = lists.OfType<(float[] Features, byte[] Labels)>().ToArray();
        if (kept.Length == 0) throw new InvalidInputException(ErrorCodes.BadUserInput, "No viewer did anything after the cut with a drama that is a candidate; record more behaviour.");
        int[] starts = [0, .. kept.Select(list => list.Labels.Length)];
        for (var n = 1; n < starts.Length; n++) starts[n] += starts[n - 1];
        return new RankingLists(
            [.. pipeline.Features.Features.Select(f => f.Name)], [.. kept.SelectMany(list => list.Features)], [.. kept.SelectMany(list => list.Labels)],
            [.. Enumerable.Repeat(1f, starts[^1])], starts);
    }

    /// <summary>By viewer and drama, the best that was done with it after the cut.</summary>
    private static Dictionary<string, Dictionary<string, int>> Grades(HeldOut held)
    {
        var later = held.Events.Where(e => e.At >= held.Moment(e.UserId));
        var grades = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (var edge in BehaviourFold.All(later))
        {
            if (edge.Target.Kind != NodeKind.Drama) continue;
            if (!grades.TryGetValue(edge.UserId, out var own)) grades.Add(edge.UserId, own = new Dictionary<string, int>(StringComparer.Ordinal));
            // A rating, which comes after watching here, decides: a low one says that it was not liked after all.
            if (own.GetValueOrDefault(edge.Target.Id) < 0) continue;
            own[edge.Target.Id] = edge.Type != EdgeType.Rated ? Math.Max(own.GetValueOrDefault(edge.Target.Id), Grade(edge)) : edge.Value < Disliked ? -1 : Grade(edge);
        }
        foreach (var own in grades.Values)
            foreach (var (drama, grade) in own) own[drama] = Math.Max(0, grade);
        return grades;
    }

    private static int Grade(in BehaviourEdge edge) => edge.Type switch
    {
        EdgeType.Rated => edge.Value >= LovedRating ? Loved : Engaged,
        EdgeType.Watched => edge.Value >= 0.9 ? Loved : edge.Value >= 0.4 ? Engaged : Noticed,
        EdgeType.Watchlisted or EdgeType.Clicked or EdgeType.Reviewed => Noticed,
        _ => 0,
    };
}
