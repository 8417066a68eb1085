using System.Numerics.Tensors;
using GraphRec.Core;
using GraphRec.Learning.Models.Factors;

namespace GraphRec.Learning.Embeddings;

/// <summary>A vector for every node of a graph, numbered as the graph's nodes. Immutable; a node without one has zeros.</summary>
public sealed class NodeVectors
{
    internal NodeVectors(IReadOnlyList<NodeType> types, FactorTable table) => (Types, Table) = (types, table);

    /// <summary>The nodes, type by type.</summary>
    public IReadOnlyList<NodeType> Types { get; }

    /// <summary>How many there are.</summary>
    public int Count => Table.Count;

    /// <summary>How long each is.</summary>
    public int Dimensions => Table.Factors;

    internal FactorTable Table { get; }

    /// <summary>The vector of a node.</summary>
    public ReadOnlySpan<float> this[int node] => Table[node][..Dimensions];

    /// <summary>The vectors of the nodes of these types.</summary>
    /// <param name="types">Whose ids, and from which number on.</param>
    /// <param name="values">Count × dimensions, row by row.</param>
    /// <param name="dimensions">How long each is, from 1.</param>
    /// <exception cref="InvalidInputException">There are not as many numbers as that.</exception>
    public static NodeVectors Of(IReadOnlyList<NodeType> types, ReadOnlySpan<float> values, int dimensions)
    {
        var count = types.Sum(type => type.Ids.Count);
        if (dimensions < 1 || values.Length != (long)count * dimensions)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{count} nodes have {values.Length} numbers; give {dimensions} for each, and 1 or more.");
        return new NodeVectors(types, FactorTable.Of(values, dimensions));
    }

    /// <summary>The cosine of two nodes' vectors, −1 to 1; 0 where one of them has none.</summary>
    public float Cosine(int a, int b)
    {
        var lengths = TensorPrimitives.Norm(this[a]) * TensorPrimitives.Norm(this[b]);
        return lengths > 0 ? TensorPrimitives.Dot(this[a], this[b]) / lengths : 0;
    }

    /// <summary>
    /// The vector of a node that was not there when these were made, from its neighbours: the mean of their directions, as long
    /// as they are on average. A walk from it would have had them as its nearest contexts. Zeros where none has a vector.
    /// </summary>
    /// <param name="neighbours">Numbers of nodes.</param>
    /// <param name="weights">One for each, not negative; empty: all count alike.</param>
    /// <param name="into">Of <see cref="Dimensions"/> numbers; overwritten.</param>
    /// <exception cref="InvalidInputException">There are not as many weights as neighbours.</exception>
    public void Induce(ReadOnlySpan<int> neighbours, ReadOnlySpan<float> weights, Span<float> into)
    {
        if (!weights.IsEmpty && weights.Length != neighbours.Length)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"There are {neighbours.Length} neighbours and {weights.Length} weights; give one for each, or none.");
        into = into[..Dimensions];
        into.Clear();
        var (length, sum) = (0f, 0f);
        for (var n = 0; n < neighbours.Length; n++)
        {
            var vector = this[neighbours[n]];
            var (norm, weight) = (TensorPrimitives.Norm(vector), weights.IsEmpty ? 1 : weights[n]);
            if (norm == 0 || weight == 0) continue;
            TensorPrimitives.MultiplyAdd(vector, weight / norm, into, into);
            (length, sum) = (length + (weight * norm), sum + weight);
        }
        if (TensorPrimitives.Norm<float>(into) is > 0 and var made) TensorPrimitives.Multiply(into, length / (sum * made), into);
    }
}
