using CsCheck;
using GraphRec.Learning.Metrics;

namespace GraphRec.Tests.Learning.Metrics;

/// <summary>A made-up user: a list of all items but the known ones, at least one relevant item, and a cut.</summary>
internal sealed record RankedCase(int Items, int[] Ranked, int[] Relevant, int[] Known, float[] Grades, int K)
{
    public static readonly Gen<RankedCase> Any =
        from items in Gen.Int[1, 12]
        // 0: neither, 1: relevant, 2: known.
        from roles in Gen.Int[0, 2].Array[items]
        from sure in Gen.Int[0, items - 1]
        from order in Gen.Int[0, 1000].Array[items]
        from grades in Gen.Int[1, 5].Array[items]
        from k in Gen.Int[1, 15]
        select Of([.. roles.Select((role, item) => item == sure ? 1 : role)], order, grades, k);

    /// <summary>The list as metrics are given it, with another order if one is given.</summary>
    public JudgedList List(int[]? ranked = null) => new(ranked ?? Ranked, Relevant, Known, Grades);

    /// <summary>The relevant items first, by falling grade, then the others: the best order there is.</summary>
    public int[] Ideal => [.. Ranked.OrderByDescending(item => Array.IndexOf(Relevant, item) is >= 0 and var at ? Grades[at] : 0)];

    private static RankedCase Of(int[] roles, int[] order, int[] grades, int k)
    {
        int[] With(Func<int, bool> role) => [.. Enumerable.Range(0, roles.Length).Where(item => role(roles[item]))];
        int[] ranked = [.. With(role => role != 2).OrderBy(item => order[item])], relevant = With(role => role == 1);
        return new RankedCase(roles.Length, ranked, relevant, With(role => role == 2), [.. relevant.Select(item => (float)grades[item])], k);
    }
}
