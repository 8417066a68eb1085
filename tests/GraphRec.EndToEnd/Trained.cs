using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Data;
using GraphRec.Learning.Models;
using GraphRec.Learning.Training;
using GraphRec.Recommend.Sources;
using GraphRec.Storage.Embedded;

namespace GraphRec.EndToEnd;

/// <summary>The model that <c>serve</c> trains after its first filling, without the process.</summary>
internal static class Trained
{
    public static async Task<TrainedLists> OnAsync(EmbeddedStore store, GraphExport export)
    {
        var events = new List<ViewerEvent>();
        await foreach (var logged in store.Events.ReadAsync(0)) events.Add(logged.Event);
        var engagements = EventLogInteractions.Of(export.Dramas.Select(d => d.Id), events);
        var model = ModelKinds.Fit(ModelRecipe.Default("slim"), new FitInput(engagements.Matrix(), engagements, Seed: 1, Environment.ProcessorCount));
        return new TrainedLists("slim", engagements.Items, ItemLists.Of(model, 100, Environment.ProcessorCount));
    }
}
