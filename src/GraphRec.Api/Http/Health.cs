using GraphRec.Api.Execution;
using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Api.Http;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can also serve, that is, the graph is loaded and the
/// store answers.
/// </summary>
internal sealed partial class Health(LiveGraph graph, IGraphExport store, TimeProvider clock, ILogger<Health> logger)
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    public static Task LiveAsync(HttpContext context) => WriteAsync(context, true, []);

    public async Task ReadyAsync(HttpContext context)
    {
        var dramas = graph.State.Snapshot.Dramas.Length;
        var storeProblem = await StoreProblemAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, dramas > 0 && storeProblem is null,
        [
            ("graph", dramas > 0, dramas > 0 ? $"{dramas} dramas, version {graph.State.Version}" : "the graph holds no dramas; import a catalogue"),
            ("store", storeProblem is null, storeProblem ?? "answers"),
        ]).ConfigureAwait(false);
    }

    private async Task<string?> StoreProblemAsync(CancellationToken aborted)
    {
        using var patience = new CancellationTokenSource(StorePatience, clock);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborted);
        try
        {
            await store.VersionAsync(cancel.Token).WaitAsync(cancel.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return $"did not answer within {StorePatience.TotalSeconds} s";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogStore(logger, e);
            return "failed; the log says why";
        }
    }

    private static async Task WriteAsync(HttpContext context, bool healthy, (string Name, bool Ok, string Reason)[] checks)
    {
        using var output = new JsonOutput();
        output.Raw(healthy ? "{\"status\":\"ok\""u8 : "{\"status\":\"unavailable\""u8);
        output.Raw(",\"checks\":["u8);
        for (var i = 0; i < checks.Length; i++)
        {
            output.Raw(i > 0 ? ",{\"name\":"u8 : "{\"name\":"u8);
            output.String(checks[i].Name);
            output.Raw(",\"ok\":"u8);
            output.Bool(checks[i].Ok);
            output.Raw(",\"reason\":"u8);
            output.String(checks[i].Reason);
            output.Byte((byte)'}');
        }
        output.Raw("]}"u8);
        context.Response.StatusCode = healthy ? 200 : 503;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = output.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(output.Written, context.RequestAborted).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not pass its health check")]
    private static partial void LogStore(ILogger logger, Exception exception);
}
