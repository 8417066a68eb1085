using CsCheck;
using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;
using GraphRec.Tests.Learning.Models;
using Xunit;

namespace GraphRec.Tests.Learning;

/// <summary>The lists of every user against sorting all scores, for both ways of asking a model.</summary>
public sealed class TopListsTests
{
    private static readonly Gen<(float[] Scores, int Length)> Rows =
        Gen.Select(Gen.OneOf(Gen.Int[0, 3].Select(n => (float)n), Gen.Single[-1, 1], Gen.Const(float.NegativeInfinity), Gen.Const(float.NaN)).Array[0, 70], Gen.Int[1, 9], (scores, length) => (scores, length));

    [Fact]
    public void Selection_is_sorting_all_scores() => Rows.Sample(row =>
    {
        var best = new TopK(row.Length);
        TopLists.Select(row.Scores, best);
        var sorted = Enumerable.Range(0, row.Scores.Length).Where(item => row.Scores[item] > float.NegativeInfinity)
            .OrderByDescending(item => row.Scores[item]).ThenBy(item => item).Take(row.Length);
        Assert.Equal(sorted, best.Items.ToArray());
    });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(1000, 3)]
    public void Both_ways_to_the_lists_give_what_sorting_gives_for_any_number_of_threads(int block, int threads)
    {
        var (known, users) = (ModelContractTests.Data.Train, ModelContractTests.Data.Test);
        var model = new Hashed(known.Items.Count, block);
        var expected = users.Select(user => Enumerable.Range(0, known.Items.Count).Where(item => !known.ItemsOf(user.User).Contains(item))
            .OrderByDescending(item => Hashed.Of(user.User, item)).ThenBy(item => item).Take(6).ToArray()).ToArray();
        foreach (var asked in new IRankingModel[] { model, new Fast(model) })
        {
            var lists = TopLists.Rank(asked, known, users, 6, threads, cancel: TestContext.Current.CancellationToken);
            Assert.Equal(expected, Enumerable.Range(0, lists.Count).Select(n => lists[n].ToArray()));
            Assert.Null(lists.Auc);
        }
    }

    [Fact]
    public void The_area_under_the_curve_is_of_all_scores()
    {
        var (known, users) = (ModelContractTests.Data.Train, ModelContractTests.Data.Test);
        var lists = TopLists.Rank(new Fast(new Hashed(known.Items.Count, 4)), known, users, 3, 2, auc: true, TestContext.Current.CancellationToken);
        for (var n = 0; n < users.Count; n++)
        {
            var user = users[n];
            double[] scores = [.. Enumerable.Range(0, known.Items.Count).Select(item => (double)Hashed.Of(user.User, item))];
            Assert.Equal(Auc.Of(scores, [.. user.Items], known.ItemsOf(user.User)), lists.Auc![n]);
        }
    }

    [Fact]
    public void A_list_is_no_longer_than_there_are_items_and_a_wrong_length_is_refused()
    {
        var (known, users) = (ModelContractTests.Data.Train, ModelContractTests.Data.Test);
        var model = new Hashed(known.Items.Count, 2);
        var lists = TopLists.Rank(model, known, users, int.MaxValue, 2, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(known.Items.Count - known.ItemsOf(users[0].User).Length, lists[0].Length);
        Assert.Throws<InvalidInputException>(() => TopLists.Rank(model, known, users, 0, 2, cancel: TestContext.Current.CancellationToken));
        Assert.Throws<InvalidInputException>(() => TopLists.Rank(model, known, users, 1, 0, cancel: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => TopLists.Rank(new Hashed(3, 1), known, users, 1, 1, cancel: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_a_model_throws_arrives_as_it_is_and_work_stops_when_told()
    {
        var (known, users) = (ModelContractTests.Data.Train, ModelContractTests.Data.Test);
        Assert.Throws<InvalidInputException>(() => TopLists.Rank(new Broken(known.Items.Count), known, users, 5, 2, cancel: TestContext.Current.CancellationToken));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TopLists.Rank(new Hashed(known.Items.Count, 1), known, users, 5, 2, cancel: cancelled.Token));
    }

    [Fact]
    public void Everything_is_measured_in_one_pass()
    {
        var split = ModelContractTests.Data;
        var model = new Hashed(split.Train.Items.Count, 8);
        var found = RankingEvaluator.Measure(model, split, MetricSet.All(split, 5, auc: true), 2, TestContext.Current.CancellationToken);
        Assert.Equal(
            ["recall@5", "ndcg@5", "truncatedRecall@5", "precision@5", "map@5", "mrr", "hitRate@5", "novelty@5", "serendipity@5", "auc"], found.PerUser.Keys);
        Assert.Equal(["catalogCoverage@5", "gini@5", "popularityLift@5"], found.OfLists.Keys);
        Assert.All(found.PerUser.Values, values => Assert.Equal(split.Test.Count, values.Length));
        var lists = TopLists.Rank(model, split.Train, split.Test, 5, 1, cancel: TestContext.Current.CancellationToken);
        var recall = split.Test.Select((user, n) => (double)lists[n].ToArray().Intersect(user.Items).Count() / user.Items.Count).ToArray();
        Assert.Equal(recall, found.PerUser["recall@5"]);
        Assert.Equal(recall.Average(), found["recall@5"], 12);
        Assert.True(found.Scoring.WallSeconds > 0);
    }

    /// <summary>Scores without sense but with ties, different for every user.</summary>
    private sealed class Hashed(int items, int block) : IRankingModel
    {
        public string Name => "hashed";
        public int ItemCount => items;
        public IScorer NewScorer() => new Scorer(items, block);
        public static float Of(int user, int item) => ((user * 31) + (item * 17)) % 11;

        private sealed class Scorer(int items, int block) : IScorer
        {
            public int BlockSize => block;

            public void Score(in UserBlock users, Span<float> scores)
            {
                Assert.InRange(users.Count, 1, block);
                for (var row = 0; row < users.Count; row++)
                {
                    Assert.Equal(ModelContractTests.Data.Train.ItemsOf(users.Users[row]), users.ItemsOf(row));
                    Assert.DoesNotContain(0f, users.WeightsOf(row).ToArray());
                    for (var item = 0; item < items; item++) scores[(row * items) + item] = Of(users.Users[row], item);
                }
            }
        }
    }

    /// <summary>The same by lists, told in an order of its own.</summary>
    private sealed class Fast(Hashed model) : ITopItemsModel
    {
        public string Kind => "fast";
        public int ItemCount => model.ItemCount;
        public IScorer NewScorer() => model.NewScorer();
        public bool TryExplain(in UserBlock user, int item, Span<float> contributions) => false;
        public void Save(Stream stream) => throw new NotSupportedException();

        public void TopItems(InteractionMatrix known, IReadOnlyList<int> users, int top, int threads, UserTopItems consume, CancellationToken cancel)
        {
            foreach (var user in users.Reverse())
            {
                int[] best = [.. Enumerable.Range(0, ItemCount).Where(item => !known.ItemsOf(user).Contains(item))
                    .OrderByDescending(item => Hashed.Of(user, item)).ThenBy(item => item).Take(top)];
                consume(user, best, new float[best.Length]);
            }
        }
    }

    private sealed class Broken(int items) : IRankingModel
    {
        public string Name => "broken";
        public int ItemCount => items;
        public IScorer NewScorer() => new UserScorer(items, (_, _) => throw new InvalidInputException(ErrorCodes.BadUserInput, "no."));
    }
}
