namespace GraphRec.Learning.Metrics;

/// <summary>
/// Reciprocal rank = 1 / place of the first relevant item, 0 when the list holds none; MRR is its mean over users (Voorhees,
/// "The TREC-8 question answering track report", TREC 1999). There is no cut but the end of the list that it is given.
/// </summary>
public sealed class Mrr : IUserMetric
{
    public string Name => "mrr";

    public double Of(in JudgedList list)
    {
        for (var n = 0; n < list.Ranked.Length; n++)
        {
            if (list.IsRelevant(list.Ranked[n])) return 1.0 / (n + 1);
        }
        return 0;
    }
}
