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
    /// <summary>One list for each test viewer who later did something with a candidate; viewers in order.</summary>
    /// <param name="held">The log, cut.</param>
    /// <param name="pipeline">Serving, on the part before the cut; whatever model it has may know nothing later.</param>
    /// <param name="threads">From 1; changes nothing.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InvalidInputException">There is no such viewer.</exception>
    public static IReadOnlyList<LabelledList> Of(HeldOut held, PipelineModel pipeline, int threads, CancellationToken cancel = default)
    {
        var grades = GradesOf(held);
        var lists = new LabelledList?[held.Split.Test.Count];
        Parallel.For(0, lists.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, n =>
        {
            var user = held.Split.Test[n].User;
            if (!grades.TryGetValue(held.Split.Train.Users[user], out var later)) return;
            using var list = pipeline.Rank(user);
            var labels = new byte[list.Matrix.Candidates.Length];
            var dramas = list.Snapshot.Dramas;
            for (var row = 0; row < labels.Length; row++) labels[row] = (byte)later.GetValueOrDefault(dramas[list.Matrix.Candidates[row]].Id);
            if (labels.Any(label => label > 0)) lists[n] = new LabelledList(list.Matrix.Values.ToArray(), labels, [.. Enumerable.Repeat(1f, labels.Length)]);
        });
        LabelledList[] kept = [.. lists.OfType<LabelledList>()];
        return kept.Length > 0 ? kept : throw new InvalidInputException(
            ErrorCodes.BadUserInput, "No viewer did anything after the cut with a drama that is a candidate; record more behaviour.");
    }

    /// <summary>By viewer and drama, what was done with it after the cut.</summary>
    private static Dictionary<string, Dictionary<string, int>> GradesOf(HeldOut held)
    {
        var later = BehaviourFold.All(held.Events.Where(e => e.At >= held.Moment(e.UserId) && e.Target.Kind == NodeKind.Drama));
        return later.GroupBy(edge => edge.UserId, StringComparer.Ordinal).ToDictionary(
            user => user.Key, user => user.GroupBy(edge => edge.Target.Id, StringComparer.Ordinal).ToDictionary(drama => drama.Key, Grades.Of, StringComparer.Ordinal), StringComparer.Ordinal);
    }
}
