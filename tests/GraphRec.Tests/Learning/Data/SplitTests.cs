using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using Xunit;

namespace GraphRec.Tests.Learning.Data;

/// <summary>What holds for the splits of any data, and what each of them does to a few pairs.</summary>
public sealed class SplitTests
{
    private static readonly string[] Users = [.. Enumerable.Range(0, 6).Select(n => $"u{n}")];
    private static readonly string[] Items = [.. Enumerable.Range(0, 12).Select(n => $"i{n}")];

    /// <summary>Any pairs of 6 users and 12 items, repetitions, ties in time and users without any among them.</summary>
    private static readonly Gen<Interactions> Data =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 11], Gen.Int[1, 10], Gen.Int[0, 8]).Array[2, 60].Select(rows => Interactions.Of(
            "any", Users, Items, [.. rows.Select(r => r.Item1)], [.. rows.Select(r => r.Item2)], [.. rows.Select(r => r.Item3 / 2f)],
            [.. rows.Select(r => 1000L * r.Item4)], InteractionTimes.Milliseconds));

    private static readonly Gen<(Interactions Data, int Seed, double Share)> Cases = Gen.Select(Data, Gen.Int[0, 1000], Gen.Double[0.05, 0.9]);

    [Fact]
    public void A_random_split_has_every_pair_on_one_side_and_its_validation_makes_up_its_training() => Cases.Sample(c =>
    {
        var split = RandomSplit.Of(c.Data, c.Share, c.Seed);
        IsPartition(c.Data, split);
        foreach (var (user, items) in c.Data.UserNumbers.ToArray().CountBy(u => u))
        {
            var held = split.Test.SingleOrDefault(t => t.User == user)?.Items.Count ?? 0;
            Assert.Equal(Math.Min((int)Math.Ceiling(c.Share * items), items - 1), held);
        }
        Assert.Equal(Text(split), Text(RandomSplit.Of(c.Data, c.Share, c.Seed)));
        IsPartition(split.TrainPairs, split.Validation(c.Seed));
        IsPartition(split.TrainPairs, split.Validation(c.Seed).Validation(c.Seed), split.Validation(c.Seed).Test);
    });

    [Fact]
    public void Leaving_one_out_has_every_pair_on_one_side_and_nothing_later_in_training() => Data.Sample(data =>
    {
        var split = LeaveLastOneOutSplit.Of(data);
        IsPartition(data, split);
        IsPartition(split.TrainPairs, split.Validation(0));
        var times = Times(data);
        foreach (var user in split.Test)
        {
            var item = Assert.Single(user.Items);
            Assert.All(split.Train.ItemsOf(user.User).ToArray(), known => Assert.True(times[(user.User, known)] <= times[(user.User, item)]));
        }
        Assert.Equal(data.UserNumbers.ToArray().CountBy(u => u).Count(u => u.Value > 1), split.Test.Count);
    });

    [Fact]
    public void A_temporal_split_never_has_the_future_in_training() => Cases.Sample(c =>
    {
        GlobalTemporalSplit split;
        try
        {
            split = GlobalTemporalSplit.Of(c.Data, c.Share);
        }
        catch (InvalidInputException)
        {
            var ordered = c.Data.Times.ToArray().Order().ToArray();
            Assert.Equal(ordered[0], ordered[(int)Math.Floor(ordered.Length * (1 - c.Share))]);
            return;
        }
        var (times, cut) = (Times(c.Data), split.Cut.ToUnixTimeMilliseconds());
        var train = ReaderTests.Pairs(split.TrainPairs).ToHashSet();
        Assert.Equal(times.Where(t => t.Value < cut).Select(t => t.Key).ToHashSet(), train);
        Assert.Equal(train, MatrixPairs(split.Train).ToHashSet());
        var known = train.Select(p => p.User).ToHashSet();
        Assert.Equal(times.Where(t => t.Value >= cut && known.Contains(t.Key.User)).Select(t => t.Key).ToHashSet(), TestPairs(split).ToHashSet());
    });

    [Fact]
    public void A_given_split_validates_at_random_inside_its_training_part() => Cases.Sample(c =>
    {
        var parts = RandomSplit.Of(c.Data, c.Share, c.Seed);
        if (parts.TestPairs == 0) return;
        var test = TestPairs(parts).ToArray();
        Interactions Test(IEnumerable<(int User, int Item)> pairs) => Interactions.Of("t", Users, Items, [.. pairs.Select(p => p.User)], [.. pairs.Select(p => p.Item)]);
        var split = GivenSplit.Of(parts.TrainPairs, Test(test));
        IsPartition(split.TrainPairs, split.Validation(c.Seed));
        // Another test part changes nothing of it.
        Assert.Equal(Text(split.Validation(c.Seed)), Text(GivenSplit.Of(parts.TrainPairs, Test(test[..1])).Validation(c.Seed)));
        Assert.Throws<InvalidInputException>(() => GivenSplit.Of(parts.TrainPairs, Test([.. test, ReaderTests.Pairs(parts.TrainPairs).First()])));
    });

    [Fact]
    public void Folds_test_every_rating_once_and_differ_by_one_in_size() => Gen.Select(Data, Gen.Int[0, 1000], Gen.Int[2, 5]).Sample((data, seed, count) =>
    {
        if (data.Count < count) return;
        var folds = RatingFolds.Of(data, count, seed);
        var parts = Enumerable.Range(0, folds.Count).Select(n => folds[n]).ToArray();
        Assert.Equal(Ratings(data).Order(), parts.SelectMany(p => Ratings(p.Test)).Order());
        Assert.All(parts, p => Assert.Equal(Ratings(data).Order(), Ratings(p.Train).Concat(Ratings(p.Test)).Order()));
        Assert.True(parts.Max(p => p.Test.Count) - parts.Min(p => p.Test.Count) <= 1);
        var again = RatingFolds.Of(data, count, seed);
        Assert.All(parts.Index(), p => Assert.Equal(Ratings(p.Item.Test), Ratings(again[p.Index].Test)));
    });

    [Fact]
    public void The_matrix_of_numbers_equals_the_matrix_of_names() => Gen.Select(Gen.Int[0, 5], Gen.Int[0, 11]).Array[0, 60].Sample(pairs =>
    {
        int[] users = [.. pairs.Select(p => p.Item1)], items = [.. pairs.Select(p => p.Item2)];
        var fast = InteractionMatrix.Of(6, 12, users, items);
        for (var user = 0; user < 6; user++)
            Assert.Equal(pairs.Where(p => p.Item1 == user).Select(p => p.Item2).Distinct().Order(), fast.ItemsOf(user).ToArray());
        for (var item = 0; item < 12; item++)
            Assert.Equal(pairs.Where(p => p.Item2 == item).Select(p => p.Item1).Distinct().Order(), fast.UsersOf(item).ToArray());
        Assert.Equal((pairs.Distinct().Count(), 6, 12), (fast.Count, fast.Users.Count, fast.Items.Count));
    });

    [Fact]
    public void Seeds_differ_and_every_item_can_be_the_one_held_out()
    {
        var data = Interactions.Of("ten", ["u"], Items[..10], new int[10], [.. Enumerable.Range(0, 10)]);
        var held = Enumerable.Range(0, 200).Select(seed => RandomSplit.Of(data, 0.1, seed).Test[0].Items[0]).CountBy(item => item).ToDictionary();
        Assert.Equal(10, held.Count);
        // 20 expected, with a standard deviation of 4.2.
        Assert.All(held.Values, count => Assert.InRange(count, 4, 36));
    }

    [Fact]
    public void The_last_of_a_time_is_the_one_read_last()
    {
        var data = Interactions.Of(
            "ties", ["a", "b"], Items, [0, 0, 0, 0, 1], [0, 1, 2, 3, 4], [1, 2, 3, 4, 5], [5, 9, 9, 1, 7], InteractionTimes.Milliseconds);
        var split = LeaveLastOneOutSplit.Of(data);
        var user = Assert.Single(split.Test);
        Assert.Equal((0, 2, 3f), (user.User, user.Items[0], user.Grades![0]));
        Assert.Equal([1], Assert.Single(split.Validation(0).Test).Items);
        Assert.Equal([0, 3], split.Validation(0).Train.ItemsOf(0).ToArray());
        Assert.Equal([0, 3, 4], split.Validation(0).TrainPairs.ItemNumbers.ToArray());
    }

    [Fact]
    public void Positions_tell_the_last_item_but_no_instant_that_users_share()
    {
        var data = Interactions.Of("s", ["a", "b"], Items, [0, 0, 1, 1], [3, 1, 2, 0], null, [0, 1, 0, 1], InteractionTimes.Positions);
        Assert.Equal([1, 0], LeaveLastOneOutSplit.Of(data).Test.Select(t => t.Items[0]));
        Assert.Throws<InvalidInputException>(() => GlobalTemporalSplit.Of(data));
        Assert.Throws<InvalidInputException>(() => LeaveLastOneOutSplit.Of(Interactions.Of("n", ["a"], Items, [0, 0], [3, 1])));
    }

    [Fact]
    public void The_cut_in_time_is_the_first_of_the_last_pairs()
    {
        var data = Interactions.Of(
            "t", Users, Items, [0, 1, 0, 1, 2, 0], [0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6], [10, 20, 30, 40, 50, 60], InteractionTimes.Milliseconds);
        var split = GlobalTemporalSplit.Of(data, 0.5);
        Assert.Equal(40, split.Cut.ToUnixTimeMilliseconds());
        Assert.Equal(["0: 5 6", "1: 3 4"], split.Test.Select(t => $"{t.User}: {t.Items[0]} {t.Grades![0]}"));
        Assert.Equal(20, split.Validation(0).Cut.ToUnixTimeMilliseconds());
        Assert.Equal([0], split.Validation(0).TrainPairs.ItemNumbers.ToArray());
        Assert.Throws<InvalidInputException>(() => GlobalTemporalSplit.Of(data, 0));
        Assert.Throws<InvalidInputException>(() => GlobalTemporalSplit.Of(data, 0.999));
        Assert.Throws<InvalidInputException>(() => RandomSplit.Of(data, 1));
    }

    [Fact]
    public void The_split_of_the_log_has_the_shape_of_the_others()
    {
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var events = Enumerable.Range(0, 40).Select(n => new ViewerEvent(
            $"e{n}", Users[n % 5], NodeRef.Drama(Items[n * 7 % 12]), EventKind.Watch, 1, start.AddHours(n))).ToArray();
        var split = TemporalSplit.Of(Items, events, 0.3);
        Assert.Equal(MatrixPairs(split.Train), MatrixPairs(split.TrainPairs.Matrix()));
        Assert.Equal(split.Train.Users, split.TrainPairs.Users);
        Assert.All(split.TrainPairs.Times.ToArray(), at => Assert.True(at < split.Cut.ToUnixTimeMilliseconds()));
        var validation = split.Validation(1);
        var expected = TemporalSplit.Of(Items, split.TrainEvents, 0.3);
        Assert.Equal((expected.Cut, Text(expected)), (validation.Cut, Text(validation)));
        Assert.True(validation.Cut < split.Cut && validation.TestPairs > 0);
    }

    [Fact]
    public void Folds_need_ratings_and_enough_of_them()
    {
        Assert.Throws<InvalidInputException>(() => RatingFolds.Of(Interactions.Of("n", ["a"], Items, [0, 0], [3, 1]), 2));
        var data = Interactions.Of("r", ["a"], Items, [0, 0, 0], [3, 1, 2], [1, 2, 3]);
        Assert.Throws<InvalidInputException>(() => RatingFolds.Of(data, 4));
        Assert.Throws<InvalidInputException>(() => RatingFolds.Of(data, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RatingFolds.Of(data, 3)[3]);
        Assert.True(Enumerable.Range(0, 50).Select(seed => RatingFolds.Of(data, 3, seed)[0].Test.ItemNumbers[0]).Distinct().Count() == 3);
    }

    /// <summary>Training, test and what was held out before are the data, each pair once, and test items are not in training.</summary>
    private static void IsPartition(Interactions data, Split split, IEnumerable<TestUser>? held = null)
    {
        var test = TestPairs(split).ToArray();
        var outer = (held ?? []).SelectMany(t => t.Items.Select(item => (t.User, item)));
        Assert.Equal(ReaderTests.Pairs(data).Order(), ReaderTests.Pairs(split.TrainPairs).Concat(test).Concat(outer).Order());
        Assert.Equal(ReaderTests.Pairs(split.TrainPairs).Order(), MatrixPairs(split.Train));
        Assert.DoesNotContain(test, p => split.Train.ItemsOf(p.User).Contains(p.Item));
        Assert.Equal((data.Users.Count, data.Items.Count), (split.Train.Users.Count, split.Train.Items.Count));
        var ratings = Ratings(data).ToDictionary(r => (r.User, r.Item), r => r.Value);
        Assert.All(Ratings(split.TrainPairs), r => Assert.Equal(ratings[(r.User, r.Item)], r.Value));
        Assert.All(split.Test, t => Assert.Equal(t.Items.Select(item => ratings[(t.User, item)]), t.Grades!));
        Assert.All(split.Test, t => Assert.Equal(t.Items.Order(), t.Items));
        Assert.Equal(split.Test.Select(t => t.User).Distinct().Order(), split.Test.Select(t => t.User));
    }

    private static IEnumerable<(int User, int Item)> TestPairs(Split split) => split.Test.SelectMany(t => t.Items.Select(item => (t.User, item)));

    private static IEnumerable<(int User, int Item)> MatrixPairs(InteractionMatrix matrix) =>
        Enumerable.Range(0, matrix.Users.Count).SelectMany(user => matrix.ItemsOf(user).ToArray().Select(item => (user, item)));

    private static IEnumerable<(int User, int Item, float Value)> Ratings(Interactions data) =>
        ReaderTests.Pairs(data).Zip(data.Values.ToArray(), (pair, value) => (pair.User, pair.Item, value));

    private static Dictionary<(int User, int Item), long> Times(Interactions data) =>
        ReaderTests.Pairs(data).Zip(data.Times.ToArray()).ToDictionary(p => p.First, p => p.Second);

    private static string Text(Split split) =>
        $"{string.Join(' ', MatrixPairs(split.Train))} | {string.Join(' ', split.Test.Select(t => $"{t.User}: {string.Join(' ', t.Items)}"))}";
}
