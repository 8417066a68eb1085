using GraphRec.Api.Execution;

namespace GraphRec.Api.Http;

/// <summary>
/// One line for every request: what was asked for by name, how it went, how long it took. Neither bodies nor URLs,
/// which hold viewers' ids. Also the last resort for exceptions of endpoints that have none.
/// </summary>
internal sealed partial class RequestLog(ILogger<RequestLog> logger, TimeProvider clock, ErrorMapper mapper)
{
    private const int MaxName = 100;
    private static readonly object OperationKey = new();

    /// <summary>Says which operation the request runs.</summary>
    public static void SetOperation(HttpContext context, string? name)
    {
        if (name is not null) context.Items[OperationKey] = name.Length <= MaxName ? name : name[..MaxName];
    }

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var start = clock.GetTimestamp();
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // It may have left just as the last bytes went out; then the status is said already.
            if (!context.Response.HasStarted) context.Response.StatusCode = 499;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await ResponseWriter.WriteAsync(context.Response, 500, MediaType.Json, [mapper.Map(e)], null, context.RequestAborted).ConfigureAwait(false);
        }
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        LogRequest(
            logger, context.Request.Method, route, context.Response.StatusCode, Math.Round(clock.GetElapsedTime(start).TotalMilliseconds, 3),
            context.Items.TryGetValue(OperationKey, out var operation) ? (string?)operation : null);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Route} {Status} {Milliseconds} ms {Operation}")]
    private static partial void LogRequest(ILogger logger, string method, string route, int status, double milliseconds, string? operation);
}
