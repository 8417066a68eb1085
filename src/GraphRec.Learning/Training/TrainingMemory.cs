using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Models;
using GraphRec.Learning.Ranking;
using GraphRec.Learning.Tuning;

namespace GraphRec.Learning.Training;

/// <summary>
/// How much memory a training will have resident at most, told before it begins. A test holds the whole process of
/// <c>graphrec train</c> to it: between half of it and one and a half times it.
/// </summary>
/// <param name="Log">The program, the events and the catalogue, in bytes.</param>
/// <param name="ByModel">What fitting each model holds beyond that, in bytes.</param>
public sealed record TrainingMemory(long Log, IReadOnlyDictionary<string, long> ByModel)
{
    // .NET with the program's code, before anything is read.
    private const long Program = 90_000_000;

    // An event with its ids and its place in lists; an engagement in the numbered pairs, in both matrices of a split and in those of
    // the validation. Fitted to runs of 20,000 and 300,000 events of the simulated viewers.
    private const long BytesPerEvent = 500, BytesPerEngagement = 200, BytesPerDrama = 4000;

    /// <summary>The most that is held at once: models are fitted one after the other.</summary>
    public long Bytes => Log + ByModel.Values.DefaultIfEmpty().Max();

    /// <summary>The need of a plan.</summary>
    /// <param name="plan">What is trained.</param>
    /// <param name="engagements">On what.</param>
    /// <param name="events">How many events there are.</param>
    /// <param name="ranker">Whether a ranker is trained as well.</param>
    public static TrainingMemory Of(TrainingPlan plan, Interactions engagements, int events, bool ranker = false)
    {
        var input = new FitInput(engagements.Matrix(), engagements, plan.Seed, plan.Threads);
        // Scores of a block of users per thread, and the lists that are served.
        var scores = (sizeof(float) * 256L * engagements.Items.Count * plan.Threads) + (8L * ItemLists.ServedLength * engagements.Items.Count);
        var byModel = plan.Measured.ToDictionary(model => model.Name, model => scores + (model.Recipe.Checked().MemoryEstimate?.Invoke(model.Recipe, input) ?? 0));
        if (ranker) byModel.Add("ranker", RankerTrainer.Bytes(engagements.Users.Count));
        return new TrainingMemory(
            Program + (BytesPerEvent * events) + (BytesPerEngagement * engagements.Count) + (BytesPerDrama * engagements.Items.Count), byModel);
    }

    /// <summary>
    /// The plan without the baselines that do not fit into memory, and those left out: they are compared for the gate only.
    /// </summary>
    /// <exception cref="InvalidInputException">A model that was asked for does not fit; the message says what would.</exception>
    public (TrainingPlan Plan, IReadOnlyList<string> LeftOut) Fit(TrainingPlan plan, long availableBytes)
    {
        foreach (var model in plan.Models.Where(model => Log + ByModel[model.Name] > availableBytes))
        {
            var others = string.Join(',', plan.Models.Where(other => Log + ByModel[other.Name] <= availableBytes).Select(other => other.Name));
            throw new InvalidInputException(ErrorCodes.BadUserInput, FormattableString.Invariant(
                $"Training needs about {Megabytes(Log + ByModel[model.Name])} of memory for {model.Name}, and there are {Megabytes(availableBytes)}. ")
                + (Log > availableBytes ? "The events alone do not fit: train on a machine with more memory." : WaysOut(model, others)));
        }
        string[] leftOut = [.. plan.Baselines.Where(kind => ByModel.TryGetValue(kind, out var bytes) && Log + bytes > availableBytes)];
        return (plan with { Baselines = [.. plan.Baselines.Except(leftOut)] }, leftOut);
    }

    /// <summary>As people read it.</summary>
    public static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:N0} MB");

    private static string WaysOut(NamedRecipe model, string others)
    {
        var leave = others.Length == 0 ? "Train another model (--models slim needs little)" : $"Leave it out (--models {others})";
        return ModelKinds.Of(model.Recipe.Model).Parameters.Any(parameter => parameter.Name == "maxItems")
            ? $"{leave}, bound it ({model.Recipe.Model}:maxItems=N learns from the N dramas with the most viewers), or use a machine with more memory."
            : $"{leave}, or use a machine with more memory.";
    }
}
