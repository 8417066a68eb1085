namespace GraphRec.Graph.Kernels;

/// <summary>Additions at places that are given by number: the inner loop of walks.</summary>
public static unsafe class Scatter
{
    /// <summary>Adds a value at distinct indices; nothing is checked.</summary>
    public static void Add(int* indices, int count, float value, float* into)
    {
        var end = indices + count;
        for (; indices + 4 <= end; indices += 4)
        {
            into[indices[0]] += value;
            into[indices[1]] += value;
            into[indices[2]] += value;
            into[indices[3]] += value;
        }
        for (; indices < end; indices++) into[*indices] += value;
    }
}
