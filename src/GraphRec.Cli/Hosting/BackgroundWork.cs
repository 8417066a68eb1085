using GraphRec.Recommend;

namespace GraphRec.Cli.Hosting;

/// <summary>What runs beside the requests: rebuilding the snapshot, and writing what was shown.</summary>
internal sealed partial class BackgroundWork(GraphRebuilder rebuilder, ImpressionRecorder impressions, ILogger<BackgroundWork> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Task.Run(() => rebuilder.RunAsync(failure =>
        {
            if (failure is null) LogRebuilt(logger);
            else LogRebuildFailed(logger, failure);
        }, stoppingToken), CancellationToken.None),
        Task.Run(() => impressions.RunAsync(failure => LogImpressionsFailed(logger, failure), stoppingToken), CancellationToken.None));

    [LoggerMessage(Level = LogLevel.Information, Message = "Graph snapshot rebuilt")]
    private static partial void LogRebuilt(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The graph could not be read anew; answers go on from the last snapshot")]
    private static partial void LogRebuildFailed(ILogger logger, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Impressions could not be written")]
    private static partial void LogImpressionsFailed(ILogger logger, Exception failure);
}
