using GraphRec.Core;

namespace GraphRec.Graph.Kernels;

/// <summary>
/// Affinity over an attribute relation: drama–person, drama–genre, drama–tag or drama–network, in either direction of the
/// edge. Allocates nothing: buffers are passed in.
/// </summary>
/// <remarks>
/// With attr(d) the attributes of d, N dramas and df(x) dramas that have x:
/// <code>
/// idf(x)     = ln((N + 1) / (df(x) + 1))
/// profile(x) = Σ_{a: x ∈ attr(a)} w_a / sqrt(|attr(a)|)
/// score(b)   = Σ_{x ∈ attr(b)} profile(x) · idf(x) / sqrt(|attr(b)|)
///            = Σ_a w_a · Σ_{x ∈ attr(a) ∩ attr(b)} idf(x) / sqrt(|attr(a)| · |attr(b)|)
/// </code>
/// The last line is what the explainer decomposes: a seed's share is <see cref="Contribution(Adjacency,ReadOnlySpan{float},WeightedItem,int)"/>
/// and, within it, an attribute's is the overload that names one. The norm is the cosine's, on both sides: without it on
/// the seed's side a drama with forty tags would speak ten times as loud as one with four, and without it on the
/// candidate's side the most tagged drama would win for everybody. IDF enters once, as the weight of a shared attribute,
/// so that a share reads as "this much because of that person". (Salton and Buckley, IPM 24(5), 1988, for the weights.)
/// </remarks>
public static class AttributeAffinity
{
    /// <summary>ln((N+1)/(df+1)) per attribute, ≥ 0: 0 for an attribute that every drama has.</summary>
    public static float[] Idf(Adjacency relation)
    {
        var view = new AttributeView(relation);
        var idf = new float[view.AttributeCount];
        for (var x = 0; x < idf.Length; x++) idf[x] = (float)Math.Log((view.DramaCount + 1.0) / (view.Dramas(x).Length + 1.0));
        return idf;
    }

    /// <summary>Adds the seeds' weights on their attributes. Negative weights take away; a repeated seed counts again.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="seeds">Dramas and weights.</param>
    /// <param name="profile">Receives the weights by attribute, capacity ≥ attributes; added to what it holds.</param>
    public static void Profile(Adjacency relation, ReadOnlySpan<WeightedItem> seeds, ScoreAccumulator profile)
    {
        var view = new AttributeView(relation);
        foreach (var seed in seeds)
        {
            var attributes = view.Attributes(seed.Item);
            if (attributes.Length > 0 && seed.Weight != 0) profile.Add(attributes, seed.Weight * Norm(attributes.Length));
        }
    }

    /// <summary>
    /// Adds the score of every drama that has an attribute of the profile; the seeds among them. Work: Σ df(x) over the
    /// profile's attributes with idf above 0.
    /// </summary>
    /// <param name="relation">The relation.</param>
    /// <param name="idf">Weight per attribute (<see cref="Idf"/>).</param>
    /// <param name="profile">Weights by attribute (<see cref="Profile"/>).</param>
    /// <param name="into">Receives the scores by drama, capacity ≥ dramas; added to what it holds.</param>
    public static void Score(Adjacency relation, ReadOnlySpan<float> idf, ScoreAccumulator profile, ScoreAccumulator into)
    {
        var view = new AttributeView(relation);
        var offsets = view.AttributeOffsets;
        var norms = Norms.AsSpan();
        foreach (var x in profile.Touched)
        {
            var weight = profile[x] * idf[x];
            if (weight == 0) continue;
            foreach (var drama in view.Dramas(x))
            {
                var n = offsets[drama + 1] - offsets[drama];
                into.Add(drama, weight * (n < norms.Length ? norms[n] : Norm(n)));
            }
        }
    }

    /// <summary>The score of one drama, the same sum as <see cref="Score"/> gives it, without touching the others.</summary>
    public static float ScoreOf(Adjacency relation, ReadOnlySpan<float> idf, ScoreAccumulator profile, int drama)
    {
        var attributes = new AttributeView(relation).Attributes(drama);
        var sum = 0f;
        foreach (var x in attributes) sum += profile[x] * idf[x];
        return attributes.Length == 0 ? 0 : sum * Norm(attributes.Length);
    }

    /// <summary>
    /// What one seed gives to a candidate's score; over all seeds these sum to it (up to the rounding of float addition).
    /// </summary>
    public static float Contribution(Adjacency relation, ReadOnlySpan<float> idf, WeightedItem seed, int candidate)
    {
        var view = new AttributeView(relation);
        var left = view.Attributes(seed.Item);
        var right = view.Attributes(candidate);
        var sum = 0f;
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            var (l, r) = (left[i], right[j]);
            if (l == r) sum += idf[l];
            if (l <= r) i++;
            if (r <= l) j++;
        }
        return sum == 0 ? 0 : seed.Weight * sum * Norm(left.Length) * Norm(right.Length);
    }

    /// <summary>What one seed gives to a candidate's score over one attribute; 0 when they do not share it.</summary>
    public static float Contribution(Adjacency relation, ReadOnlySpan<float> idf, WeightedItem seed, int candidate, int attribute)
    {
        var view = new AttributeView(relation);
        var left = view.Attributes(seed.Item);
        var right = view.Attributes(candidate);
        var shared = left.BinarySearch(attribute) >= 0 && right.BinarySearch(attribute) >= 0;
        return shared ? seed.Weight * idf[attribute] * Norm(left.Length) * Norm(right.Length) : 0;
    }

    /// <summary>Norms of up to 255 attributes; a square root and a division per edge took half of the scoring.</summary>
    private static readonly float[] Norms = [.. Enumerable.Range(0, 256).Select(Norm)];

    private static float Norm(int attributes) => 1 / MathF.Sqrt(attributes);
}

/// <summary>An attribute relation read from the drama's side, whichever way its edges point.</summary>
public readonly struct AttributeView
{
    private readonly Adjacency _relation;
    private readonly bool _dramasAreSources;

    /// <exception cref="ArgumentException">The relation does not join dramas with something else.</exception>
    public AttributeView(Adjacency relation)
    {
        _relation = relation;
        _dramasAreSources = relation.FromKind == NodeKind.Drama;
        if (_dramasAreSources == (relation.ToKind == NodeKind.Drama))
            throw new ArgumentException($"{relation.Type.Name()} does not join dramas with attributes.", nameof(relation));
    }

    public int DramaCount => _dramasAreSources ? _relation.FromCount : _relation.ToCount;
    public int AttributeCount => _dramasAreSources ? _relation.ToCount : _relation.FromCount;

    /// <summary>The attributes of a drama, ascending.</summary>
    public ReadOnlySpan<int> Attributes(int drama) => _dramasAreSources ? _relation.Targets(drama) : _relation.Sources(drama);

    /// <summary>Row starts of the dramas' attributes, length <see cref="DramaCount"/> + 1.</summary>
    public ReadOnlySpan<int> AttributeOffsets => _dramasAreSources ? _relation.Offsets : _relation.ReverseOffsets;

    /// <summary>The dramas that have an attribute, ascending.</summary>
    public ReadOnlySpan<int> Dramas(int attribute) => _dramasAreSources ? _relation.Sources(attribute) : _relation.Targets(attribute);
}
