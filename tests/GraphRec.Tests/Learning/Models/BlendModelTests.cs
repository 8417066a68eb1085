using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Blending;
using GraphRec.Learning.Tuning;
using GraphRec.Tests.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Models;

public sealed class BlendModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void The_weight_of_the_only_feature_is_where_the_likelihood_is_highest()
    {
        // Two candidates, x = 1 and x = 0. The first is the hit of three users, the second of one: softmax(w) = 3/4, w = ln 3.
        var users = Enumerable.Range(0, 4).Select(n => new JudgedCandidates([1, 0], [n == 3 ? 1 : 0])).ToArray();
        Assert.Equal(Math.Log(3), StackedWeights.Of(users, 1, 1, Cancel)[0], 2e-3);
    }

    [Fact]
    public void A_feature_that_misleads_gets_no_weight()
    {
        // The second feature is high on what was not engaged with; without the bound its weight would be below 0.
        var users = Enumerable.Range(0, 20).Select(n => new JudgedCandidates([0.9f, 0.1f, 0.3f, 0.8f, 0.3f, 0.9f], n % 5 == 0 ? [1] : [0])).ToArray();
        var weights = StackedWeights.Of(users, 2, 1, Cancel);
        Assert.True(weights[0] > 1);
        Assert.Equal(0, weights[1]);
    }

    [Fact]
    public void No_small_change_of_the_weights_is_better_and_threads_do_not_matter()
    {
        Gen.Int[0, 1000].Sample(seed =>
        {
            var random = new Random(seed);
            var users = Enumerable.Range(0, 70).Select(_ => new JudgedCandidates([.. Enumerable.Range(0, 24).Select(_ => random.NextSingle())], [random.Next(4), 4 + random.Next(4)])).ToArray();
            var weights = StackedWeights.Of(users, 3, 1, Cancel);
            Assert.Equal(weights, StackedWeights.Of(users, 3, 3, Cancel));
            var best = Likelihood(users, weights);
            for (var f = 0; f < 3; f++)
            {
                foreach (var step in new[] { -0.05, 0.05 })
                {
                    var moved = weights.ToArray();
                    moved[f] = Math.Max(0, moved[f] + step);
                    Assert.True(Likelihood(users, moved) <= best + 1e-9);
                }
            }
        }, iter: 20);
    }

    [Fact]
    public void What_members_add_sums_to_the_score()
    {
        var model = Fit(Blend("itemknn", "ials", "popularity"));
        var items = Data.Train.ItemsOf(2).ToArray();
        var user = new UserBlock([2], [0, items.Length], items, [.. items.Select(_ => 1f)]);
        var scores = new float[model.ItemCount];
        model.NewScorer().Score(user, scores);
        for (var item = 0; item < scores.Length; item++)
        {
            var contributions = model.Contributions(user, item);
            Assert.Equal(model.Members.Count, contributions.Length);
            Assert.All(contributions, (part, m) => Assert.InRange(part, 0, items.Contains(item) ? float.MaxValue : model.Members[m].Weight * 1.0001f));
            Assert.Equal(scores[item], contributions.Sum(), 1e-4f);
        }
    }

    [Fact]
    public void Noise_gets_next_to_nothing_beside_a_model_that_knows()
    {
        var members = Fit(Blend("random", "itemknn")).Members.ToDictionary(member => member.Name, member => member.Weight);
        Assert.True(members["itemknn"] > 10 * members.GetValueOrDefault("random"), string.Join(", ", members));
    }

    [Fact]
    public void A_single_member_ranks_as_it_does_alone()
    {
        var (alone, blend) = (Ndcg(ModelKinds.Fit(ModelRecipe.Default("itemknn"), Input, Cancel)), Ndcg(Fit(Blend("itemknn"))));
        Assert.Equal(alone, blend, 1e-9);
    }

    [Fact]
    public void Members_keep_the_names_and_parameters_of_their_recipes()
    {
        var model = Fit(ModelRecipe.Default("blend") with { Members = [ModelRecipe.Default("ials").With("factors", 8).With("epochs", 3)] });
        Assert.Equal(["ials:factors=8:epochs=3"], model.Members.Select(member => member.Name));
    }

    [Fact]
    public void A_recipe_file_names_members_with_their_parameters()
    {
        using var folder = new TempFolder();
        var file = folder.Write("mine.json", """{"model": "blend", "members": [{"model": "ials", "parameters": {"factors": 8}}, {"model": "slim"}]}""");
        var read = ModelItems.Read(file);
        Assert.Equal(("mine", "blend"), (read.Name, read.Recipe.ToString()));
        Assert.Equal(["ials:factors=8", "slim"], read.Recipe.Members.Select(member => member.ToString()));
    }

    [Theory]
    [InlineData("itemknn", "ials", "itemknn is not made of other models; leave its members out.")]
    [InlineData("blend", "blend", "blend cannot have blend as a member; name its members instead.")]
    [InlineData("blend", "nothing", "There is no model nothing")]
    public void Members_that_cannot_be_are_refused(string model, string member, string message)
    {
        var recipe = ModelRecipe.Default(model) with { Members = [ModelRecipe.Default(member)] };
        Assert.StartsWith(message, Assert.Throws<InvalidInputException>(recipe.Checked).Message, StringComparison.Ordinal);
    }

    private static Split Data => ModelContractTests.Data;

    private static FitInput Input => FitInput.Of(Data, seed: 7, threads: 2);

    private static ModelRecipe Blend(params string[] members) => ModelRecipe.Default("blend") with { Members = [.. members.Select(ModelRecipe.Default)] };

    private static BlendModel Fit(ModelRecipe recipe) => (BlendModel)ModelKinds.Fit(recipe, Input, Cancel);

    private static double Ndcg(IModel model) => RankingEvaluator.Evaluate(model, Data, 5, Cancel).Ndcg;

    private static double Likelihood(JudgedCandidates[] users, double[] weights) => users.Average(user =>
    {
        double[] sums = [.. Enumerable.Range(0, user.Features.Length / weights.Length).Select(c => weights.Select((w, f) => w * user.Features[(c * weights.Length) + f]).Sum())];
        var all = Math.Log(sums.Sum(Math.Exp));
        return user.Hits.Average(hit => sums[hit] - all);
    }) - (0.5e-4 * weights.Sum(w => w * w));
}
