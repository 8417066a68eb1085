namespace GraphRec.Storage.Neo4j;

/// <summary>Neo4j refused a statement, or could not be asked. Wrapped into a StorageException at the port.</summary>
/// <param name="code">Neo4j's code, such as <c>Neo.ClientError.Schema.ConstraintValidationFailed</c>; empty when it gave none.</param>
/// <param name="message">What it said, and which Cypher file it was about.</param>
/// <param name="transient">Whether the same may succeed later.</param>
internal sealed class Neo4jException(string code, string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;

    public bool Transient { get; } = transient;

    /// <summary>
    /// Whether it is unknown if the server did what it was asked: the request went out, and no whole answer came back. To
    /// be asked again only for what may happen twice.
    /// </summary>
    public bool Unknown { get; set; }

    /// <summary>How long the server asks to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the client is to try again: set by it, which knows what was asked.</summary>
    public bool TryAgain { get; set; }

    /// <summary>
    /// Whether a reading failed because somebody deleted a node or edge between finding it and looking at it. (Neo4j reads
    /// what is committed at each moment, and not one state.) The same reading succeeds when it is begun again.
    /// </summary>
    public static bool SaysThatSomethingVanished(Exception e) =>
        e.InnerException is Neo4jException { Code: "Neo.ClientError.Statement.EntityNotFound" };
}
