using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// One user's ranked list with what it is judged by: what an <see cref="IUserMetric"/> is given. All items are item numbers
/// of one numbering; the list is of all items but the known ones, not of a sample (Krichene, Rendle, "On sampled metrics for
/// item recommendation", KDD 2020). It may end after the largest cut that is measured.
/// </summary>
public readonly ref struct JudgedList
{
    /// <param name="ranked">The recommended items, best first, each once; none of <paramref name="known"/>.</param>
    /// <param name="relevant">The user's test items, ascending, at least one.</param>
    /// <param name="known">The user's training items, ascending; they are masked in the list.</param>
    /// <param name="grades">The grade of each relevant item, above 0 and at most 100; empty: all are 1.</param>
    /// <exception cref="InvalidInputException">There is no relevant item, or they do not ascend, or a grade is out of range.</exception>
    public JudgedList(
        ReadOnlySpan<int> ranked, ReadOnlySpan<int> relevant, ReadOnlySpan<int> known = default, ReadOnlySpan<float> grades = default)
    {
        if (relevant.IsEmpty)
            throw new InvalidInputException(ErrorCodes.BadUserInput, "a user has no relevant item; leave users without test items out.");
        for (var n = 1; n < relevant.Length; n++)
        {
            if (relevant[n] > relevant[n - 1]) continue;
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"relevant item {relevant[n]} comes after {relevant[n - 1]}; sort them, each once.");
        }
        if (grades.Length > 0 && grades.Length != relevant.Length)
            throw new ArgumentException($"there are {grades.Length} grades for {relevant.Length} relevant items; give one each.", nameof(grades));
        foreach (var grade in grades)
        {
            if (grade is > 0 and <= 100) continue;
            throw new InvalidInputException(
                ErrorCodes.BadUserInput, $"a grade is {grade}; give relevant items grades above 0, at most 100.");
        }
        Ranked = ranked;
        Relevant = relevant;
        Known = known;
        Grades = grades;
    }

    /// <summary>The recommended items, best first.</summary>
    public ReadOnlySpan<int> Ranked { get; }

    /// <summary>The user's test items, ascending; never empty.</summary>
    public ReadOnlySpan<int> Relevant { get; }

    /// <summary>The user's training items, ascending.</summary>
    public ReadOnlySpan<int> Known { get; }

    /// <summary>One grade for each of <see cref="Relevant"/>, or empty.</summary>
    public ReadOnlySpan<float> Grades { get; }

    /// <summary>The first <paramref name="k"/> recommended items, or all when there are fewer.</summary>
    public ReadOnlySpan<int> Top(int k) => Ranked[..Math.Min(k, Ranked.Length)];

    /// <summary>Whether an item is one of the relevant ones.</summary>
    public bool IsRelevant(int item) => Relevant.BinarySearch(item) >= 0;

    /// <summary>How many of the first <paramref name="k"/> items are relevant.</summary>
    public int Hits(int k)
    {
        var hits = 0;
        foreach (var item in Top(k))
        {
            if (IsRelevant(item)) hits++;
        }
        return hits;
    }
}
