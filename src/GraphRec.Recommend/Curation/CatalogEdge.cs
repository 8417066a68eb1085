using GraphRec.Core;
using GraphRec.Graph;

namespace GraphRec.Recommend.Curation;

/// <summary>What a curator does to an edge.</summary>
public enum EdgeChange
{
    Add,
    Remove,
}

/// <summary>
/// An edge of the catalogue as a curator names it. <paramref name="From"/> and <paramref name="To"/> are the ids of
/// what <paramref name="Type"/> joins; of genres, tags and networks their names, which may be new.
/// </summary>
public sealed record CatalogEdge(EdgeType Type, string From, string To)
{
    private static readonly string[] Billings = ["main", "support", "guest"];

    /// <summary>Whom an actor plays.</summary>
    public string? Character { get; init; }

    /// <summary>How an actor is billed: main, support or guest.</summary>
    public string? Billing { get; init; }

    /// <summary>The place in the drama's list, from 1; last when null. FOLLOWS has none.</summary>
    public int? Order { get; init; }

    public override string ToString() => $"({From})-[{Type.Name()}]->({To})";

    /// <summary>The snapshot's catalogue with the edge added or removed.</summary>
    /// <exception cref="InvalidInputException">It cannot be; the message says what to change.</exception>
    public CatalogBatch Apply(EdgeChange change, GraphSnapshot snapshot)
    {
        CheckType();
        CheckProperties(change);
        var catalog = snapshot.Catalog;
        var exists = IsIn(catalog);
        if (!exists) CheckNodes(snapshot);
        if (exists && change == EdgeChange.Add) throw Bad($"{this} is in the catalogue already; there is nothing to add.");
        if (!exists && change == EdgeChange.Remove) throw Bad($"{this} is not in the catalogue; there is nothing to remove.");
        return change == EdgeChange.Add ? Added(catalog) : Removed(catalog);
    }

    private void CheckType()
    {
        if (Type.IsBehaviour()) throw Bad($"{Type.Name()} says what a viewer did, and is no curator's to edit. Name an edge of the catalogue: {Allowed}.");
        if (Type > EdgeType.Muted) throw Bad($"{Type.Name()} is computed from what viewers did, and never edited. Name an edge of the catalogue: {Allowed}.");
    }

    private void CheckProperties(EdgeChange change)
    {
        if (change == EdgeChange.Remove && ((Character ?? Billing) is not null || Order is not null))
            throw Bad("REMOVE finds the edge by type, from and to; leave character, billing and order out.");
        if (Type != EdgeType.ActedIn && (Character ?? Billing) is not null) throw Bad($"only ACTED_IN has a character and a billing; leave them out of {Type.Name()}.");
        if (Billing is not null && !Billings.Contains(Billing)) throw Bad($"billing is '{Billing}'; send {string.Join(", ", Billings)}, or leave it out.");
        if (Type == EdgeType.Follows && Order is not null) throw Bad("FOLLOWS has no order; leave it out.");
        if (Order is < 1 or > 1_000_000) throw Bad($"order is {Order}; send 1 to 1000000, or leave it out.");
    }

    private void CheckNodes(GraphSnapshot snapshot)
    {
        foreach (var (kind, id) in (IEnumerable<(NodeKind, string)>)[(Type.From(), From), (Type.To(), To)])
        {
            if (kind == NodeKind.Drama && snapshot.FindDrama(id) is null) throw NotFound($"There is no drama with id '{id}'; add it first.");
            if (kind == NodeKind.Person && snapshot.FindPerson(id) is null) throw NotFound($"There is no person with id '{id}'; add them first.");
        }
        if (Type != EdgeType.Follows) return;
        if (From == To) throw Bad("A drama cannot follow itself; name the season before it.");
        if (snapshot.FindDrama(From)!.Follows is { } other) throw Bad($"{From} follows {other} already, and a drama follows one; remove that edge first.");
    }

    private bool IsIn(CatalogBatch catalog) => Type.From() == NodeKind.Person
        ? catalog.Credits.Any(IsThis)
        : catalog.Dramas.Any(d => d.Id == From && (Type == EdgeType.Follows ? d.Follows == To : NamesOf(d).Contains(To)));

    private CatalogBatch Added(CatalogBatch catalog) => Type switch
    {
        EdgeType.ActedIn => WithCredit(catalog, CreditRole.Actor),
        EdgeType.Directed => WithCredit(catalog, CreditRole.Director),
        EdgeType.Wrote => WithCredit(catalog, CreditRole.Writer),
        EdgeType.Follows => WithDrama(catalog, d => d with { Follows = To }),
        _ => WithDrama(catalog, d =>
        {
            List<string> names = [.. NamesOf(d)];
            names.Insert(Math.Min((Order ?? int.MaxValue) - 1, names.Count), To);
            return WithNames(d, names);
        }),
    };

    private CatalogBatch Removed(CatalogBatch catalog) => Type switch
    {
        EdgeType.ActedIn or EdgeType.Directed or EdgeType.Wrote => catalog with { Credits = [.. catalog.Credits.Where(c => !IsThis(c))] },
        EdgeType.Follows => WithDrama(catalog, d => d with { Follows = null }),
        _ => WithDrama(catalog, d => WithNames(d, [.. NamesOf(d).Where(n => n != To)])),
    };

    private CatalogBatch WithCredit(CatalogBatch catalog, CreditRole role) =>
        catalog with { Credits = [.. catalog.Credits, new Credit(To, From, role, Order ?? Credit.NoOrder, Character, Billing)] };

    private CatalogBatch WithDrama(CatalogBatch catalog, Func<Drama, Drama> change) =>
        catalog with { Dramas = [.. catalog.Dramas.Select(d => d.Id == From ? change(d) : d)] };

    private bool IsThis(Credit credit) => credit.DramaId == To && credit.PersonId == From && credit.Edge == Type;

    private IReadOnlyList<string> NamesOf(Drama drama) => Type switch
    {
        EdgeType.HasGenre => drama.Genres,
        EdgeType.Tagged => drama.Tags,
        _ => drama.Networks,
    };

    private Drama WithNames(Drama drama, IReadOnlyList<string> names) => Type switch
    {
        EdgeType.HasGenre => drama with { Genres = names },
        EdgeType.Tagged => drama with { Tags = names },
        _ => drama with { Networks = names },
    };

    private static string Allowed => string.Join(", ", Enumerable.Range(0, (int)EdgeType.Follows + 1).Select(t => ((EdgeType)t).Name()));

    private static InvalidInputException Bad(string message) => new(ErrorCodes.BadUserInput, message);

    private static InvalidInputException NotFound(string message) => new(ErrorCodes.NotFound, message);
}
