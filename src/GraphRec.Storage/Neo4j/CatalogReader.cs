using GraphRec.Core;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// The catalogue as it is put together from slices. Each may be replaced by a later reading; what is asked for is of
/// those that are there now. One caller at a time.
/// </summary>
internal sealed class CatalogReader
{
    private readonly ISliceFacts?[] _facts = new ISliceFacts?[CatalogSlices.All.Length];

    /// <summary>Whether every slice has been read.</summary>
    public bool Complete => _facts.All(facts => facts is not null);

    /// <summary>The newest reading of a slice; null before the first.</summary>
    public ISliceFacts? this[CatalogSlice slice]
    {
        get => _facts[(int)slice];
        set => _facts[(int)slice] = value;
    }

    /// <summary>The catalogue in its order: dramas and people by id, credits by drama, role, order, person.</summary>
    /// <exception cref="InvalidOperationException">A slice is missing: a defect.</exception>
    public CatalogBatch Catalog()
    {
        var (genres, tags, networks) = (Facts<ListFacts>(CatalogSlice.HasGenre).ByDrama, Facts<ListFacts>(CatalogSlice.Tagged).ByDrama, Facts<ListFacts>(CatalogSlice.AiredOn).ByDrama);
        var follows = Facts<FollowsFacts>(CatalogSlice.Follows).ByDrama;
        var dramas = Facts<DramaFacts>(CatalogSlice.Dramas).ById.Values.Select(d => d with
        {
            Genres = genres.GetValueOrDefault(d.Id, []),
            Tags = tags.GetValueOrDefault(d.Id, []),
            Networks = networks.GetValueOrDefault(d.Id, []),
            Follows = follows.GetValueOrDefault(d.Id),
        }).ToArray();
        Array.Sort(dramas, static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        var people = Facts<PersonFacts>(CatalogSlice.People).ById.Values.ToArray();
        Array.Sort(people, static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        Credit[] credits = [.. ((CatalogSlice[])[CatalogSlice.ActedIn, CatalogSlice.Directed, CatalogSlice.Wrote]).SelectMany(s => Facts<CreditFacts>(s).All)];
        Array.Sort(credits, CatalogFacts.Compare);
        return new CatalogBatch(dramas, people, credits);
    }

    /// <summary>What is wrong with the nodes and edges of the slices.</summary>
    public IEnumerable<GraphIssue> Issues() => _facts.SelectMany(facts => facts?.Issues.ToList() ?? []);

    private T Facts<T>(CatalogSlice slice) where T : class, ISliceFacts =>
        _facts[(int)slice] as T ?? throw new InvalidOperationException($"The slice {slice} has not been read.");
}
