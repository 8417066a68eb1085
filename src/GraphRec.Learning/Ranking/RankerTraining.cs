using GraphRec.Core;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Training;
using GraphRec.Recommend;
using GraphRec.Recommend.Sources;

namespace GraphRec.Learning.Ranking;

/// <summary>How training lists are cut from behaviour.</summary>
/// <param name="Recipe">The recipe that serves.</param>
/// <param name="Model">The model of the collaborative source; fitted anew on what lies before each cut. Null for none.</param>
public sealed record BehaviourCuts(Recipe Recipe, ModelRecipe? Model)
{
    /// <summary>How often a cut is made inside what lies before the last one.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Whether each viewer's last fifth is cut off, or the last fifth of all.</summary>
    public bool PerViewer { get; init; } = true;

    /// <summary>Of the model's fit.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>From 1; changes nothing.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Makes what a ranker learns from.</summary>
public static class RankerTraining
{
    /// <summary>
    /// Lists from cuts inside a log: what serving would have ranked at the cut, graded by what came after it. The second cut is made
    /// in what lies before the first, and so on, so that a viewer gives several lists, and each model knows only what came before its cut.
    /// </summary>
    /// <param name="catalogue">The stored graph; its behaviour is not read.</param>
    /// <param name="events">What viewers did, by time.</param>
    /// <param name="cuts">How.</param>
    /// <param name="done">Told after every round how many are done.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="InvalidInputException">There is not enough behaviour for a single list.</exception>
    public static IReadOnlyList<LabelledList> Lists(GraphExport catalogue, IReadOnlyList<ViewerEvent> events, BehaviourCuts cuts, Action<int>? done, CancellationToken cancel = default)
    {
        var lists = new List<LabelledList>();
        var left = events;
        for (var round = 1; round <= cuts.Rounds; round++)
        {
            try
            {
                var held = new HeldOut($"round {round}", catalogue, left, cuts.PerViewer);
                var trained = cuts.Model is null ? null : TrainedOn(cuts.Model, held.Split, cuts.Seed, cuts.Threads, cancel);
                lists.AddRange(BehaviourLists.Of(held, new PipelineModel(held, cuts.Recipe, trained), cuts.Threads, cancel));
                left = held.Split.TrainEvents;
            }
            catch (InvalidInputException) when (lists.Count > 0)
            {
                // What is left is too little for another cut.
                break;
            }
            done?.Invoke(round);
        }
        return lists;
    }

    /// <summary>What a collaborative model of the training part alone serves from.</summary>
    public static TrainedLists TrainedOn(ModelRecipe recipe, Split split, int seed, int threads, CancellationToken cancel = default)
    {
        var model = ModelKinds.Fit(recipe, FitInput.Of(split, seed, threads), cancel);
        return new TrainedLists(model.Kind, split.Train.Items, ItemLists.Of(model, ItemLists.ServedLength, threads, cancel));
    }
}
