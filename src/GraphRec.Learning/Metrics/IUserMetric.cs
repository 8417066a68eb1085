namespace GraphRec.Learning.Metrics;

/// <summary>
/// A metric with a value for each user. What is reported is the mean over users; the values themselves go into
/// <see cref="BootstrapInterval"/> and <see cref="PairedTest"/>. Safe to call from several threads.
/// </summary>
public interface IUserMetric
{
    /// <summary>How reports name it, the cut included: <c>recall@20</c>.</summary>
    string Name { get; }

    /// <summary>The value for one user; always finite.</summary>
    double Of(in JudgedList list);
}
