using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>Where Neo4j is, and who asks.</summary>
/// <param name="Uri">Its HTTP address, such as <c>http://localhost:7474</c>; with a path where a proxy puts one before its own.</param>
public sealed record Neo4jOptions(Uri Uri)
{
    /// <summary>The database; servers before 4.0 have only one, and pay no attention to it.</summary>
    public string Database { get; init; } = "neo4j";

    /// <summary>User name for Basic authentication; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password for Basic authentication. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary>Bearer token, as its issuer gave it, instead of user and password. Never logged.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// A PEM file of the certificates to trust for https instead of those that the machine trusts: that of a private
    /// authority, or the server's own when it signed itself. The server's name is checked either way. Null: the machine's.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// How long the server may be silent: until its answer begins, and then until more of it comes. An answer may take
    /// longer than that as a whole.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a thing is tried in all, when it fails in a way that passes; 1 for no second time.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait before the second attempt; each later one is about twice as long, and all are jittered.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After how long no further attempt begins; a server that asks for a longer wait (Retry-After) is not waited for.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Seeds the jitter. By default no two processes share it: those that failed together shall not come back together.</summary>
    public int RetrySeed { get; init; } = Environment.ProcessId;

    /// <summary>How many pages of recommendations are kept; the oldest go first.</summary>
    public int KeepImpressionPages { get; init; } = 20_000;

    /// <summary>What waits are measured by.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Checks the options.</summary>
    /// <exception cref="InvalidInputException">One of them is wrong; the message says what to change, and no secret.</exception>
    public void Validate()
    {
        if (Uri.OriginalString.Contains('@', StringComparison.Ordinal))
            throw Bad("Give user and password of Neo4j as settings of their own, not in its address, which is logged.");
        if (!Uri.IsAbsoluteUri) throw Bad($"The address of Neo4j must be absolute, such as http://localhost:7474; it is '{Uri}'.");
        if (Uri.Scheme is "bolt" or "neo4j" or "bolt+s" or "neo4j+s" or "bolt+ssc" or "neo4j+ssc")
            throw Bad($"GraphRec speaks to Neo4j over HTTP: instead of {Uri.Scheme}://{Uri.Host} write http://{Uri.Host}:7474 (or https://{Uri.Host}:7473).");
        if (Uri.Scheme is not ("http" or "https")) throw Bad($"The address of Neo4j must begin with http:// or https://, but is '{Uri.Scheme}://'.");
        if (Uri.Query.Length > 0 || Uri.Fragment.Length > 0) throw Bad("The address of Neo4j ends with its path: leave out what begins with ? or #.");
        if (string.IsNullOrWhiteSpace(Database)) throw Bad("Name the database of Neo4j, or leave the setting out for 'neo4j'.");
        if (Token is not null && User is not null) throw Bad("Give Neo4j either a token, or user and password.");
        if (User is null != Password is null) throw Bad("Neo4j needs both user and password, or neither.");
        if (User is not null && User.Contains(':', StringComparison.Ordinal)) throw Bad("A user name with a colon cannot be sent to Neo4j over HTTP.");
        if (CaFile is not null && Uri.Scheme != "https") throw Bad("CaFile is for https: write https:// (and port 7473) in the address of Neo4j, or leave CaFile out.");
        if (CaFile is not null && !File.Exists(CaFile)) throw Bad($"CaFile names no file: {CaFile}.");
        if (Timeout <= TimeSpan.Zero) throw Bad($"Timeout must be more than nothing; it is {Timeout}.");
        if (Attempts < 1) throw Bad($"Attempts must be 1 or more; it is {Attempts}.");
        if (RetryDelay < TimeSpan.Zero || RetryFor < TimeSpan.Zero) throw Bad($"RetryDelay and RetryFor must not be less than nothing; they are {RetryDelay} and {RetryFor}.");
        if (KeepImpressionPages < 1) throw Bad($"KeepImpressionPages must be 1 or more; it is {KeepImpressionPages}.");
    }

    /// <summary>The address, without secrets: for logs and messages.</summary>
    public override string ToString() => Uri.IsAbsoluteUri ? $"{Uri.Scheme}://{Uri.Authority} database {Database}" : $"database {Database}";

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);
}
