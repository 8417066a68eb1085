using GraphRec.Graph.Kernels;

namespace GraphRec.Learning.Models.Neighbours;

/// <summary>
/// The kinds that score by way of co-viewers, exactly and over the whole history: the three-hop walks P3α and RP3β, and
/// user-based nearest neighbours, which are one formula with other exponents (<see cref="CoViewerParameters"/>).
/// </summary>
public static class Walks
{
    private static readonly ModelParameter ItemAlpha = new("itemAlpha", 0.6, 0.2, 1.1, "hop from item to user: an item of n users leads to each of them with n^−itemAlpha; 1 is the plain walk");
    private static readonly ModelParameter Alpha = new("alpha", 0.9, 0.6, 1.2, "hop from user to item: a user of n items leads to each of them with n^−alpha; 1 is the plain walk");
    private static readonly ModelParameter PlainItemAlpha = ItemAlpha with { Default = 1 };
    private static readonly ModelParameter PlainAlpha = Alpha with { Default = 1 };
    private static readonly ModelParameter Beta = new("beta", 0.3, 0, 0.8, "the score of an item of n users is divided by n^beta: more of it, fewer popular items");
    private static readonly ModelParameter Neighbours = new("neighbours", 200, 60, 1000, "how many of the most similar users count") { IsWhole = true, IsLogarithmic = true, Minimum = 1 };
    private static readonly ModelParameter Power = new("power", 1.5, 0.75, 2, "the similarity is raised to this: above 1, the most similar users count for more") { Minimum = 0.01 };
    private static readonly ModelParameter Shrinkage = new("shrinkage", 0, 0, 0.2, "how much in common, of items weighted by itemAlpha, it takes for half of a similarity to be believed") { Minimum = 0 };
    private static readonly ModelParameter CommonAlpha = new("itemAlpha", 0.4, 0, 0.8, "a common item of n users counts n^−itemAlpha: above 0, sharing a rare item proves more; 0 is the plain cosine");
    private static readonly ModelParameter Discount = new("beta", 0.2, 0, 0.5, "the score of an item of n users is divided by n^beta: more of it, fewer popular items; 0 is plain");

    /// <summary>P3α (Cooper et al., "Random walks in recommender systems", WWW 2014), with an exponent for each hop.</summary>
    public static ModelKind P3Alpha { get; } = Kind(
        "p3alpha", "three-hop random walk user-item-user-item with powers of its probabilities (Cooper et al., WWW 2014)", [PlainItemAlpha, PlainAlpha],
        skipsSelf: false, recipe => new CoViewerParameters(recipe[PlainItemAlpha], recipe[PlainAlpha]));

    /// <summary>RP3β (Paudel et al., "Updatable, accurate, diverse, and scalable recommendations for interactive applications", ACM TiiS 7(1), 2017).</summary>
    public static ModelKind Rp3Beta { get; } = Kind(
        "rp3beta", "the walk of p3alpha with popular destinations discounted (Paudel et al., ACM TiiS 2017)", [ItemAlpha, Alpha, Beta],
        skipsSelf: false, recipe => new CoViewerParameters(recipe[ItemAlpha], recipe[Alpha], recipe[Beta]));

    /// <summary>
    /// User-based nearest neighbours by the cosine, n(u,v) / √(n(u)·n(v)), raised to a power (as Aiolli, RecSys 2013, does), with two
    /// exponents of the walks: rare common items count more, and popular destinations less. The user's own n(u) is the same factor for
    /// all neighbours and left out, so that scores of two users are not on one scale.
    /// </summary>
    /// <remarks>
    /// Gowalla, a random fifth of the training part held out, recall@20 / NDCG@20 on every fourth user: the plain cosine of 100
    /// neighbours .178/.132; power 2 .184/.136 (146); itemAlpha .5 and power 1.5 .199/.147; beta .2 with 300 neighbours .203/.150. The
    /// best walks over all co-viewers: .197/.143.
    /// </remarks>
    public static ModelKind UserKnn { get; } = Kind(
        "userknn", "user-based nearest neighbours by a power of the cosine", [Neighbours, Power, CommonAlpha, Discount, Shrinkage], skipsSelf: true,
        recipe => new CoViewerParameters(
            recipe[CommonAlpha], recipe[Power] / 2, recipe[Discount], recipe[Power], recipe[Shrinkage], recipe.Whole(Neighbours)));

    private static ModelKind Kind(
        string name, string help, IReadOnlyList<ModelParameter> parameters, bool skipsSelf, Func<ModelRecipe, CoViewerParameters> of) =>
        new(name, help, parameters)
        {
            Fit = (recipe, input, cancel) =>
            {
                cancel.ThrowIfCancellationRequested();
                return new CoViewerModel(name, Relation.Of(input.Train), of(recipe), skipsSelf);
            },
            Load = CoViewerModel.Load,
            // Neighbours are chosen by the whole history where the user herself is skipped.
            IsLinear = !skipsSelf,
        };
}
