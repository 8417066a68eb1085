using GraphRec.Core;

namespace GraphRec.Learning.Metrics;

/// <summary>
/// Novelty@k = mean self-information of the first k items, in bits: −log2 p(i), where p(i) is the share of training users who
/// engaged with item i (Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems", PNAS 2010;
/// Vargas, Castells, RecSys 2011). From 0 (everybody had all of it) to log2(users); an item that nobody had counts as if
/// one user had it, since its self-information would be infinite.
/// </summary>
public sealed class Novelty : IUserMetric
{
    private readonly double[] _information;
    private readonly int _k;

    /// <param name="popularity">How many users engaged with each item in training, by item number.</param>
    /// <param name="users">How many users training has.</param>
    /// <param name="k">How many places count, from 1.</param>
    /// <exception cref="InvalidInputException">k or users is less than 1, or an item has more users than there are.</exception>
    public Novelty(IReadOnlyList<int> popularity, int users, int k)
    {
        _k = Positive.Of(k);
        Positive.Of(users);
        _information = new double[popularity.Count];
        for (var item = 0; item < _information.Length; item++)
        {
            if (popularity[item] < 0 || popularity[item] > users)
            {
                throw new InvalidInputException(
                    ErrorCodes.BadUserInput, $"item {item} has {popularity[item]} of {users} users; count each user once.");
            }
            _information[item] = Math.Log2((double)users / Math.Max(1, popularity[item]));
        }
    }

    public string Name => $"novelty@{_k}";

    /// <summary>The novelty of a list in bits; 0 when it is empty.</summary>
    public double Of(in JudgedList list)
    {
        var top = list.Top(_k);
        var sum = 0.0;
        foreach (var item in top) sum += _information[item];
        return top.IsEmpty ? 0 : sum / top.Length;
    }
}
