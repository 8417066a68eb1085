using GraphRec.Core;

namespace GraphRec.Learning.Embeddings;

/// <summary>
/// What node2vec is fitted with (Grover, Leskovec, "node2vec: Scalable feature learning for networks", KDD 2016). Defaults are
/// the paper's, but for one walk per node instead of ten, at a higher learning rate.
/// </summary>
public sealed record Node2VecParameters
{
    /// <summary>How long vectors are, 1 to 1,024.</summary>
    public int Dimensions { get; init; } = 128;

    /// <summary>How many walks start at every node, from 1 (the paper's r).</summary>
    public int WalksPerNode { get; init; } = 1;

    /// <summary>How many nodes a walk visits, from 2 (the paper's l).</summary>
    public int WalkLength { get; init; } = 80;

    /// <summary>The return parameter p: the higher, the less often a walk goes straight back. 0.001 to 1,000.</summary>
    public double Return { get; init; } = 1;

    /// <summary>The in-out parameter q: above 1 walks stay near where they came from, below 1 they go outward. 0.001 to 1,000.</summary>
    public double InOut { get; init; } = 1;

    /// <summary>
    /// Types of node that walks go through in a cycle (Dong, Chawla, Swami, "metapath2vec", KDD 2017): <c>user, drama, person, drama</c>.
    /// Nodes of other types start no walk and get no vector. Empty: any neighbour may be next.
    /// </summary>
    public IReadOnlyList<string> Metapath { get; init; } = [];

    /// <summary>How far from a node in a walk its contexts are at most; the distance is drawn from 1 to this for each place, as word2vec does.</summary>
    public int Window { get; init; } = 10;

    /// <summary>How many nodes that are no context are drawn for each that is, 1 to 7.</summary>
    public int Negatives { get; init; } = 5;

    /// <summary>The exponent of a node's frequency in walks by which negatives are drawn (Mikolov et al., NIPS 2013, §2.2).</summary>
    public double NoiseExponent { get; init; } = 0.75;

    /// <summary>The first learning rate; it falls to nearly 0 in a line.</summary>
    // word2vec's 0.025 is for many passes. With one walk per node vectors stay short with it: AUC of pairs cut from training
    // .897 at 0.05, .922 at 0.1 and .933 at 0.2 (walks of 40); more walks need less.
    public double LearningRate { get; init; } = 0.1;

    /// <summary>How often the walks are gone through.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>These parameters, when they are in range.</summary>
    /// <exception cref="InvalidInputException">One is not; the message says which and what it may be.</exception>
    public Node2VecParameters Checked()
    {
        Between(nameof(Dimensions), Dimensions, 1, 1024);
        Between(nameof(WalksPerNode), WalksPerNode, 1, 10_000);
        Between(nameof(WalkLength), WalkLength, 2, 10_000);
        Between(nameof(Return), Return, 0.001, 1000);
        Between(nameof(InOut), InOut, 0.001, 1000);
        Between(nameof(Window), Window, 1, 1000);
        Between(nameof(Negatives), Negatives, 1, SkipGramKernel.MaxTargets - 1);
        Between(nameof(NoiseExponent), NoiseExponent, 0, 2);
        Between(nameof(LearningRate), LearningRate, 1e-6, 1);
        Between(nameof(Epochs), Epochs, 1, 10_000);
        return this;
    }

    private static void Between(string name, double value, double low, double high)
    {
        if (!(value >= low && value <= high)) throw new InvalidInputException(ErrorCodes.BadUserInput, FormattableString.Invariant($"{name} is {value}; set it from {low} to {high}."));
    }
}
