using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using GraphRec.Ranking.Trees;

namespace GraphRec.Ranking.Explanations;

/// <summary>One tree prepared for <see cref="TreeShap"/>: per branch and point of the quadrature what a row that takes it is multiplied by.</summary>
internal sealed class TreePaths
{
    // Per branch and point: its factor for a row that it lets through; for one that it stops, and the branches of the same feature above it do
    // not; and the derivative's part of a row that it lets through.
    private const int Tables = 3;

    private readonly Branch[] _branches;
    private readonly double[] _tables;
    private readonly double[] _stopped;
    private readonly double[] _weights;

    public TreePaths(ReadOnlySpan<TreeNode> nodes)
    {
        _branches = new Branch[nodes.Length];
        var most = 0;
        for (var n = 0; n < nodes.Length; n++)
        {
            var node = nodes[n];
            if (n == 0) _branches[0] = new Branch { Share = 1, Previous = -1, Above = -1, Value = node.Value, IsLeaf = node.IsLeaf };
            if (node.IsLeaf)
            {
                most = Math.Max(most, Unique(n));
                Expected += Reach(n) * node.Value;
                continue;
            }
            Link(nodes, n, node.Left, node.Right, isRight: false);
            Link(nodes, n, node.Right, node.Left, isRight: true);
        }
        // Exact for polynomials of a degree below twice the points; that of a path is below its features.
        Points = Math.Max(1, (most + 1) / 2);
        (var points, _weights) = GaussLegendre(Points);
        _stopped = Array.ConvertAll(points, t => -1 / (1 - t));
        _tables = new double[nodes.Length * Points * Tables];
        for (var n = 1; n < nodes.Length; n++) Fill(n, points);
    }

    /// <summary>How many nodes there are.</summary>
    public int Count => _branches.Length;

    /// <summary>How many points the quadrature has.</summary>
    public int Points { get; }

    /// <summary>Each leaf's value by its share of the rows.</summary>
    public double Expected { get; }

    /// <summary>Adds the tree's contributions for eight rows, one in each lane.</summary>
    /// <param name="columns">One vector per feature.</param>
    /// <param name="sums">One vector per feature, added to.</param>
    /// <param name="products">At least two vectors per node and point; overwritten.</param>
    /// <param name="passes">At least one vector per node; overwritten.</param>
    public void Add(ReadOnlySpan<Vector512<double>> columns, Span<Vector512<double>> sums, Span<Vector512<double>> products, Span<Vector512<double>> passes)
    {
        if (_branches.Length == 1) return;
        if (products.Length < 2 * Count * Points || passes.Length < Count) throw new ArgumentException("the scratch is too small.", nameof(products));
        ref var product = ref MemoryMarshal.GetReference(products);
        ref var sum = ref Unsafe.Add(ref product, Count * Points);
        ref var pass = ref MemoryMarshal.GetReference(passes);
        for (var k = 0; k < Points; k++) Unsafe.Add(ref product, k) = Vector512.Create(_weights[k]);
        // Down: what a row is multiplied by from the root to a node; leaves are done with at once.
        for (var n = 1; n < _branches.Length; n++)
        {
            ref readonly var branch = ref _branches[n];
            var goesLeft = Vector512.LessThanOrEqual(columns[branch.Feature], Vector512.Create(branch.Threshold));
            var passed = branch.IsRight ? ~goesLeft : goesLeft;
            var before = Vector512<double>.AllBitsSet;
            if (branch.Previous >= 0)
            {
                before = Unsafe.Add(ref pass, branch.Previous);
                passed &= before;
            }
            Unsafe.Add(ref pass, n) = passed;
            if (branch.Previous >= 0) Down<Again>(n, in branch, passed, before, ref product, ref sum, sums);
            else Down<First>(n, in branch, passed, before, ref product, ref sum, sums);
        }
        // Up: what all leaves below a branch make of it.
        for (var n = _branches.Length - 1; n > 0; n--)
        {
            ref readonly var branch = ref _branches[n];
            if (branch.IsLeaf) continue;
            if (branch.Previous >= 0) Up<Again>(n, in branch, ref pass, ref sum, sums);
            else Up<First>(n, in branch, ref pass, ref sum, sums);
        }
    }

    private void Down<TOccurrence>(
        int n, ref readonly Branch branch, Vector512<double> passed, Vector512<double> before,
        ref Vector512<double> product, ref Vector512<double> sum, Span<Vector512<double>> sums)
        where TOccurrence : struct, IOccurrence
    {
        var points = Points;
        ref var table = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tables), n * points * Tables);
        ref var above = ref Unsafe.Add(ref product, branch.Above * points);
        var local = Vector512.Create(branch.Local);
        if (!branch.IsLeaf)
        {
            ref var own = ref Unsafe.Add(ref product, n * points);
            ref var ownSum = ref Unsafe.Add(ref sum, n * points);
            for (var k = 0; k < points; k++)
            {
                Unsafe.Add(ref own, k) = Unsafe.Add(ref above, k) * Factor<TOccurrence>(ref table, k, local, passed, before);
                Unsafe.Add(ref ownSum, k) = Vector512<double>.Zero;
            }
            return;
        }
        ref var aboveSum = ref Unsafe.Add(ref sum, branch.Above * points);
        ref var stopped = ref MemoryMarshal.GetArrayDataReference(_stopped);
        var value = Vector512.Create((double)branch.Value);
        var (part, previousPart) = (Vector512<double>.Zero, Vector512<double>.Zero);
        ref var previous = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tables), Math.Max(0, branch.Previous) * points * Tables);
        for (var k = 0; k < points; k++)
        {
            var here = Unsafe.Add(ref above, k) * Factor<TOccurrence>(ref table, k, local, passed, before) * value;
            Unsafe.Add(ref aboveSum, k) += here;
            part += here * Part(ref table, k, ref stopped, passed);
            if (TOccurrence.Repeats) previousPart += here * Part(ref previous, k, ref stopped, before);
        }
        sums[branch.Feature] += part - previousPart;
    }

    private void Up<TOccurrence>(int n, ref readonly Branch branch, ref Vector512<double> pass, ref Vector512<double> sum, Span<Vector512<double>> sums)
        where TOccurrence : struct, IOccurrence
    {
        var points = Points;
        var passed = Unsafe.Add(ref pass, n);
        var before = TOccurrence.Repeats ? Unsafe.Add(ref pass, branch.Previous) : default;
        ref var tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        ref var table = ref Unsafe.Add(ref tables, n * points * Tables);
        ref var previous = ref Unsafe.Add(ref tables, Math.Max(0, branch.Previous) * points * Tables);
        ref var stopped = ref MemoryMarshal.GetArrayDataReference(_stopped);
        ref var own = ref Unsafe.Add(ref sum, n * points);
        ref var above = ref Unsafe.Add(ref sum, branch.Above * points);
        var (part, previousPart) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var k = 0; k < points; k++)
        {
            var here = Unsafe.Add(ref own, k);
            Unsafe.Add(ref above, k) += here;
            part += here * Part(ref table, k, ref stopped, passed);
            if (TOccurrence.Repeats) previousPart += here * Part(ref previous, k, ref stopped, before);
        }
        sums[branch.Feature] += part - previousPart;
    }

    /// <summary>
    /// By what a branch changes the product: o t + r (1 − t), over the same of the branch above that asks the same feature, with which it
    /// counts as one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Factor<TOccurrence>(ref double table, int k, Vector512<double> local, Vector512<double> passed, Vector512<double> before)
        where TOccurrence : struct, IOccurrence
    {
        var stops = Vector512.Create(Unsafe.Add(ref table, (k * Tables) + 1));
        if (TOccurrence.Repeats) stops = Vector512.ConditionalSelect(before, stops, local);
        return Vector512.ConditionalSelect(passed, Vector512.Create(Unsafe.Add(ref table, k * Tables)), stops);
    }

    /// <summary>(o − r) / (o t + r (1 − t)): for a row that is stopped −1 / (1 − t), whatever r is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Part(ref double table, int k, ref double stopped, Vector512<double> passed) =>
        Vector512.ConditionalSelect(passed, Vector512.Create(Unsafe.Add(ref table, (k * Tables) + 2)), Vector512.Create(Unsafe.Add(ref stopped, k)));

    private void Link(ReadOnlySpan<TreeNode> nodes, int parent, int child, int sibling, bool isRight)
    {
        var (feature, covers) = (nodes[parent].Feature, (double)nodes[child].Cover + nodes[sibling].Cover);
        var local = covers > 0 ? nodes[child].Cover / covers : 0.5;
        var previous = parent;
        while (previous > 0 && _branches[previous].Feature != feature) previous = _branches[previous].Above;
        if (previous == 0) previous = -1;
        _branches[child] = new Branch
        {
            Feature = feature,
            Threshold = nodes[parent].Threshold,
            IsRight = isRight,
            Above = parent,
            Previous = previous,
            Local = local,
            Share = local * (previous < 0 ? 1 : _branches[previous].Share),
            Value = nodes[child].Value,
            IsLeaf = nodes[child].IsLeaf,
        };
    }

    private void Fill(int n, double[] points)
    {
        var branch = _branches[n];
        for (var k = 0; k < points.Length; k++)
        {
            var (t, at) = (points[k], ((n * points.Length) + k) * Tables);
            var (passes, stops) = (t + (branch.Share * (1 - t)), branch.Share * (1 - t));
            var above = branch.Previous < 0 ? 1 : t + (_branches[branch.Previous].Share * (1 - t));
            _tables[at] = passes / above;
            _tables[at + 1] = stops / above;
            _tables[at + 2] = (1 - branch.Share) / passes;
        }
    }

    /// <summary>How many features are asked on the way to a node.</summary>
    private int Unique(int node)
    {
        var unique = 0;
        for (; node > 0; node = _branches[node].Above)
        {
            if (_branches[node].Previous < 0) unique++;
        }
        return unique;
    }

    private double Reach(int node)
    {
        var reach = 1.0;
        for (; node > 0; node = _branches[node].Above) reach *= _branches[node].Local;
        return reach;
    }

    /// <summary>Points and weights on [0, 1], by Newton's method on the Legendre polynomial.</summary>
    internal static (double[] Points, double[] Weights) GaussLegendre(int count)
    {
        var (points, weights) = (new double[count], new double[count]);
        for (var n = 0; n < count; n++)
        {
            var x = Math.Cos(Math.PI * (n + 0.75) / (count + 0.5));
            var slope = 0.0;
            for (var round = 0; round < 20; round++)
            {
                var (last, now) = (1.0, x);
                for (var degree = 2; degree <= count; degree++) (last, now) = (now, ((((2 * degree) - 1) * x * now) - ((degree - 1) * last)) / degree);
                slope = count * ((x * now) - last) / ((x * x) - 1);
                x -= now / slope;
            }
            points[n] = (1 - x) / 2;
            weights[n] = 1 / ((1 - (x * x)) * slope * slope);
        }
        return (points, weights);
    }

    /// <summary>Whether a branch above asks the same feature: a type, so that the loops over points are compiled for each case without a question in them.</summary>
    private interface IOccurrence
    {
        static abstract bool Repeats { get; }
    }

    private readonly struct First : IOccurrence
    {
        public static bool Repeats => false;
    }

    private readonly struct Again : IOccurrence
    {
        public static bool Repeats => true;
    }

    /// <summary>The branch that leads to a node.</summary>
    private struct Branch
    {
        /// <summary>Which feature decides, and where.</summary>
        public int Feature;
        public double Threshold;
        public bool IsRight;

        /// <summary>The node that it leads from, and the nearest above that asks the same feature (−1: none).</summary>
        public int Above;
        public int Previous;

        /// <summary>The share of the node's rows that take it, and that times those of all above with its feature: r.</summary>
        public double Local;
        public double Share;

        /// <summary>What it leads to.</summary>
        public float Value;
        public bool IsLeaf;
    }
}
