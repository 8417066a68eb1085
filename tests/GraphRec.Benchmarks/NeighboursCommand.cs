using System.Globalization;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Data;
using GraphRec.Learning.Models;

namespace GraphRec.Benchmarks;

/// <summary>
/// <c>neighbours --data DIR [--threads N] [--runs N]</c>: neighbour and walk models on a data set in LightGCN's form: how long they
/// take to fit and to find twenty items for every test user, how good these are, and how near sampled walks come to exact ones.
/// </summary>
internal static class NeighboursCommand
{
    private const int Cut = 20;

    public static int Run(string[] args)
    {
        var (folder, threads, runs) = ("", Environment.ProcessorCount, 3);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--data") folder = args[i + 1];
            else if (args[i] == "--threads") threads = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            else if (args[i] == "--runs") runs = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        }
        if (folder.Length == 0)
        {
            Console.Error.WriteLine("usage: neighbours --data DIR [--threads N] [--runs N]");
            return 2;
        }
        var split = LightGcnFiles.Read(folder);
        var (relation, test) = InteractionFiles.ReadSplit(folder);
        Print($"{split.Train.Users.Count:N0} users, {split.Train.Items.Count:N0} items, {split.Train.Count:N0} pairs; {threads} threads");
        Print($"{"",-52}{"fit CPU s",10}{"wall s",8}{"score CPU s",12}{"wall s",8}{"R@20",8}{"N@20",8}");
        foreach (var recipe in Recipes()) Line(recipe, split, test, threads, runs);
        Sampling(relation, [.. split.Test.Select(user => user.User).Where((_, n) => n % 10 == 0)], test, threads);
        Print($"peak memory {Measure.PeakMegabytes():F0} MB");
        return 0;
    }

    private static IEnumerable<ModelRecipe> Recipes()
    {
        yield return ModelRecipe.Default("itemknn").With("shrinkage", 0).With("userAlpha", 0).With("asymmetry", 0.5);
        yield return ModelRecipe.Default("itemknn-bm25").With("k1", 0.2).With("b", 0.5).With("shrinkage", 0);
        yield return ModelRecipe.Default("userknn").With("neighbours", 146).With("power", 1).With("itemAlpha", 0).With("beta", 0);
        foreach (var kind in new[] { "itemknn", "itemknn-jaccard", "itemknn-tfidf", "itemknn-bm25", "userknn", "p3alpha", "rp3beta", "slim", "pixie" })
            yield return ModelRecipe.Default(kind);
    }

    private static void Line(ModelRecipe recipe, Split split, int[][] test, int threads, int runs)
    {
        var model = ModelKinds.Fit(recipe, FitInput.Of(split, seed: 1, threads));
        var fit = Measure.Median(runs, () => model = ModelKinds.Fit(recipe, FitInput.Of(split, seed: 1, threads)));
        var quality = new Quality(test, Cut);
        int[] users = [.. split.Test.Select(user => user.User)];
        var score = Measure.Median(runs, () => ((ITopItemsModel)model).TopItems(split.Train, users, Cut, threads, quality.Take, default));
        var (recall, ndcg) = quality.Mean();
        var name = string.Join(' ', recipe.Parameters.Select(p => Measure.Text($"{p.Key}={p.Value}")).Prepend(recipe.Model));
        Print($"{(name.Length > 51 ? name[..51] : name),-52}{fit.Cpu,10:F2}{fit.Wall,8:F2}{score.Cpu,12:F2}{score.Wall,8:F2}{recall,8:F4}{ndcg,8:F4}");
    }

    /// <summary>Sampled walks of one step from every item, by number of steps, against the exact walk that they estimate.</summary>
    private static void Sampling(Bipartite train, int[] users, int[][] test, int threads)
    {
        Print($"Pixie, every tenth test user, restart 1, never ending early:");
        Print($"{"steps a user",14}{"CPU s",8}{"10^6 steps/CPU s",18}{"overlap@20 with exact",23}{"R@20",8}");
        var exact = new int[train.UserCount][];
        foreach (var steps in new[] { int.MaxValue, 1000, 10_000, 100_000 })
        {
            var p = new PixieParameters(steps == int.MaxValue ? 1 << 30 : steps, 1, 0, 4);
            var walk = new PixieWalk(train, p, seed: 1);
            var (made, overlap, hits) = (0L, 0.0, 0.0);
            var time = Measure.Of(() => Rows.ForEach(
                users.Length, 16, threads, () => (Walk: walk.NewScratch(), Scores: new float[train.ItemCount], Top: new TopK(Cut)),
                (scratch, n) =>
                {
                    var items = train.ItemsOf(users[n]);
                    if (steps == int.MaxValue) Expected(train, walk, items, scratch.Scores);
                    else walk.Score(users[n], items, Ones(items.Length), scratch.Walk, scratch.Scores);
                    foreach (var item in items) scratch.Scores[item] = 0;
                    scratch.Top.Clear();
                    scratch.Top.TakePositive(scratch.Scores);
                    scratch.Top.Sort();
                    var best = scratch.Top.Items.ToArray();
                    if (steps == int.MaxValue) exact[users[n]] = best;
                    lock (users)
                    {
                        made += steps == int.MaxValue ? 0 : scratch.Walk.StepsMade;
                        overlap += best.Intersect(exact[users[n]]).Count() / (double)Cut;
                        hits += best.Intersect(test[users[n]]).Count() / (double)test[users[n]].Length;
                    }
                },
                default));
            var name = steps == int.MaxValue ? "exact" : Measure.Text($"{steps:N0}");
            Print($"{name,14}{time.Cpu,8:F2}{made / 1e6 / time.Cpu,18:F1}{overlap / users.Length,23:F3}{hits / users.Length,8:F4}");
        }
    }

    /// <summary>Adds Σ_q √(N_q · W(q, b)), the root of what sampling converges to, which ranks alike.</summary>
    private static void Expected(Bipartite train, PixieWalk walk, ReadOnlySpan<int> items, Span<float> scores)
    {
        var steps = new int[items.Length];
        walk.Allot(items, Ones(items.Length), steps);
        var visits = new float[train.ItemCount];
        for (var n = 0; n < items.Length; n++)
        {
            Array.Clear(visits);
            foreach (var user in train.UsersOf(items[n]))
                foreach (var item in train.ItemsOf(user)) visits[item] += 1f / train.UserDegree(user);
            for (var item = 0; item < visits.Length; item++)
                if (visits[item] > 0) scores[item] += MathF.Sqrt(steps[n] * visits[item] / train.ItemDegree(items[n]));
        }
    }

    private static float[] Ones(int count)
    {
        var ones = new float[count];
        ones.AsSpan().Fill(1);
        return ones;
    }

    private static void Print(FormattableString text) => Console.WriteLine(Measure.Text(text));
}
