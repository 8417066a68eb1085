using System.Text.Json;

namespace GraphRec.EndToEnd.Cli;

/// <summary><c>graphrec evaluate</c> and <c>compare</c> as a user runs them, on small made-up data sets.</summary>
[Collection("cli")]
public sealed class EvaluateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Models_are_measured_tuned_and_reported_in_three_forms()
    {
        var (json, html) = (_folder.Sub("run.json"), _folder.Sub("run.html"));
        var ran = await GraphRecProgram.RunAsync(
            "evaluate", "--format", "lightgcn", "--data", LightGcn(), "--models", "popularity,popularity:halfLifeDays=30", "--k", "3", "--tune", "2", "--json", json, "--html", html);
        Assert.Equal(0, ran.Exit);
        foreach (var text in new[] { "R@3", "N@3", "Train CPU s", "Users/s", "popularity:halfLifeDays=30" }) Assert.Contains(text, ran.Out, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        Assert.Equal("circles", report.RootElement.GetProperty("dataset").GetString());
        var models = report.RootElement.GetProperty("models");
        Assert.Equal(["popularity", "popularity:halfLifeDays=30"], models.EnumerateArray().Select(m => m.GetProperty("name").GetString()!));
        Assert.InRange(models[0].GetProperty("metrics").GetProperty("recall@3").GetDouble(), 0.01, 1);
        Assert.True(models[0].GetProperty("score").GetProperty("usersPerSecond").GetDouble() > 0);
        Assert.Contains("graphrec evaluate", report.RootElement.GetProperty("run").GetProperty("commandLine").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(4, (await File.ReadAllLinesAsync(_folder.Sub("run.trials.jsonl"), TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task A_run_goes_on_from_its_record()
    {
        var (json, data) = (_folder.Sub("run.json"), LightGcn());
        string[] command = ["evaluate", "--format", "lightgcn", "--data", data, "--models", "popularity", "--tune", "4", "--json", json];
        Assert.Equal(0, (await GraphRecProgram.RunAsync(command)).Exit);
        var record = _folder.Sub("run.trials.jsonl");
        var lines = await File.ReadAllLinesAsync(record, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(record, lines[..3], TestContext.Current.CancellationToken);
        Assert.Equal(0, (await GraphRecProgram.RunAsync([.. command, "--resume"])).Exit);
        var resumed = await File.ReadAllLinesAsync(record, TestContext.Current.CancellationToken);
        Assert.Equal(lines.Select(Lasting), resumed.Select(Lasting));
        var refused = await GraphRecProgram.RunAsync([.. command, "--resume", "--seed", "2"]);
        Assert.Equal((1, ""), (refused.Exit, refused.Out));
        Assert.Contains("seed was 1 and is 2", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_are_compared_and_the_exit_code_tells_the_better()
    {
        var (data, one, two) = (LightGcn(), _folder.Sub("one.json"), _folder.Sub("two.json"));
        Assert.Equal(0, (await GraphRecProgram.RunAsync("evaluate", "--format", "lightgcn", "--data", data, "--models", "popularity,itemknn", "--k", "3", "--json", one)).Exit);
        Assert.Equal(0, (await GraphRecProgram.RunAsync("evaluate", "--format", "lightgcn", "--data", data, "--models", "popularity", "--k", "3", "--json", two, "--split", "random")).Exit);
        var better = await GraphRecProgram.RunAsync("compare", one, one, "--model", "itemknn", "--second-model", "popularity");
        Assert.Equal(0, better.Exit);
        Assert.Contains("itemknn is better.", better.Out, StringComparison.Ordinal);
        Assert.Contains("p = 0", better.Out, StringComparison.Ordinal);
        Assert.Equal(8, (await GraphRecProgram.RunAsync("compare", one, one, "--model", "popularity", "--second-model", "itemknn")).Exit);
        Assert.Equal(7, (await GraphRecProgram.RunAsync("compare", one, one)).Exit);
        var refused = await GraphRecProgram.RunAsync("compare", one, two);
        Assert.Equal((1, ""), (refused.Exit, refused.Out));
        Assert.Contains("different splits", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Movies_have_genres_likes_and_ratings_to_predict()
    {
        var data = MovieLens();
        var json = _folder.Sub("movies.json");
        var ranked = await GraphRecProgram.RunAsync("evaluate", "--format", "movielens", "--data", data, "--models", "popularity", "--min-rating", "4", "--auc", "--json", json);
        Assert.Equal(0, ranked.Exit);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        var metrics = report.RootElement.GetProperty("models")[0].GetProperty("metrics");
        foreach (var name in new[] { "auc", "gradedNdcg@20", "intraListDiversity(genres)@20", "genreMiscalibration@20" }) Assert.True(metrics.TryGetProperty(name, out _), name);
        var rated = await GraphRecProgram.RunAsync("evaluate", "--format", "movielens", "--data", data, "--task", "rating", "--models", "baseline", "--folds", "3");
        Assert.Equal(0, rated.Exit);
        foreach (var text in new[] { "RMSE", "MAE", "baseline", "3-fold cross-validation" }) Assert.Contains(text, rated.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_products_own_log_is_a_data_set()
    {
        var data = _folder.Sub("data");
        Assert.Equal(0, (await GraphRecProgram.RunAsync("import", Path.Combine(AppContext.BaseDirectory, "seed", "catalog"), "--data", data)).Exit);
        Assert.Equal(0, (await GraphRecProgram.RunAsync("simulate", "--data", data, "--viewers", "60", "--events", "3000")).Exit);
        var ran = await GraphRecProgram.RunAsync("evaluate", "--format", "events", "--data", data, "--models", "popularity");
        Assert.Equal(0, ran.Exit);
        Assert.Contains("global temporal", ran.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate --format lightgcn --data /no/such/place --models popularity", "/no/such/place/train.txt does not exist")]
    [InlineData("evaluate --format events --data /no/such/place", "There is no data in /no/such/place")]
    [InlineData("evaluate --format lightgcn --data DATA --models popularity,nothing", "There is no model nothing; choose from popularity")]
    [InlineData("evaluate --format lightgcn --data DATA --models popularity:colour=1", "popularity has no parameter colour")]
    [InlineData("evaluate --format lightgcn --data DATA --models popularity:halfLifeDays", "NAME=NUMBER")]
    [InlineData("evaluate --format lightgcn --data DATA --models popularity,popularity", "named twice")]
    [InlineData("evaluate --format lightgcn --data DATA --k 0", "--k must be a whole number from 1 to 1000")]
    [InlineData("evaluate --format lightgcn --data DATA --k many", "'many'")]
    [InlineData("evaluate --format lightgcn --data DATA --split sideways", "--split must be one of given, random")]
    [InlineData("evaluate --format lightgcn --data DATA --split temporal", "has no times")]
    [InlineData("evaluate --format sequence --data DATA/train.txt --split given", "split sequence data by random")]
    [InlineData("evaluate --format lightgcn --data DATA --tune 0", "--tune must be a whole number from 1")]
    [InlineData("evaluate --format lightgcn --data DATA --tune-minutes soon", "--tune-minutes must be a number")]
    [InlineData("evaluate --format lightgcn --data DATA --tune 2 --objective luck", "such as ndcg@20")]
    [InlineData("evaluate --format lightgcn --data DATA --tune 2 --validation luck", "--validation must be one of same")]
    [InlineData("evaluate --format lightgcn --data DATA --tune 2 --resume", "--trials FILE")]
    [InlineData("evaluate --format lightgcn --data DATA --task rating", "--format movielens")]
    [InlineData("evaluate --format lightgcn --data DATA --min-rating 4", "--format movielens")]
    [InlineData("evaluate --format lightgcn --data DATA --recipe /no/such/recipe.json", "/no/such/recipe.json does not exist")]
    [InlineData("evaluate --data DATA", "--format", "lightgcn")]
    [InlineData("compare /no/such/a.json /no/such/b.json", "/no/such/a.json does not exist")]
    [InlineData("compare DATA/train.txt DATA/train.txt", "is no file of 'graphrec evaluate --json'")]
    public async Task What_is_wrong_is_told_with_what_to_change(string line, params string[] says)
    {
        var data = LightGcn();
        var ran = await GraphRecProgram.RunAsync(line.Replace("DATA", data, StringComparison.Ordinal).Split(' '));
        Assert.Equal((1, ""), (ran.Exit, ran.Out));
        Assert.All(says, text => Assert.Contains(text, ran.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", ran.Error, StringComparison.Ordinal);
    }

    /// <summary>The line of a trial without the times it took.</summary>
    private static string Lasting(string line) => line.Split(",\"fitSeconds\"")[0];

    /// <summary>60 users of two circles, each with the items of their own circle: what neighbours find and popularity does not.</summary>
    private string LightGcn()
    {
        List<string> train = [], test = [];
        for (var user = 0; user < 60; user++)
        {
            // Items of the circle 0–11 or 12–23; a run of six from a place of the user's own, two of them to be found.
            int[] items = [.. Enumerable.Range(0, 6).Select(n => (user % 2 * 12) + ((user + (n * 2)) % 12))];
            train.Add($"{user} {string.Join(' ', items[..4])}");
            test.Add($"{user} {string.Join(' ', items[4..])}");
        }
        _folder.Write("circles/train.txt", [.. train]);
        _folder.Write("circles/test.txt", [.. test]);
        return _folder.Sub("circles");
    }

    private string MovieLens()
    {
        List<string> ratings = ["userId,movieId,rating,timestamp"];
        for (var user = 1; user <= 30; user++)
        {
            for (var movie = 1; movie <= 15; movie++)
                if ((user * movie) % 4 != 0) ratings.Add($"{user},{movie},{1 + ((user + movie) % 5)},{1_000_000 + (user * 1000) + movie}");
        }
        _folder.Write("movies/ratings.csv", [.. ratings]);
        _folder.Write("movies/movies.csv", ["movieId,title,genres", .. Enumerable.Range(1, 15).Select(m => $"{m},M{m},{(m % 2 == 0 ? "War|Drama" : "Comedy")}")]);
        return _folder.Sub("movies");
    }
}
