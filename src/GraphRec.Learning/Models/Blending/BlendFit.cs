using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Linear;

namespace GraphRec.Learning.Models.Blending;

/// <summary>Fits a blend: members on a part of the data, weights on the rest of it, and the members that have a weight on all.</summary>
/// <param name="Users">How many users of the validation part the weights are learned from at most.</param>
/// <param name="Candidates">How many of each member's best items are judged per user.</param>
internal sealed record BlendFit(int Users, int Candidates)
{
    // A member of less than this share of all weights changes next to nothing, and would cost as much as the others.
    private const double LeastShare = 0.01;

    // The share of a fit's time that the first round, the weights and the second round take, about.
    private const double FirstRound = 0.45, Weighed = 0.55;

    // Floats held by one thread for a block of users.
    private const int MostScores = 1 << 25;

    /// <summary>Fits.</summary>
    /// <exception cref="InvalidInputException">A member does not fit, or nothing can be held out.</exception>
    public BlendModel Run(IReadOnlyList<ModelRecipe> members, FitInput input, CancellationToken cancel)
    {
        var validation = (input.Validation?.Invoke() ?? RandomSplit.Of(input.Pairs, seed: input.Seed)).WithTestUsers(Users);
        if (validation.Test.Count == 0)
            throw new InvalidInputException(ErrorCodes.BadUserInput, "A blend learns its weights from items it holds out, and users have too few for that; use a single model.");
        var weights = Weights(members, input, validation, cancel);
        var least = weights.Sum() * LeastShare;
        int[] kept = [.. Enumerable.Range(0, weights.Length).Where(m => weights[m] > 0 && weights[m] >= least)];
        // Held-out items that no member finds tell nothing: then all count alike.
        if (kept.Length == 0) (kept, weights) = ([.. Enumerable.Range(0, members.Count)], [.. members.Select(_ => 1.0)]);
        var fitted = Fit([.. kept.Select(m => members[m])], input, Weighed, 1, cancel);
        return new BlendModel([.. kept.Select((m, n) => new BlendMember(members[m].ToString(), (float)weights[m], fitted[n]))]);
    }

    private double[] Weights(IReadOnlyList<ModelRecipe> members, FitInput input, Split validation, CancellationToken cancel)
    {
        var rest = input with { Train = validation.Train, Pairs = validation.TrainPairs };
        var fitted = Fit(members, rest, 0, FirstRound, cancel);
        var judged = Judge(fitted, validation, input.Threads, cancel);
        input.Progress?.Report(Weighed);
        return StackedWeights.Of(judged, members.Count, input.Threads, cancel);
    }

    private static IModel[] Fit(IReadOnlyList<ModelRecipe> members, FitInput input, double from, double to, CancellationToken cancel)
    {
        var fitted = new IModel[members.Count];
        for (var m = 0; m < fitted.Length; m++)
        {
            var (before, part) = (from + ((to - from) * m / fitted.Length), (to - from) / fitted.Length);
            var progress = input.Progress is { } whole ? new Part(share => whole.Report(before + (part * share))) : null;
            fitted[m] = ModelKinds.Fit(members[m], input with { Progress = progress, Validation = null }, cancel);
            input.Progress?.Report(before + part);
        }
        return fitted;
    }

    /// <summary>For each user with a hit among them the union of the members' best items, with each member's scores of them.</summary>
    private List<JudgedCandidates> Judge(IModel[] members, Split split, int threads, CancellationToken cancel)
    {
        var judged = new JudgedCandidates?[split.Test.Count];
        var items = members[0].ItemCount;
        var block = Math.Clamp(MostScores / Math.Max(1, 2 * members.Length * items), 1, 64);
        Tasks.ForEach(
            (split.Test.Count + block - 1) / block, threads,
            () => (Scorers: members.Select(member => new MemberScores(member)).ToArray(), Scores: members.Select(_ => new float[block * items]).ToArray(), Best: new TopK(Math.Min(Candidates, items))),
            (own, task) =>
            {
                var users = split.Test.Skip(task * block).Take(block).ToArray();
                Score(own.Scorers, own.Scores, split.Train, users);
                for (var n = 0; n < users.Length; n++)
                    judged[(task * block) + n] = Judge(own.Scores, n * items, items, users[n], split.Train.ItemsOf(users[n].User), own.Best);
            },
            cancel);
        return [.. judged.OfType<JudgedCandidates>()];
    }

    private static void Score(MemberScores[] scorers, float[][] scores, InteractionMatrix train, TestUser[] users)
    {
        List<int> starts = [0], items = [];
        foreach (var user in users)
        {
            items.AddRange(train.ItemsOf(user.User));
            starts.Add(items.Count);
        }
        var ones = new float[items.Count];
        ones.AsSpan().Fill(1);
        var block = new UserBlock([.. users.Select(user => user.User)], [.. starts], [.. items], ones);
        for (var m = 0; m < scorers.Length; m++)
        {
            Array.Clear(scores[m]);
            scorers[m].AddTo(block, 1, scores[m]);
        }
    }

    private static JudgedCandidates? Judge(float[][] scores, int start, int items, TestUser user, ReadOnlySpan<int> known, TopK best)
    {
        var candidates = new SortedSet<int>();
        foreach (var all in scores)
        {
            var row = all.AsSpan(start, items);
            foreach (var item in known) row[item] = float.NegativeInfinity;
            TopLists.Select(row, best);
            foreach (var item in best.Items) candidates.Add(item);
        }
        int[] found = [.. candidates];
        int[] hits = [.. user.Items.Select(item => Array.BinarySearch(found, item)).Where(place => place >= 0)];
        if (hits.Length == 0) return null;
        var features = new float[found.Length * scores.Length];
        for (var c = 0; c < found.Length; c++)
        {
            for (var m = 0; m < scores.Length; m++) features[(c * scores.Length) + m] = scores[m][start + found[c]];
        }
        return new JudgedCandidates(features, hits);
    }

    private sealed class Part(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
