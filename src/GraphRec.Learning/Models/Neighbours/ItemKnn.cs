using GraphRec.Graph;
using GraphRec.Graph.Kernels;

namespace GraphRec.Learning.Models.Neighbours;

/// <summary>
/// Item-based nearest neighbours (Sarwar et al., "Item-based collaborative filtering recommendation algorithms", WWW 2001;
/// Deshpande, Karypis, "Item-based top-N recommendation algorithms", ACM TOIS 2004): of each item the most similar ones are kept,
/// and speak for themselves with their similarity. One kind per similarity.
/// </summary>
public static class ItemKnn
{
    private static readonly ModelParameter Neighbours = new("neighbours", 100, 10, 1000, "how many similar items each item keeps") { IsWhole = true, IsLogarithmic = true, Minimum = 1 };
    private static readonly ModelParameter Shrinkage = new("shrinkage", 5, 0, 30, "how many users two items must share for half of their similarity to be believed") { Minimum = 0 };
    private static readonly ModelParameter UserAlpha = new("userAlpha", 0.5, 0, 1, "each user of n items counts n^−userAlpha: above 0, users of many items say less about each pair; 0 is the plain cosine");
    private static readonly ModelParameter Asymmetry = new("asymmetry", 0.6, 0.3, 0.9, "similarity is shared / (n(owned)^asymmetry · n(other)^(1 − asymmetry)); 0.5 is the cosine, more favours popular items");
    private static readonly ModelParameter K1 = new("k1", 0.8, 0.05, 10, "BM25's saturation: how much an item's many users can add") { IsLogarithmic = true, Minimum = 0 };
    private static readonly ModelParameter B = new("b", 0.5, 0, 1, "BM25's length normalisation: 1 discounts popular items in full, 0 not at all") { Minimum = 0 };

    /// <summary>The cosine: n(a,b) / √(n(a)·n(b)), shrunk; asymmetric (Aiolli, RecSys 2013) and with weighted users when told so.</summary>
    /// <remarks>
    /// Gowalla, a random fifth of the training part held out, recall@20 / NDCG@20 on every third user: the plain cosine .140/.102,
    /// shrunk by 10 .173/.128; with userAlpha 1, asymmetry .7 and shrinkage 3 .192/.144: nearly RP3β, at half of its cost.
    /// </remarks>
    public static ModelKind Cosine { get; } = Kind(
        "itemknn", "item-based nearest neighbours by the cosine (Sarwar et al., WWW 2001)", [Neighbours, Shrinkage, UserAlpha, Asymmetry],
        (recipe, relation) =>
        {
            var users = UserWeights(relation, degree => Math.Pow(degree, -recipe[UserAlpha]));
            var sizes = Sizes(relation, users);
            return Parameters(
                recipe, users, Scales(sizes, n => Math.Pow(n, -recipe[Asymmetry])), Scales(sizes, n => Math.Pow(n, recipe[Asymmetry] - 1)));
        });

    /// <summary>Jaccard's coefficient: users of both over users of either, shrunk.</summary>
    public static ModelKind Jaccard { get; } = Kind(
        "itemknn-jaccard", "item-based nearest neighbours by Jaccard's coefficient", [Neighbours, Shrinkage],
        (recipe, relation) => Parameters(recipe, UserWeights(relation, _ => 1), [], []) with { Measure = ItemSimilarity.Jaccard });

    /// <summary>The cosine of TF-IDF vectors, in which an item is a text and its users are the words: idf(u) = ln(items / (1 + n(u))).</summary>
    public static ModelKind TfIdf { get; } = Kind(
        "itemknn-tfidf", "item-based nearest neighbours by the cosine of TF-IDF vectors", [Neighbours, Shrinkage],
        (recipe, relation) =>
        {
            var users = UserWeights(relation, degree => Square(InverseFrequency(relation, degree)));
            var scales = Scales(Sizes(relation, users), n => 1 / Math.Sqrt(n));
            return Parameters(recipe, users, scales, scales);
        });

    /// <summary>
    /// The product of BM25 vectors, in which an item is a text and its users are the words (Robertson, Zaragoza, "The probabilistic
    /// relevance framework: BM25 and beyond", 2009): each of n(a) users weighs idf(u) · (k1 + 1) / (k1 · (1 − b + b·n(a)/mean) + 1).
    /// </summary>
    public static ModelKind Bm25 { get; } = Kind(
        "itemknn-bm25", "item-based nearest neighbours by the product of BM25 vectors", [Neighbours, Shrinkage, K1, B],
        (recipe, relation) =>
        {
            var users = UserWeights(relation, degree => Square(InverseFrequency(relation, degree)));
            var (k1, b, mean) = (recipe[K1], recipe[B], (double)relation.EdgeCount / Math.Max(1, relation.ItemCount));
            var scales = Scales(Degrees(relation), n => (k1 + 1) / ((k1 * (1 - b + (b * n / mean))) + 1));
            return Parameters(recipe, users, scales, scales);
        });

    private static ModelKind Kind(
        string name, string help, IReadOnlyList<ModelParameter> parameters, Func<ModelRecipe, Bipartite, SimilarItemsParameters> measure) =>
        new(name, help, parameters)
        {
            Fit = (recipe, input, cancel) =>
            {
                var relation = Relation.Of(input.Train);
                return new NeighbourModel(name, SimilarItems.Build(relation, measure(recipe, relation), input.Threads, cancel, input.Progress));
            },
            Load = NeighbourModel.Load,
            IsLinear = true,
            // Item and weight of each entry, while rows are joined twice over.
            MemoryEstimate = (recipe, input) => 16L * recipe.Whole(Neighbours) * input.Train.Items.Count,
        };

    private static SimilarItemsParameters Parameters(ModelRecipe recipe, float[] users, float[] rows, float[] columns) =>
        new(users, rows, columns, ItemSimilarity.Product, (float)recipe[Shrinkage], recipe.Whole(Neighbours));

    /// <summary>What each user counts, so that an engagement counts 1 on average: shrinkage is then in users whatever the weights.</summary>
    private static float[] UserWeights(Bipartite relation, Func<int, double> ofDegree)
    {
        var weights = new double[relation.UserCount];
        var sum = 0.0;
        for (var user = 0; user < weights.Length; user++)
        {
            var degree = relation.UserDegree(user);
            weights[user] = degree == 0 ? 0 : ofDegree(degree);
            sum += degree * weights[user];
        }
        var scale = sum > 0 ? relation.EdgeCount / sum : 0;
        return Array.ConvertAll(weights, weight => (float)(scale * weight));
    }

    private static double InverseFrequency(Bipartite relation, int degree) => Math.Max(0, Math.Log(relation.ItemCount / (1.0 + degree)));

    private static double Square(double value) => value * value;

    private static double[] Degrees(Bipartite relation) => [.. Enumerable.Range(0, relation.ItemCount).Select(item => (double)relation.ItemDegree(item))];

    private static double[] Sizes(Bipartite relation, float[] users)
    {
        var sizes = new double[relation.ItemCount];
        for (var item = 0; item < sizes.Length; item++)
            foreach (var user in relation.UsersOf(item)) sizes[item] += users[user];
        return sizes;
    }

    private static float[] Scales(double[] sizes, Func<double, double> of) => Array.ConvertAll(sizes, size => size > 0 ? (float)of(size) : 0);
}
