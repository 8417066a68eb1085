using System.Diagnostics;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Validation;
using GraphRec.Core;

namespace GraphRec.Api.Execution;

/// <summary>Error codes that only the HTTP interface gives; see also <see cref="ErrorCodes"/>.</summary>
public static class ApiErrorCodes
{
    /// <summary>The HTTP request is not a GraphQL request.</summary>
    public const string BadRequest = "BAD_REQUEST";
    public const string BatchingNotSupported = "BATCHING_NOT_SUPPORTED";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string NotAcceptable = "NOT_ACCEPTABLE";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    public const string PayloadTooLarge = "PAYLOAD_TOO_LARGE";
    public const string QueryTooLong = "QUERY_TOO_LONG";
    public const string QueryTooDeep = "QUERY_TOO_DEEP";
    public const string QueryTooComplex = "QUERY_TOO_COMPLEX";
    public const string ParseFailed = "GRAPHQL_PARSE_FAILED";
    public const string ValidationFailed = "GRAPHQL_VALIDATION_FAILED";
    public const string OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE";
    public const string Timeout = "TIMEOUT";
    public const string Internal = "INTERNAL_SERVER_ERROR";
}

/// <summary>An error as it is answered. Path elements are strings and ints.</summary>
internal sealed record ResponseError(string Code, string Message)
{
    public IReadOnlyList<(int Line, int Column)> Locations { get; init; } = [];
    public IReadOnlyList<object> Path { get; init; } = [];

    /// <summary>Under which the log has what happened; for errors that are not the caller's.</summary>
    public string? TraceId { get; init; }
}

/// <summary>A request that was answered without running it. <paramref name="Status"/> is for application/graphql-response+json.</summary>
internal sealed class RequestRejectedException(int status, params ResponseError[] errors) : Exception(errors[0].Message)
{
    public int Status => status;
    public IReadOnlyList<ResponseError> Errors => errors;

    /// <summary>For 405: the methods that are allowed.</summary>
    public string? Allow { get; init; }
}

/// <summary>Turns exceptions into errors to answer. What is not the caller's fault is logged, and nothing of it leaves.</summary>
internal sealed partial class ErrorMapper(ILogger<ErrorMapper> logger)
{
    public ResponseError Map(Exception exception)
    {
        switch (exception)
        {
            case InvalidInputException e: return new ResponseError(e.Code, e.Message);
            case StorageException e:
                var trace = TraceId();
                LogStore(logger, e.Store, e.Operation, trace, e);
                return new ResponseError(ErrorCodes.StoreUnavailable, e.Retryable
                    ? "The store did not answer. Nothing is wrong with the request; send it again in a moment."
                    : "The store failed. Nothing is wrong with the request; give the trace id to whoever runs this server.") { TraceId = trace };
            default:
                trace = TraceId();
                LogUnexpected(logger, trace, exception);
                return new ResponseError(ApiErrorCodes.Internal, "Something went wrong on our side. Give the trace id to whoever runs this server.") { TraceId = trace };
        }
    }

    /// <summary>An error of the library: of parsing, validation, variables, or of a resolver it called.</summary>
    public ResponseError Map(ExecutionError error)
    {
        var mapped = error switch
        {
            SyntaxError => new ResponseError(ApiErrorCodes.ParseFailed, error.Message),
            InvalidVariableError or InvalidLiteralError or InvalidValueError => new ResponseError(ErrorCodes.BadUserInput, WithCause(error)),
            ValidationError or DocumentError => new ResponseError(ApiErrorCodes.ValidationFailed, error.Message),
            _ => Map(error.InnerException ?? error),
        };
        return mapped with
        {
            Locations = error.Locations is { } found ? [.. found.Select(l => (l.Line, l.Column))] : [],
            Path = error.Path is { } path ? [.. path] : [],
        };
    }

    /// <summary>Our scalars say in a <see cref="FormatException"/> what to write instead.</summary>
    private static string WithCause(ExecutionError error) =>
        error.InnerException is FormatException cause && !error.Message.Contains(cause.Message, StringComparison.Ordinal) ? $"{error.Message} {cause.Message}" : error.Message;

    private static string TraceId() => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
        ? activity.TraceId.ToHexString()
        : ActivityTraceId.CreateRandom().ToHexString();

    [LoggerMessage(Level = LogLevel.Error, Message = "Store {Store} failed in {Operation}, trace {TraceId}")]
    private static partial void LogStore(ILogger logger, string store, string operation, string traceId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected failure, trace {TraceId}")]
    private static partial void LogUnexpected(ILogger logger, string traceId, Exception exception);
}
