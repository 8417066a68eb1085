using GraphRec.Api.Execution;
using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Api.Http;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it can also serve, that is, the graph is loaded and the
/// store answers; or, where <see cref="ApiOptions.ServesWithoutStore"/>, that the graph is loaded.
/// </summary>
internal sealed partial class Health(LiveGraph graph, IGraphExport store, ApiOptions options, TimeProvider clock, ILogger<Health> logger)
{
    private const string Ok = "ok", Degraded = "degraded", Unavailable = "unavailable";

    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    public static Task LiveAsync(HttpContext context) => WriteAsync(context, Ok, []);

    public async Task ReadyAsync(HttpContext context)
    {
        var dramas = graph.State.Snapshot.Dramas.Length;
        var storeProblem = await StoreProblemAsync(context.RequestAborted).ConfigureAwait(false);
        var status = dramas == 0 ? Unavailable : storeProblem is null ? Ok : options.ServesWithoutStore ? Degraded : Unavailable;
        await WriteAsync(context, status,
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

    private static async Task WriteAsync(HttpContext context, string status, (string Name, bool Ok, string Reason)[] checks)
    {
        using var output = new JsonOutput();
        output.Raw("{\"status\":"u8);
        output.String(status);
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
        context.Response.StatusCode = status == Unavailable ? 503 : 200;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = output.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(output.Written, context.RequestAborted).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store did not pass its health check")]
    private static partial void LogStore(ILogger logger, Exception exception);
}
