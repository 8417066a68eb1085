namespace GraphRec.Core;

/// <summary>What a person did for a drama.</summary>
public enum CreditRole : byte
{
    Actor,
    Director,
    Writer,
}

/// <summary>The facts of one drama.</summary>
public sealed record Drama
{
    public required string Id { get; init; }
    public required string Title { get; init; }

    /// <summary>The title in its own script, where known.</summary>
    public string? NativeTitle { get; init; }

    /// <summary>Other titles it is known by.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Country of origin, ISO 3166-1 alpha-2, upper case; null where unknown.</summary>
    public string? Country { get; init; }

    /// <summary>Year of first airing; null where unknown.</summary>
    public int? Year { get; init; }
    public DateOnly? AiredFrom { get; init; }
    public DateOnly? AiredTo { get; init; }
    public int? Episodes { get; init; }

    /// <summary>Length of one episode, in minutes.</summary>
    public int? DurationMinutes { get; init; }
    public string? ContentRating { get; init; }

    /// <summary>"drama", "special", "movie", …; null where unknown.</summary>
    public string? Type { get; init; }
    public IReadOnlyList<string> Networks { get; init; } = [];
    public IReadOnlyList<string> Genres { get; init; } = [];

    /// <summary>Tags, most characteristic first.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The drama this one is the next season of.</summary>
    public string? Follows { get; init; }

    /// <summary>Regions (ISO 3166-1 alpha-2) it may be shown in; empty means everywhere.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Business priority in [0, 1], set by whoever runs the catalogue; 0 is neutral.</summary>
    public double Priority { get; init; }

    /// <summary>
    /// When it first aired: the exact day where known, else 1 July of its year (the middle, so that the error is at
    /// most half a year); null where even the year is unknown.
    /// </summary>
    public DateOnly? Released => AiredFrom ?? (Year is { } year ? new DateOnly(year, 7, 1) : null);
}

/// <summary>A person with credits.</summary>
public sealed record Person(string Id, string Name, string? NativeName = null);

/// <summary>
/// One person's part in one drama. <paramref name="Order"/> counts from 1 in the source's own order, or is <see cref="NoOrder"/>;
/// <paramref name="Billing"/> is "main", "support" or "guest" where known.
/// </summary>
public sealed record Credit(string DramaId, string PersonId, CreditRole Role, int Order, string? Character = null, string? Billing = null)
{
    /// <summary>The order of a credit that was stored without one: behind all others, and never to be shown as a number.</summary>
    public const int NoOrder = int.MaxValue;

    /// <summary>The edge type that this credit is.</summary>
    public EdgeType Edge => Role switch
    {
        CreditRole.Actor => EdgeType.ActedIn,
        CreditRole.Director => EdgeType.Directed,
        _ => EdgeType.Wrote,
    };
}

/// <summary>A part of a catalogue to be written together. Writing it again changes nothing.</summary>
public sealed record CatalogBatch(IReadOnlyList<Drama> Dramas, IReadOnlyList<Person> People, IReadOnlyList<Credit> Credits)
{
    public static CatalogBatch Empty { get; } = new([], [], []);
    public int Count => Dramas.Count + People.Count + Credits.Count;
}

/// <summary>One thing wrong with the stored graph, and what to do about it.</summary>
/// <param name="Kind">What is wrong, the same few words for the same thing.</param>
/// <param name="Subject">Which node, edge or nodes.</param>
/// <param name="Advice">What to change, and what it means until then.</param>
public sealed record GraphIssue(string Kind, string Subject, string Advice)
{
    /// <summary>What was read when it was found.</summary>
    public GraphIssueSource Source { get; init; }
}

/// <summary>What of the stored graph is read when an issue is found.</summary>
public enum GraphIssueSource
{
    /// <summary>Dramas, people, and the edges between what is of the catalogue.</summary>
    Catalogue,

    /// <summary>What viewers did.</summary>
    Behaviour,

    /// <summary>What no reader reads.</summary>
    Strays,
}
