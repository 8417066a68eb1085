using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using Xunit;

namespace GraphRec.Tests.Learning.Data;

/// <summary>Made-up files of every form, what they hold, and what is said of broken ones.</summary>
public sealed class ReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void LightGcn_counts_users_and_items_of_both_files_and_repetitions_once()
    {
        _folder.Write("train.txt", "0 2 0 2", "", "1\t3", "3 ", "4 0\r", "1 0 3 ");
        _folder.Write("test.txt", "0 1", "5 4 0", "2");
        var split = LightGcnFiles.Read(_folder.Path + "/");
        Assert.Equal(["0", "1", "2", "3", "4", "5"], split.Train.Users);
        Assert.Equal(["0", "1", "2", "3", "4"], split.Train.Items);
        Assert.Equal([(0, 2), (0, 0), (1, 3), (4, 0), (1, 0)], Pairs(split.TrainPairs));
        Assert.Equal([0, 3], split.Train.ItemsOf(1).ToArray());
        Assert.Equal([0, 1, 4], split.Train.UsersOf(0).ToArray());
        Assert.Equal(["0: 1", "5: 0 4"], split.Test.Select(user => $"{user.User}: {string.Join(' ', user.Items)}"));
        Assert.All(split.Test, user => Assert.Null(user.Grades));
        Assert.Equal((3, "given", Path.GetFileName(_folder.Path)), (split.TestPairs, split.Name, split.TrainPairs.Name));
        Assert.False(split.TrainPairs.HasValues);
        Assert.Equal(InteractionTimes.Unknown, split.TrainPairs.TimeScale);
    }

    [Theory]
    [InlineData("0 1|2 x", "0 2", "train.txt, line 2: 'x'")]
    [InlineData("0 1|2 -1", "0 2", "train.txt, line 2: '-1'")]
    [InlineData("0 1", "0 4000000000", "test.txt, line 1: '4000000000'")]
    [InlineData("0 1", "0 67108864", "test.txt, line 1: '67108864'")]
    [InlineData("0|1", "0 2", "train.txt has no items")]
    [InlineData("0 1", "", "test.txt has no items")]
    [InlineData("0 1|2 3 4", "2 5 4", "item 4 of user 2 is in the training and in the test part")]
    public void LightGcn_says_what_is_wrong_and_where(string train, string test, string expected)
    {
        _folder.Write("train.txt", train.Split('|'));
        _folder.Write("test.txt", test);
        Assert.Contains(expected, Refused(() => LightGcnFiles.Read(_folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        _folder.Write("train.txt", "0 1");
        Assert.Contains("test.txt does not exist", Refused(() => LightGcnFiles.Read(_folder.Path)), StringComparison.Ordinal);
        Assert.Contains("Beauty.txt does not exist", Refused(() => SequenceFiles.Read(Path.Combine(_folder.Path, "Beauty.txt"))), StringComparison.Ordinal);
        Assert.Contains("ratings.csv does not exist", Refused(() => MovieLensRatings.Read(_folder.Path)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ratings.csv", "userId,movieId,rating,timestamp|7,31,2.5,1260759144|2,31,4.0,5|7,\"1029\",3.0,1260759179")]
    [InlineData("u.data", "user\u00a6item\u00a6rating\u00a6timestamp|7\u00a631\u00a62.5\u00a61260759144|2\u00a631\u00a64\u00a65|7\u00a61029\u00a63\u00a61260759179")]
    [InlineData("u.data", "7\t31\t2.5\t1260759144|2\t31\t4\t5|7\t1029\t3\t1260759179")]
    [InlineData("ratings.dat", "7::31::2.5::1260759144|2::31::4::5|7::1029::3::1260759179")]
    [InlineData("other.csv", "timestamp,rating,user_id,item_id,note|1260759144,2.5,7,31,a|5,4,2,31,|1260759179,3,7,1029,c")]
    public void MovieLens_is_read_in_all_its_layouts(string file, string text)
    {
        var path = _folder.Write(file, text.Split('|').Select(line => line.Replace('\u00a6', '|')).ToArray());
        var read = MovieLensRatings.Read(file == "other.csv" ? path : _folder.Path);
        Assert.Equal(["7", "2"], read.Users);
        Assert.Equal(["31", "1029"], read.Items);
        Assert.Equal([(0, 0), (1, 0), (0, 1)], Pairs(read));
        Assert.Equal([2.5f, 4, 3], read.Values.ToArray());
        Assert.Equal([1260759144000, 5000, 1260759179000], read.Times.ToArray());
        Assert.Equal((true, InteractionTimes.Milliseconds, Path.GetFileName(_folder.Path)), (read.HasValues, read.TimeScale, read.Name));
    }

    [Theory]
    [InlineData("userId,movieId,rating|7,31,2.5")]
    [InlineData("7\t31\t2.5")]
    [InlineData("7::31::2.5")]
    public void Ratings_without_timestamps_have_no_times(string text)
    {
        var read = MovieLensRatings.Read(_folder.Write("ratings.csv", text.Split('|')));
        Assert.Equal([2.5f], read.Values.ToArray());
        Assert.Equal((InteractionTimes.Unknown, 0L), (read.TimeScale, read.Times[0]));
    }

    [Theory]
    [InlineData("userId,movieId,stars,timestamp|1,2,3,4", "line 1: the header lacks rating")]
    [InlineData("userId,movieId,rating,timestamp|1,2,3,4|1,3,good,4", "line 3: the rating is 'good'")]
    [InlineData("userId,movieId,rating,timestamp|1,2,NaN,4", "line 2: the rating is 'NaN'")]
    [InlineData("userId,movieId,rating,timestamp|1,2,3,-4", "line 2: the timestamp is '-4'")]
    [InlineData("userId,movieId,rating,timestamp|1,2,3,2020-01-01", "line 2: the timestamp is '2020-01-01'")]
    [InlineData("userId,movieId,rating,timestamp|1,2,3", "line 2: there are 3 fields, but 4")]
    [InlineData("userId,movieId,rating,timestamp|1,,3,4", "line 2: the user or the item is missing")]
    [InlineData("userId,movieId,rating,timestamp||1,2,3,4|2,2,3,4|1,2,5,6", "line 5: user 1 rated item 2 on line 3 already")]
    [InlineData("userId,movieId,rating,timestamp|1,\"2\"x,3,4", "line 2: a quotation mark")]
    [InlineData("userId,movieId,rating,timestamp", "has no ratings")]
    [InlineData("", "has no ratings")]
    [InlineData("1,2", "line 1: the rating is ''")]
    public void MovieLens_says_what_is_wrong_and_where(string text, string expected) =>
        Assert.Contains(expected, Refused(() => MovieLensRatings.Read(_folder.Write("ratings.csv", text.Split('|')))), StringComparison.Ordinal);

    [Fact]
    public void Sequences_keep_the_order_of_each_user_and_a_repetition_counts_where_it_came_first()
    {
        var read = SequenceFiles.Read(_folder.Write("Toys.txt", "1 b a  b c", "x", "", "2\ta d"));
        Assert.Equal("Toys", read.Name);
        Assert.Equal(["1", "x", "2"], read.Users);
        Assert.Equal(["b", "a", "c", "d"], read.Items);
        Assert.Equal([(0, 0), (0, 1), (0, 2), (2, 1), (2, 3)], Pairs(read));
        Assert.Equal([0, 1, 3, 0, 1], read.Times.ToArray());
        Assert.Equal((false, InteractionTimes.Positions, 1f), (read.HasValues, read.TimeScale, read.Values[4]));
    }

    [Fact]
    public void Sequences_are_also_read_one_pair_per_line()
    {
        var read = SequenceFiles.Read(_folder.Write("ml-1m.txt", "1 b", "1 a", "2 b", "1 c"));
        Assert.Equal([(0, 0), (0, 1), (1, 0), (0, 2)], Pairs(read));
        Assert.Equal([0, 1, 0, 2], read.Times.ToArray());
        Assert.Contains("has no items", Refused(() => SequenceFiles.Read(_folder.Write("empty.txt", "1", "2"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_event_log_is_read_by_the_one_definition_of_engagement()
    {
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
        ViewerEvent Event(int day, string user, string drama, EventKind kind, double? value) =>
            new($"e{day}", user, NodeRef.Drama(drama), kind, value, start.AddDays(day));
        ViewerEvent[] events =
        [
            Event(4, "u2", "b", EventKind.Watch, 0.5), Event(1, "u9", "a", EventKind.Rate, 8), Event(2, "u2", "a", EventKind.Watch, 0.3),
            Event(3, "u3", "unknown", EventKind.Watch, 1), Event(5, "u2", "c", EventKind.Click, null), Event(6, "u2", "b", EventKind.Watch, 1),
        ];
        var read = EventLogInteractions.Of(["c", "b", "a"], events);
        Assert.Equal(["u2", "u9"], read.Users);
        Assert.Equal(["a", "b", "c"], read.Items);
        Assert.Equal([(1, 0), (0, 1)], Pairs(read));
        Assert.Equal([start.AddDays(1).ToUnixTimeMilliseconds(), start.AddDays(4).ToUnixTimeMilliseconds()], read.Times.ToArray());
        Assert.Equal((false, InteractionTimes.Milliseconds), (read.HasValues, read.TimeScale));
    }

    [Fact]
    public void Interactions_that_do_not_fit_together_are_refused()
    {
        string[] one = ["a"];
        Refused(() => Interactions.Of("d", one, one, [0], [0, 0]));
        Refused(() => Interactions.Of("d", one, one, [0], [0], values: [1, 2]));
        Refused(() => Interactions.Of("d", one, one, [0], [0], times: [1, 2], timeScale: InteractionTimes.Positions));
        Refused(() => Interactions.Of("d", one, one, [0], [0], times: [1]));
        Refused(() => Interactions.Of("d", one, one, [0], [0], timeScale: InteractionTimes.Positions));
        Assert.Contains("user 1, but users are numbered from 0 to 0", Refused(() => Interactions.Of("d", one, one, [1], [0])), StringComparison.Ordinal);
        Assert.Contains("item -1", Refused(() => InteractionMatrix.Of(1, 1, [0], [-1])), StringComparison.Ordinal);
        Refused(() => InteractionMatrix.Of(2, 2, [0, 1], [0]));
    }

    internal static IEnumerable<(int User, int Item)> Pairs(Interactions data) => data.UserNumbers.ToArray().Zip(data.ItemNumbers.ToArray());

    private static string Refused(Func<object> act)
    {
        var e = Assert.Throws<InvalidInputException>(act);
        Assert.Equal(ErrorCodes.BadUserInput, e.Code);
        return e.Message;
    }
}
