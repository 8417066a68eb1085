using GraphRec.Core;
using GraphRec.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Data;

/// <summary>Genres of MovieLens' forms, ratings that count as liked, and a given split put together again.</summary>
public sealed class GenreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Genres_of_the_newer_sets_stand_in_a_column()
    {
        _folder.Write("movies.csv", "movieId,title,genres", "1,\"Heat, the\",War|Drama", "3,None,(no genres listed)", "9,Unrated,Comedy");
        Expect([["Drama", "War"], [], []]);
    }

    [Fact]
    public void Genres_of_the_1M_set_stand_in_the_last_field()
    {
        _folder.Write("movies.dat", "1::Heat (1995)::War|Drama", "2::Toy::Comedy");
        Expect([["Drama", "War"], ["Comedy"], []]);
    }

    [Theory]
    [InlineData(true, "g17", "g18")]
    [InlineData(false, "genre 17", "genre 18")]
    public void Genres_of_the_100K_set_are_columns(bool header, string first, string second)
    {
        string[] lines = [$"1|Heat|1995|||{string.Join('|', Enumerable.Repeat("0", 17))}|1|1", $"2|Toy|1995|||{string.Join('|', Enumerable.Repeat("0", 18))}|1"];
        _folder.Write("u.item", header ? [$"item|title|d|v|u|{string.Join('|', Enumerable.Range(0, 19).Select(n => $"g{n}"))}", .. lines] : lines);
        Expect([[first, second], [second], []]);
    }

    [Fact]
    public void Without_a_file_there_are_none_and_a_wrong_header_is_told()
    {
        Assert.Null(MovieLensGenres.Find(_folder.Path, ["1"]));
        _folder.Write("movies.csv", "id,name", "1,x");
        Assert.Contains("movieId", Assert.Throws<InvalidInputException>(() => MovieLensGenres.Find(_folder.Path, ["1"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_ratings_from_a_bound_on_are_kept()
    {
        var data = Interactions.Of("d", ["u", "v"], ["a", "b"], [0, 0, 1], [0, 1, 1], [4, 3.5f, 5]);
        var liked = data.ValuedFrom(4);
        Assert.Equal([(0, 0), (1, 1)], liked.UserNumbers.ToArray().Zip(liked.ItemNumbers.ToArray()));
        Assert.Throws<InvalidInputException>(() => data.ValuedFrom(5.5));
        Assert.Throws<InvalidInputException>(() => Interactions.Of("d", ["u"], ["a"], [0], [0]).ValuedFrom(1));
    }

    [Fact]
    public void A_given_split_is_the_whole_again()
    {
        string[] users = ["u", "v"], items = ["a", "b", "c"];
        var whole = GivenSplit.Of(Interactions.Of("d", users, items, [0, 1], [0, 1]), Interactions.Of("d", users, items, [0, 1, 1], [2, 0, 2])).Whole();
        Assert.Equal([(0, 0), (1, 1), (0, 2), (1, 0), (1, 2)], whole.UserNumbers.ToArray().Zip(whole.ItemNumbers.ToArray()));
    }

    private void Expect(string[][] genres)
    {
        var found = MovieLensGenres.Find(_folder.Path, ["1", "2", "3"])!;
        // Where the file does not have item 2 or 3, nothing is known of it.
        Assert.Equal(genres, Enumerable.Range(0, 3).Select(item => found.Of(item).ToArray().Select(g => found.Names[g]).ToArray()));
    }
}
