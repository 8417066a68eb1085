using GraphRec.Core;

namespace GraphRec.Storage.Embedded;

/// <summary>How an <see cref="EmbeddedStore"/> is opened.</summary>
public sealed record EmbeddedOptions
{
    /// <summary>
    /// Open for reading only: needs no lock, works beside a writing process, and every write is refused with
    /// <see cref="NotSupportedException"/>.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>How many pages of recommendations are kept; the oldest go first.</summary>
    public int KeepImpressionPages { get; init; } = 20_000;

    /// <summary>Page cache of each connection, in MiB.</summary>
    public int CacheMegabytes { get; init; } = 32;

    /// <summary>How many idle reading connections are kept open; more are opened under load and closed after it.</summary>
    public int IdleReaders { get; init; } = 8;

    /// <summary>The most calls that share one commit.</summary>
    public int MaxGroupCommit { get; init; } = 256;

    /// <summary>Checks the options.</summary>
    /// <exception cref="InvalidInputException">One of them is out of range; the message says which and what it may be.</exception>
    public void Validate()
    {
        Range(nameof(KeepImpressionPages), KeepImpressionPages, 1, 100_000_000);
        Range(nameof(CacheMegabytes), CacheMegabytes, 1, 65_536);
        Range(nameof(IdleReaders), IdleReaders, 0, 1_024);
        Range(nameof(MaxGroupCommit), MaxGroupCommit, 1, 100_000);
    }

    private static void Range(string name, int value, int low, int high)
    {
        if (value < low || value > high)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"Set {name} to a number from {low} to {high}; it is {value}.");
    }
}
