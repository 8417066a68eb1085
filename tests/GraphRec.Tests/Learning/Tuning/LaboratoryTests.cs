using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Reports;
using GraphRec.Learning.Tuning;
using GraphRec.Tests.Learning.Data;
using GraphRec.Tests.Learning.Models;
using Xunit;

namespace GraphRec.Tests.Learning.Tuning;

/// <summary>Whole runs on a small data set: what is measured, recorded, gone on with, and how long it may take.</summary>
public sealed class LaboratoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "trials.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_tuning_a_model_is_fitted_as_given_and_measured_on_the_test_part()
    {
        var report = Run(Plan("rp3beta,popularity") with { K = 5 });
        Assert.Equal(["rp3beta", "popularity"], report.Models.Select(m => m.Name));
        var split = ModelContractTests.Data;
        var cancel = TestContext.Current.CancellationToken;
        var expected = RankingEvaluator.Evaluate(ModelKinds.Fit(ModelRecipe.Default("rp3beta"), FitInput.Of(split, 1, 2), cancel), split, 5, cancel);
        Assert.Equal(expected.Ndcg, report.Models[0].Metrics["ndcg@5"], 12);
        var values = PackedValues.Unpack(report.Models[0].PerUser!["ndcg@5"]);
        Assert.Equal(split.Test.Count, values.Length);
        Assert.Equal(expected.Ndcg, values.Average(), 6);
        Assert.InRange(report.Models[0].Metrics["ndcg@5"], report.Models[0].Ci["ndcg@5"][0], report.Models[0].Ci["ndcg@5"][1]);
        Assert.True(report.Models[0].Train.PeakBytes > 1_000_000);
        Assert.Null(report.Tuning);
    }

    [Fact]
    public void Tuning_takes_the_best_trial_and_never_looks_at_the_test_part()
    {
        var report = Run(Plan("rp3beta") with { Tuning = Trials(10) with { Choice = TrialChoice.Best } });
        var model = Assert.Single(report.Models);
        Assert.Equal(Enumerable.Range(0, 10), model.Trials!.Select(t => t.Trial));
        Assert.Equal(model.Trials!.MaxBy(t => t.Value)!.Params, model.Params);
        // Another test part, the same training part: the same trials.
        var data = ModelContractTests.Data;
        var swapped = data with { Test = [.. data.Test.Select((user, n) => new TestUser(user.User, [.. Unseen(data, user.User).Skip(n % 3).Take(2)]))] };
        var other = Run(Plan("rp3beta") with { Split = swapped, Tuning = Trials(10) with { Choice = TrialChoice.Best } });
        Assert.Equal(Shown(report), Shown(other));
        Assert.NotEqual(report.DataHash, other.DataHash);
    }

    [Fact]
    public void The_cautious_choice_is_within_one_standard_error_of_the_best()
    {
        var model = Assert.Single(Run(Plan("rp3beta") with { Tuning = Trials(12) with { Choice = TrialChoice.OneStandardError } }).Models);
        var best = model.Trials!.MaxBy(t => t.Value)!;
        Assert.True(best.Error > 0);
        Assert.InRange(model.Validation!.Value, best.Value!.Value - best.Error!.Value, best.Value.Value);
        Assert.Contains(model.Trials!, t => t.Params == model.Params && t.Value == model.Validation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_figures_do_not_depend_on_the_number_of_threads(int threads)
    {
        var (one, other) = (Run(Plan("itemknn") with { Tuning = Trials(6) }), Run(Plan("itemknn") with { Tuning = Trials(6), Threads = threads }));
        Assert.Equal(Shown(one), Shown(other));
        Assert.Equal(one.Models[0].Metrics, other.Models[0].Metrics);
        Assert.Equal(one.Models[0].Ci, other.Models[0].Ci);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(9, 25)]
    public void A_killed_run_goes_on_to_the_trials_of_one_that_was_not(int linesLeft, int tornBytes)
    {
        var whole = Run(Plan("rp3beta,itemknn") with { Tuning = Trials(7) with { File = File } });
        var lines = System.IO.File.ReadAllLines(File);
        Assert.Equal(1 + (2 * 7), lines.Length);
        System.IO.File.WriteAllText(File, string.Join('\n', lines.Take(linesLeft)) + "\n" + lines[linesLeft][..tornBytes]);
        var resumed = Run(Plan("rp3beta,itemknn") with { Tuning = Trials(7) with { File = File, Resume = true } });
        Assert.Equal(Shown(whole), Shown(resumed));
        Assert.Equal(whole.Models[1].Metrics, resumed.Models[1].Metrics);
        Assert.Equal(lines.Length, System.IO.File.ReadAllLines(File).Length);
        Assert.Equal(lines.Take(linesLeft), System.IO.File.ReadAllLines(File).Take(linesLeft));
    }

    [Fact]
    public void A_record_of_another_run_is_refused_and_a_new_one_puts_it_aside()
    {
        Run(Plan("popularity") with { Tuning = Trials(2) with { File = File } });
        var resume = Trials(2) with { File = File, Resume = true };
        var refused = Assert.Throws<InvalidInputException>(() => Run(Plan("popularity") with { Seed = 2, Tuning = resume with { Objective = "recall@20" } }));
        Assert.Contains("objective was ndcg@20 and is recall@20, seed was 1 and is 2", refused.Message, StringComparison.Ordinal);
        Run(Plan("popularity") with { Seed = 2, Tuning = Trials(1) with { File = File } });
        Assert.Equal((2, 3), (System.IO.File.ReadAllLines(File).Length, System.IO.File.ReadAllLines(File + ".old").Length));
        System.IO.File.WriteAllText(File, "something else\n");
        Assert.Contains("line 1", Assert.Throws<InvalidInputException>(() => Run(Plan("popularity") with { Tuning = resume })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_budget_of_time_everything_ends_and_a_model_that_is_too_slow_is_named()
    {
        // What is called slow fits for ever, and says that it is at a thousandth.
        var plan = Plan("popularity,popularity:halfLifeDays=700,rp3beta") with
        {
            Fit = (recipe, input, cancel) =>
            {
                if (!recipe.Parameters.TryGetValue("halfLifeDays", out var days) || days != 700) return ModelKinds.Fit(recipe, input, cancel);
                input.Progress!.Report(0.001);
                cancel.WaitHandle.WaitOne();
                throw new OperationCanceledException(cancel);
            },
            Tuning = new TuningPlan { Budget = TimeSpan.FromSeconds(20) },
        };
        var began = TimeProvider.System.GetTimestamp();
        var report = Run(plan);
        // The time is the tests' only bound, and the machine may be busy: a run without an end would be found all the same.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 40);
        Assert.Equal(["popularity", "rp3beta"], report.Models.Select(m => m.Name));
        Assert.All(report.Models, model => Assert.InRange(model.Trials!.Count, 1, TuningPlan.TrialsOfTime));
        var left = Assert.Single(report.LeftOut);
        Assert.Equal("popularity:halfLifeDays=700", left.Name);
        Assert.Contains("allow more minutes", left.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_model_that_can_be_fitted_once_is_not_tuned_but_measured()
    {
        // A fit of 6 s on the validation part, and one of 10 on all of training with caution: together they are more than 15.
        var began = TimeProvider.System.GetTimestamp();
        var plan = Plan("rp3beta") with
        {
            Fit = (recipe, input, cancel) =>
            {
                while (input.Train.Count < ModelContractTests.Data.Train.Count)
                {
                    input.Progress!.Report(TimeProvider.System.GetElapsedTime(began).TotalSeconds / 6);
                    cancel.WaitHandle.WaitOne(20);
                    cancel.ThrowIfCancellationRequested();
                }
                return ModelKinds.Fit(recipe, input, cancel);
            },
            Tuning = new TuningPlan { Budget = TimeSpan.FromSeconds(15) },
        };
        var model = Assert.Single(Run(plan).Models);
        Assert.Empty(model.Trials!);
        Assert.Empty(model.Params);
        Assert.InRange(model.Metrics["ndcg@20"], 0.01, 1);
    }

    [Fact]
    public void A_blend_is_made_of_the_other_models_of_the_run_with_the_recipes_chosen_for_them()
    {
        var report = Run(Plan("blend,rp3beta,ials:factors=8,random") with { Tuning = Trials(5), K = 5 });
        Assert.Equal(["blend", "rp3beta", "ials:factors=8", "random"], report.Models.Select(m => m.Name));
        var blend = report.Models[0];
        string[] recipes = [.. report.Models.Skip(1).Select(model => new ModelRecipe(model.Model!, model.Params).ToString())];
        Assert.NotEmpty(blend.Members!);
        Assert.All(blend.Members!, member => Assert.Contains(member.Name, recipes));
        Assert.All(blend.Members!, member => Assert.True(member.Weight > 0));
        Assert.Null(blend.Trials);
        Assert.All(report.Models.Skip(1), model => Assert.Null(model.Members));
        Assert.Contains($"&nbsp;{blend.Members![0].Name}", HtmlReport.Of(report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_blend_of_models_that_could_not_be_measured_is_left_out()
    {
        var plan = Plan("rp3beta,blend") with
        {
            Fit = (recipe, input, cancel) => recipe.Model == "rp3beta" ? throw new InvalidInputException(ErrorCodes.BadUserInput, "It cannot be.") : ModelKinds.Fit(recipe, input, cancel),
        };
        var report = Run(plan);
        Assert.Empty(report.Models);
        Assert.Equal(["rp3beta", "blend"], report.LeftOut.Select(left => left.Name));
        Assert.StartsWith("There was no time to fit any other model", report.LeftOut[1].Reason, StringComparison.Ordinal);
        Assert.NotEmpty(Assert.Single(Run(Plan("blend")).Models).Members!);
    }

    [Fact]
    public void A_recipe_that_fails_is_recorded_and_a_model_that_always_fails_is_named()
    {
        var fits = 0;
        var plan = Plan("rp3beta,popularity") with
        {
            Fit = (recipe, input, cancel) => recipe.Model == "rp3beta" || ++fits == 2
                ? throw new InvalidInputException(ErrorCodes.BadUserInput, "it cannot.")
                : ModelKinds.Fit(recipe, input, cancel),
            Tuning = Trials(5) with { File = File },
        };
        var report = Run(plan);
        Assert.Equal(("rp3beta", "it cannot."), (Assert.Single(report.LeftOut).Name, report.LeftOut[0].Reason));
        Assert.Equal([null, "it cannot.", null, null, null], Assert.Single(report.Models).Trials!.Select(t => t.Failure));
        Assert.Equal(1 + 3 + 5, System.IO.File.ReadAllLines(File).Length);
    }

    [Fact]
    public void Plans_that_cannot_be_carried_out_are_refused()
    {
        Refused("named twice", () => Run(Plan("popularity,popularity")));
        Refused("at least 1", () => Run(Plan("popularity") with { Tuning = Trials(0) }));
        Refused("needs a bound", () => Run(Plan("popularity") with { Tuning = new TuningPlan() }));
        Refused("no record", () => Run(Plan("popularity") with { Tuning = Trials(1) with { Resume = true } }));
        Refused("such as ndcg@20", () => Run(Plan("popularity") with { Tuning = Trials(1) with { Objective = "ndcg" } }));
        Refused("k is 0", () => Run(Plan("popularity") with { K = 0 }));
        Refused("no test user", () => Run(Plan("popularity") with { Split = ModelContractTests.Data with { Test = [] } }));
        Refused("neither times nor positions", () => Run(Plan("popularity") with { Tuning = Trials(1) with { Validation = ValidationProtocol.Of("leave-last-one-out") } }));
        Refused("choose from same, random", () => ValidationProtocol.Of("none"));
    }

    [Fact]
    public void A_validation_part_has_at_most_so_many_users_evenly_spaced()
    {
        var whole = ValidationProtocol.Of("same").Of(ModelContractTests.Data, 1, int.MaxValue);
        var few = ValidationProtocol.Of("same").Of(ModelContractTests.Data, 1, 7);
        Assert.Equal(Enumerable.Range(0, 7).Select(n => whole.Test[n * whole.Test.Count / 7].User), few.Test.Select(u => u.User));
        Assert.Equal(whole.Train.Count, few.Train.Count);
    }

    private static void Refused(string says, Action action) =>
        Assert.Contains(says, Assert.Throws<InvalidInputException>(action).Message, StringComparison.Ordinal);

    private static LaboratoryPlan Plan(string models) => new("circles", ModelContractTests.Data, ModelItems.Parse(models)) { Threads = 2 };

    private static TuningPlan Trials(int count) => new() { Trials = count };

    private static EvaluationReport Run(LaboratoryPlan plan) => new Laboratory(plan, TimeProvider.System).Run(TestContext.Current.CancellationToken);

    private static IEnumerable<int> Unseen(Split split, int user) =>
        Enumerable.Range(0, split.Train.Items.Count).Where(item => !split.Train.ItemsOf(user).Contains(item));

    /// <summary>What was tried, and what came of it, without the times.</summary>
    private static string[] Shown(EvaluationReport report) =>
    [
        .. from model in report.Models
           from trial in model.Trials!
           select $"{model.Name} {trial.Trial} {string.Join(' ', trial.Params)} {trial.Value:R}",
    ];
}
