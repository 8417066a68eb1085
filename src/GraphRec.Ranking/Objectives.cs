namespace GraphRec.Ranking;

/// <summary>
/// Weights of the re-ranking objectives. Each objective is in [0, 1]; the served score is their weighted sum, so that
/// with weights that sum to 1 it is in [0, 1] as well.
/// </summary>
public sealed record ObjectiveWeights
{
    /// <summary>How well it fits the viewer: the ranker's score over the best of this viewer.</summary>
    public double Relevance { get; init; } = 0.5;

    /// <summary>How unlike it is to what stands above it in the list.</summary>
    public double Diversity { get; init; } = 0.2;

    /// <summary>How lately it was released.</summary>
    public double Freshness { get; init; } = 0.15;

    /// <summary>How likely those who start it finish it.</summary>
    public double Completion { get; init; } = 0.1;

    /// <summary>The priority that the catalogue's owner gave it.</summary>
    public double Priority { get; init; } = 0.05;

    /// <summary>What is wrong with the weights, as a sentence that says what to change; null when they are good.</summary>
    public string? Problem()
    {
        double[] all = [Relevance, Diversity, Freshness, Completion, Priority];
        if (all.Any(w => !(w is >= 0 and <= 1))) return "every objective weight must be from 0 to 1.";
        return Math.Abs(all.Sum() - 1) > 1e-9 ? $"the objective weights must sum to 1, but sum to {all.Sum()}." : null;
    }
}

/// <summary>What a drama brings to the list apart from diversity, which depends on what stands above it.</summary>
/// <param name="Item">Dense drama index.</param>
/// <param name="Base">Weighted sum of the objectives without diversity.</param>
public readonly record struct RankItem(int Item, double Base);

/// <summary>A drama in its place. <paramref name="Diversity"/> is the weighted contribution, already in <paramref name="Score"/>.</summary>
public readonly record struct RankedItem(int Item, double Score, double Diversity);

/// <summary>
/// Greedy re-ranking by maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): at each place the drama with
/// the largest base + w · (1 − similarity to the most similar drama above it). Ties go to the lower index.
/// </summary>
public static class DiversityReRanker
{
    /// <summary>
    /// Orders <paramref name="items"/> (best base first); O(n²) similarities, so pass a window, not a catalogue.
    /// </summary>
    /// <param name="items">The window to order.</param>
    /// <param name="weight">The weight of diversity.</param>
    /// <param name="similarity">Similarity of two items in [0, 1].</param>
    /// <param name="into">Receives as many items as the window has.</param>
    public static void Order<TSimilarity>(ReadOnlySpan<RankItem> items, double weight, TSimilarity similarity, Span<RankedItem> into)
        where TSimilarity : ISimilarity
    {
        var left = items.ToArray();
        var closest = new double[left.Length];
        var chosen = -1;
        for (var place = 0; place < into.Length; place++)
        {
            // One pass both notes what was chosen last and finds what is chosen next.
            var rest = left.AsSpan(0, left.Length - place);
            var near = closest.AsSpan(0, rest.Length);
            var (best, bestScore, bestItem) = (0, double.NegativeInfinity, 0);
            for (var i = 0; i < rest.Length; i++)
            {
                var (item, itself) = rest[i];
                if (chosen >= 0 && similarity.Of(item, chosen) is var alike && alike > near[i]) near[i] = alike;
                var score = itself + weight * (1 - near[i]);
                if (score < bestScore || (score == bestScore && item > bestItem)) continue;
                (best, bestScore, bestItem) = (i, score, item);
            }
            into[place] = new RankedItem(bestItem, bestScore, weight * (1 - near[best]));
            (rest[best], near[best]) = (rest[^1], near[^1]);
            chosen = bestItem;
        }
    }
}

/// <summary>Similarity of two items in [0, 1]; a struct implementation is inlined into the re-ranker's loop.</summary>
public interface ISimilarity
{
    double Of(int a, int b);
}
