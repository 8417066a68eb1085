namespace GraphRec.Core;

/// <summary>A store failed. The adapter wraps its vendor's exception in this once.</summary>
public sealed class StorageException(string store, string operation, bool retryable, string message, Exception? inner = null)
    : Exception($"{store}: {operation} failed: {message}", inner)
{
    public string Store { get; } = store;
    public string Operation { get; } = operation;

    /// <summary>Whether the same call may succeed later without a change.</summary>
    public bool Retryable { get; } = retryable;
}

/// <summary>The caller's input is wrong. The message says what to change; the code is stable and public.</summary>
public sealed class InvalidInputException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public string Code { get; } = code;
}

/// <summary>The public error codes, as they appear in GraphQL <c>extensions.code</c>.</summary>
public static class ErrorCodes
{
    public const string BadUserInput = "BAD_USER_INPUT";
    public const string NotFound = "NOT_FOUND";
    public const string StoreUnavailable = "STORE_UNAVAILABLE";
}
