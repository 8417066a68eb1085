namespace GraphRec.Ranking.ReRanking;

/// <summary>What a drama brings to the list apart from what depends on the dramas above it.</summary>
/// <param name="Item">Dense drama index.</param>
/// <param name="Base">Weighted sum of the objectives without diversity and calibration.</param>
public readonly record struct RankItem(int Item, double Base);

/// <summary>A drama in its place. <paramref name="Diversity"/> and <paramref name="Calibration"/> are weighted contributions, already in <paramref name="Score"/>.</summary>
public readonly record struct RankedItem(int Item, double Score, double Diversity, double Calibration = 0);

/// <summary>Similarity of two items in [0, 1]; a struct implementation is inlined into the re-ranker's loop.</summary>
public interface ISimilarity
{
    double Of(int a, int b);
}

/// <summary>How what stands above a drama lowers its diversity.</summary>
public enum DiversityMeasure
{
    /// <summary>By the most similar one alone (<see cref="Mmr"/>).</summary>
    Mmr,

    /// <summary>By all of them together (<see cref="Dpp"/>).</summary>
    Dpp,
}
