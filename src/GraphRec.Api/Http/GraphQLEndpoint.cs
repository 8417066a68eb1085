using GraphRec.Api.Execution;

namespace GraphRec.Api.Http;

/// <summary>
/// <c>/graphql</c>: GraphQL over HTTP, draft of 2025 (stage 2). Which status an answer has depends on its media type:
/// with application/graphql-response+json it tells success from failure; with application/json it is 200 for
/// everything that is a GraphQL request, as old clients expect.
/// </summary>
internal sealed class GraphQLEndpoint(GraphQLEngine engine, ApiServices services, ErrorMapper mapper)
{
    private const string Methods = "GET, POST, HEAD, OPTIONS";
    private readonly RequestReader _reader = new(services.Options);

    public async Task HandleAsync(HttpContext context)
    {
        var mediaType = MediaType.Negotiate(context.Request.Headers.Accept);
        try
        {
            using var timeout = new CancellationTokenSource(services.Options.Timeout, services.Clock);
            using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
            try
            {
                await HandleAsync(context, mediaType, linked.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
            {
                throw new RequestRejectedException(504, new ResponseError(
                    ApiErrorCodes.Timeout, $"The answer took longer than {services.Options.Timeout.TotalSeconds:0.###} s and was given up. Ask for less, or try again; events sent with ids are safe to send again."));
            }
        }
        catch (MalformedRequestException e)
        {
            await FailAsync(context, e.Status, mediaType, [new ResponseError(e.Code, e.Message)]).ConfigureAwait(false);
        }
        catch (RequestRejectedException e)
        {
            if (e.Allow is not null) context.Response.Headers.Allow = e.Allow;
            await FailAsync(context, mediaType == MediaType.Json && e.Status != 405 ? 200 : e.Status, mediaType, e.Errors).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            var code = e.StatusCode == 413 ? ApiErrorCodes.PayloadTooLarge : ApiErrorCodes.BadRequest;
            await FailAsync(context, e.StatusCode, mediaType, [new ResponseError(code, "The body could not be read; check its length and encoding.")]).ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left: there is nobody to answer. 499 is for the log.
            if (!context.Response.HasStarted) context.Response.StatusCode = 499;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await FailAsync(context, 500, mediaType, [mapper.Map(e)]).ConfigureAwait(false);
        }
    }

    private async Task HandleAsync(HttpContext context, string? mediaType, CancellationToken cancel)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsOptions(method))
        {
            context.Response.Headers.Allow = Methods;
            context.Response.StatusCode = 204;
            return;
        }
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        if (!reads && !HttpMethods.IsPost(method))
        {
            context.Response.Headers.Allow = Methods;
            throw new MalformedRequestException(405, ApiErrorCodes.MethodNotAllowed, "This method is not supported; use GET for queries, and POST for queries and mutations.");
        }
        if (mediaType is null)
        {
            throw new MalformedRequestException(406, ApiErrorCodes.NotAcceptable,
                $"Nothing that the Accept header names is on offer; accept {MediaType.GraphQLResponse} or {MediaType.Json}, in UTF-8.");
        }
        var request = reads ? RequestReader.FromUrl(context.Request.Query) : await _reader.FromBodyAsync(context.Request, cancel).ConfigureAwait(false);
        RequestLog.SetOperation(context, request.OperationName);
        using var data = new JsonOutput();
        var errors = await engine.ExecuteAsync(request, reads, new ApiRequest(services, cancel), data).ConfigureAwait(false);
        foreach (var error in errors) services.Metrics.Error(error.Code);
        await ResponseWriter.WriteAsync(context.Response, 200, mediaType, errors, data, cancel).ConfigureAwait(false);
    }

    private Task FailAsync(HttpContext context, int status, string? mediaType, IReadOnlyList<ResponseError> errors)
    {
        foreach (var error in errors) services.Metrics.Error(error.Code);
        return ResponseWriter.WriteAsync(context.Response, status, mediaType ?? MediaType.Json, errors, null, context.RequestAborted);
    }
}
