namespace GraphRec.Storage.Neo4j;

/// <summary>Neo4j refused a statement, or could not be asked. Wrapped into a StorageException at the port.</summary>
/// <param name="code">Neo4j's code, such as <c>Neo.ClientError.Schema.ConstraintValidationFailed</c>; empty when it was not reached.</param>
/// <param name="message">What it said, and which Cypher file it was about.</param>
/// <param name="transient">Whether the same may succeed later.</param>
internal sealed class Neo4jException(string code, string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    public string Code { get; } = code;
    public bool Transient { get; } = transient;
}
