using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>Where Neo4j is, and who asks.</summary>
/// <param name="Uri">Its HTTP address, such as <c>http://localhost:7474</c>.</param>
public sealed record Neo4jOptions(Uri Uri)
{
    /// <summary>The database; servers before 4.0 have only one, and pay no attention to it.</summary>
    public string Database { get; init; } = "neo4j";

    /// <summary>User name for Basic authentication; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password for Basic authentication. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary>Bearer token, instead of user and password. Never logged.</summary>
    public string? Token { get; init; }

    /// <summary>How long one HTTP exchange may take until its answer begins.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many pages of recommendations are kept; the oldest go first.</summary>
    public int KeepImpressionPages { get; init; } = 20_000;

    /// <summary>Checks the options.</summary>
    /// <exception cref="InvalidInputException">One of them is wrong; the message says what to change.</exception>
    public void Validate()
    {
        if (!Uri.IsAbsoluteUri) throw Bad($"The address of Neo4j must be absolute, such as http://localhost:7474; it is '{Uri}'.");
        if (Uri.Scheme is "bolt" or "neo4j" or "bolt+s" or "neo4j+s" or "bolt+ssc" or "neo4j+ssc")
            throw Bad($"GraphRec speaks to Neo4j over HTTP: instead of {Uri.Scheme}://{Uri.Host} write http://{Uri.Host}:7474 (or https://{Uri.Host}:7473).");
        if (Uri.Scheme is not ("http" or "https")) throw Bad($"The address of Neo4j must begin with http:// or https://, but is '{Uri.Scheme}://'.");
        if (Uri.UserInfo.Length > 0) throw Bad("Give user and password of Neo4j as settings of their own, not in its address, which is logged.");
        if (string.IsNullOrWhiteSpace(Database)) throw Bad("Name the database of Neo4j, or leave the setting out for 'neo4j'.");
        if (Token is not null && User is not null) throw Bad("Give Neo4j either a token, or user and password.");
        if (User is null != Password is null) throw Bad("Neo4j needs both user and password, or neither.");
        if (Timeout <= TimeSpan.Zero) throw Bad($"Timeout must be more than nothing; it is {Timeout}.");
        if (KeepImpressionPages < 1) throw Bad($"KeepImpressionPages must be 1 or more; it is {KeepImpressionPages}.");
    }

    /// <summary>The address, without secrets: for logs and messages.</summary>
    public override string ToString() => $"{Uri.Scheme}://{Uri.Authority} database {Database}";

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
