using System.Text.Json;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Tests.Rules;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

/// <summary>What every kind of model promises, asked of each one that is listed.</summary>
public sealed class ModelContractTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "GraphRec.Tests", "Learning", "Models", "Golden");

    public static TheoryData<string> Kinds => [.. ModelKinds.All.Select(kind => kind.Name)];

    public static TheoryData<string> GoldenFiles => [.. Directory.GetFiles(Golden, "*.grmodel").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Names_are_unique_and_defaults_are_in_the_range_of_tuning()
    {
        Assert.Equal(ModelKinds.All.Count, ModelKinds.All.DistinctBy(kind => kind.Name).Count());
        foreach (var parameter in ModelKinds.All.SelectMany(kind => kind.Parameters))
        {
            Assert.InRange(parameter.Default, parameter.Low, parameter.High);
            Assert.InRange(parameter.Low, parameter.Minimum, parameter.High);
            Assert.NotEmpty(parameter.Help);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_number_of_threads_fits_the_same_bits(string kind)
    {
        var one = Bytes(Fit(kind, threads: 1));
        Assert.Equal(one, Bytes(Fit(kind, threads: 2)));
        Assert.Equal(one, Bytes(Fit(kind, threads: 3)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_recipe_that_says_the_listed_defaults_fits_the_same_bits(string kind)
    {
        var recipe = ModelKinds.Of(kind).Parameters.Aggregate(ModelRecipe.Default(kind), (said, parameter) => said.With(parameter.Name, parameter.Default));
        var model = ModelKinds.Fit(recipe, FitInput.Of(Data, seed: 7, threads: 2), TestContext.Current.CancellationToken);
        Assert.Equal(Bytes(Fit(kind)), Bytes(model));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_saved_scores_as_before(string kind)
    {
        var model = Fit(kind);
        var read = ModelReader.Read(new MemoryStream(Bytes(model)), "model");
        Assert.Equal((model.Kind, model.ItemCount), (read.Kind, read.ItemCount));
        Assert.Equal(Scores(model, [0, 1, 2]), Scores(read, [0, 1, 2]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scores_are_finite_and_do_not_depend_on_the_block(string kind)
    {
        var model = Fit(kind);
        var together = Scores(model, [3, 4, 5, 6]);
        Assert.All(together, score => Assert.True(float.IsFinite(score)));
        var alone = new[] { 3, 4, 5, 6 }.SelectMany(user => Scores(model, [user])).ToArray();
        Close(together, alone);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_user_without_items_and_one_who_was_not_fitted_on_get_scores(string kind)
    {
        var model = Fit(kind);
        var scores = new float[2 * model.ItemCount];
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown, UserBlock.Unknown], [0, 0, 2], [1, 7], [1, 0.5f]), scores);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Contributions_sum_to_the_score(string kind)
    {
        var model = Fit(kind);
        var items = Data.Train.ItemsOf(2);
        var user = new UserBlock([2], [0, items.Length], items, Ones(items.Length));
        var contributions = new float[items.Length];
        if (!model.TryExplain(user, 5, contributions))
        {
            Assert.All(contributions, c => Assert.Equal(0, c));
            return;
        }
        var score = Scores(model, [2])[5];
        Assert.Equal(score, contributions.Sum(), 1e-4f * Math.Max(1, Math.Abs(score)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Scores_of_linear_kinds_are_sums_over_the_items(string kind)
    {
        if (!ModelKinds.Of(kind).IsLinear) return;
        var model = Fit(kind);
        int[] items = [1, 6, 9];
        float[] weights = [1, 0.5f, 2];
        var (whole, sum) = (new float[model.ItemCount], new float[model.ItemCount]);
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, 3], items, weights), whole);
        for (var n = 0; n < items.Length; n++)
        {
            var part = new float[model.ItemCount];
            model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, 1], [items[n]], [1]), part);
            for (var item = 0; item < sum.Length; item++) sum[item] += weights[n] * part[item];
        }
        // Up to a factor of the user's own, which is positive.
        var factor = whole.Sum() / sum.Sum();
        Assert.True(factor > 0);
        Close(whole, [.. sum.Select(score => factor * score)]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_fast_way_to_the_best_items_finds_the_same(string kind)
    {
        if (Fit(kind) is not ITopItemsModel model) return;
        int[] users = [.. Enumerable.Range(0, Data.Train.Users.Count)];
        var found = new (int[] Items, float[] Scores)[users.Length];
        model.TopItems(Data.Train, users, 5, 2, (user, items, scores) => found[user] = (items.ToArray(), scores.ToArray()), TestContext.Current.CancellationToken);
        foreach (var user in users)
        {
            var all = Scores(model, [user]);
            Assert.DoesNotContain(found[user].Items, item => Data.Train.ItemsOf(user).Contains(item));
            var best = Enumerable.Range(0, all.Length).Where(item => !Data.Train.ItemsOf(user).Contains(item)).Select(item => all[item]).OrderDescending().Take(found[user].Items.Length);
            Close([.. best], [.. found[user].Items.Select(item => all[item])]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fitting_stops_when_told(string kind)
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        // Kinds that fit in one short pass may finish; those that take long must look.
        try
        {
            ModelKinds.Fit(ModelRecipe.Default(kind), FitInput.Of(Data, seed: 1, threads: 2), cancelled.Token);
            Assert.True(ModelKinds.Of(kind).Parameters.All(p => p.Name is not ("epochs" or "factors")), $"{kind} fits for long but does not stop");
        }
        catch (OperationCanceledException)
        {
        }
    }

    [Fact]
    public void Every_kind_has_a_golden_file()
    {
        foreach (var kind in ModelKinds.All.Select(kind => kind.Name))
        {
            var file = Path.Combine(Golden, $"{kind}.v1.grmodel");
            if (Environment.GetEnvironmentVariable("GRAPHREC_UPDATE_GOLDEN") == "1" && !File.Exists(file))
            {
                var model = Fit(kind);
                File.WriteAllBytes(file, Bytes(model));
                File.WriteAllText(Path.ChangeExtension(file, ".json"), JsonSerializer.Serialize(Scores(model, [0, 1])));
            }
            Assert.True(File.Exists(file), $"{file} is missing; run this test with GRAPHREC_UPDATE_GOLDEN=1 and commit it");
        }
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Files_of_every_version_are_read_as_when_they_were_written(string name)
    {
        using var file = File.OpenRead(Path.Combine(Golden, name));
        var expected = JsonSerializer.Deserialize<float[]>(File.ReadAllText(Path.ChangeExtension(file.Name, ".json")))!;
        Close(expected, Scores(ModelReader.Read(file, name), [0, 1]));
    }

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void A_damaged_file_is_refused(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Golden, name));
        bytes[^12] ^= 1;
        Assert.Throws<InvalidInputException>(() => ModelReader.Read(new MemoryStream(bytes), name));
        Assert.Throws<InvalidInputException>(() => ModelReader.Read(new MemoryStream(bytes[..^3]), name));
    }

    [Theory]
    [InlineData("nothing", "There is no model nothing")]
    [InlineData("popularity", "popularity has no parameter colour")]
    public void A_wrong_recipe_says_what_there_is(string kind, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidInputException>(() => ModelRecipe.Default(kind).With("colour", 1).Checked()).Message, StringComparison.Ordinal);

    /// <summary>60 users and 24 items: two circles of taste that overlap, drawn once and for all.</summary>
    internal static Split Data { get; } = Drawn();

    private static GivenSplit Drawn()
    {
        var random = new Random(4);
        List<(int User, int Item)> train = [], test = [];
        for (var user = 0; user < 60; user++)
        {
            for (var item = 0; item < 24; item++)
            {
                if (random.NextDouble() > (item % 2 == user % 2 ? 0.45 : 0.08)) continue;
                (random.NextDouble() < 0.2 ? test : train).Add((user, item));
            }
        }
        string[] users = [.. Enumerable.Range(0, 60).Select(u => $"u{u}")], items = [.. Enumerable.Range(0, 24).Select(i => $"i{i}")];
        return GivenSplit.Of(Numbered(train), Numbered(test));

        Interactions Numbered(List<(int User, int Item)> pairs) =>
            Interactions.Of("circles", users, items, [.. pairs.Select(p => p.User)], [.. pairs.Select(p => p.Item)]);
    }

    private static IModel Fit(string kind, int threads = 2) =>
        ModelKinds.Fit(ModelRecipe.Default(kind), FitInput.Of(Data, seed: 7, threads), TestContext.Current.CancellationToken);

    private static float[] Scores(IModel model, int[] users)
    {
        List<int> starts = [0], items = [];
        foreach (var user in users)
        {
            items.AddRange(Data.Train.ItemsOf(user));
            starts.Add(items.Count);
        }
        var scores = new float[users.Length * model.ItemCount];
        scores.AsSpan().Fill(float.NaN);
        model.NewScorer().Score(new UserBlock(users, [.. starts], [.. items], Ones(items.Count)), scores);
        return scores;
    }

    private static byte[] Bytes(IModel model)
    {
        using var stream = new MemoryStream();
        model.Save(stream);
        return stream.ToArray();
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++) Assert.Equal(expected[n], actual[n], 1e-4f * Math.Max(1, Math.Abs(expected[n])));
    }

    private static float[] Ones(int count) => [.. Enumerable.Repeat(1f, count)];
}
