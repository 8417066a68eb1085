using GraphRec.Recommend;
using GraphRec.Storage.Neo4j;

namespace GraphRec.Cli.Hosting;

/// <summary>
/// What runs beside the requests: rebuilding the snapshot, writing what was shown, and, where the graph is in another
/// store, moving events and impressions there, fetching what curators edited, and keeping its derived edges; and looking
/// for a model that was trained meanwhile.
/// </summary>
internal sealed partial class BackgroundWork(
    GraphRebuilder rebuilder, ImpressionRecorder impressions, ModelWatch models, Recommender recommender, ILogger<BackgroundWork> logger, EventDelivery? delivery = null,
    ImpressionDelivery? impressionDelivery = null, DerivedUpkeep? upkeep = null, CatalogWatch? watch = null) : BackgroundService
{
    private static readonly TimeSpan AfterStumbling = TimeSpan.FromSeconds(5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Beside(() => rebuilder.RunAsync(failure => Tell(failure, LogRebuilt, LogRebuildFailed), stoppingToken), stoppingToken),
        Beside(() => impressions.RunAsync(failure => LogImpressionsFailed(logger, failure), stoppingToken), stoppingToken),
        Beside(() => impressions.RememberAsync(stoppingToken), stoppingToken),
        Beside(() => models.RunAsync(recommender.Use, TellModel, stoppingToken), stoppingToken),
        Beside(() => delivery?.RunAsync(failure => Tell(failure, LogDelivering, LogDeliveryFailed), stoppingToken), stoppingToken),
        Beside(() => impressionDelivery?.RunAsync(failure => LogImpressionDeliveryFailed(logger, failure), stoppingToken), stoppingToken),
        Beside(() => watch?.RunAsync(stoppingToken), stoppingToken),
        Beside(() => upkeep?.RunAsync(failure => Tell(failure, LogDerived, LogDerivingFailed), stoppingToken), stoppingToken));

    /// <summary>Runs beside the others. What it does not expect (somebody may have written anything into the graph) ends none of them for good.</summary>
    private Task Beside(Func<Task?> work, CancellationToken stop) => Task.Run(
        async () =>
        {
            while (true)
            {
                try
                {
                    await (work() ?? Task.CompletedTask).ConfigureAwait(false);
                    return;
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    LogStumbled(logger, e);
                    await Task.Delay(AfterStumbling, stop).ConfigureAwait(false);
                }
            }
        },
        CancellationToken.None);

    private void Tell(Exception? failure, Action<ILogger> well, Action<ILogger, Exception> failed)
    {
        if (failure is null) well(logger);
        else failed(logger, failure);
    }

    private void TellModel(string text, Exception? failure)
    {
        if (failure is null) LogModel(logger, text);
        else LogModelFailed(logger, text, failure);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work beside the requests failed as it should not; it begins again in five seconds")]
    private static partial void LogStumbled(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Graph snapshot rebuilt")]
    private static partial void LogRebuilt(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The graph could not be read anew; answers go on from the last snapshot")]
    private static partial void LogRebuildFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Text}")]
    private static partial void LogModel(ILogger logger, string text);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Text}")]
    private static partial void LogModelFailed(ILogger logger, string text, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Events are delivered to the graph's store again")]
    private static partial void LogDelivering(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Events could not be delivered to the graph's store; they are safe in the log, and will be")]
    private static partial void LogDeliveryFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Impressions could not be written")]
    private static partial void LogImpressionsFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Impressions could not be delivered to the graph's store")]
    private static partial void LogImpressionDeliveryFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Derived edges written")]
    private static partial void LogDerived(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The derived edges could not be written; candidates come from the older ones")]
    private static partial void LogDerivingFailed(ILogger logger, Exception failure);
}
