using GraphRec.Core;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Factors;

/// <summary>One vector per row (a user or an item), padded with zeros to a multiple of <see cref="RegisterBlocks.Lanes"/> numbers.</summary>
internal sealed unsafe class FactorTable
{
    private readonly AlignedFloats _values;

    /// <exception cref="InvalidInputException">They are too many for one array.</exception>
    public FactorTable(int count, int factors)
    {
        (Count, Factors, Stride) = (count, factors, GramCholesky.Padded(factors));
        // One array; a little is for alignment.
        var most = (Array.MaxLength - RegisterBlocks.Lanes) / Math.Max(1, count);
        if (Stride > most)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{count} vectors of {factors} numbers are too many for one table; set factors to at most {most / RegisterBlocks.Lanes * RegisterBlocks.Lanes}.");
        _values = new AlignedFloats(count * Stride);
    }

    /// <summary>A table of vectors that stand one after the other without padding.</summary>
    public static FactorTable Of(ReadOnlySpan<float> values, int factors)
    {
        var table = new FactorTable(values.Length / factors, factors);
        for (var row = 0; row < table.Count; row++) values.Slice(row * factors, factors).CopyTo(table[row]);
        return table;
    }

    public int Count { get; }

    /// <summary>The length of a vector.</summary>
    public int Factors { get; }

    /// <summary>The distance from one vector to the next.</summary>
    public int Stride { get; }

    public float* Row(int row) => _values.Pointer + ((nint)row * Stride);

    /// <summary>A vector with its padding.</summary>
    public Span<float> this[int row] => _values.Span.Slice(row * Stride, Stride);

    /// <summary>The vectors one after the other without padding.</summary>
    public float[] ToArray()
    {
        var values = new float[Count * Factors];
        for (var row = 0; row < Count; row++) this[row][..Factors].CopyTo(values.AsSpan(row * Factors));
        return values;
    }

    /// <summary>
    /// Draws every number from a distribution close to N(0, deviation²): the sum of four uniform ones of 16 bits, which
    /// takes a tenth of the time of an exact draw. Every row has a stream of its own.
    /// </summary>
    public void Draw(int seed, double deviation, int threads, CancellationToken cancel)
    {
        // Each of the four has a variance of 2³² / 12.
        var scale = (float)(deviation * Math.Sqrt(3) / 65536);
        ParallelRows.ForEach(Count, 256, threads, () => 0, (_, row) =>
        {
            var random = new SimulationRandom(seed, row);
            foreach (ref var value in this[row][..Factors])
            {
                var bits = random.Next();
                var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
                value = (sum - 131070) * scale;
            }
        }, cancel);
        GC.KeepAlive(this);
    }

    /// <summary>The sum of the outer products of all vectors with themselves, Factors × Factors, symmetric.</summary>
    public double[,] Gram(int threads, CancellationToken cancel)
    {
        // Fixed parts summed in a fixed order: the same bits for any number of threads. A part's rows are taken in batches
        // that stay in the first cache while the blocks of the sum pass over them.
        const int parts = 32, batch = 64;
        var sums = new AlignedFloats[parts];
        ParallelRows.ForEach(parts, 1, threads, () => 0, (_, part) =>
        {
            sums[part] = new AlignedFloats(Stride * Stride);
            var end = (int)((long)Count * (part + 1) / parts);
            for (var row = (int)((long)Count * part / parts); row < end; row += batch)
                GramCholesky.AddGram(Row(row), Math.Min(batch, end - row), sums[part].Pointer, Stride);
        }, cancel);
        GC.KeepAlive(this);
        var gram = new double[Factors, Factors];
        foreach (var sum in sums)
        {
            for (var i = 0; i < Factors; i++)
            {
                for (var j = i; j < Factors; j++) gram[i, j] += sum.Span[(i * Stride) + j];
            }
        }
        for (var i = 0; i < Factors; i++)
        {
            for (var j = 0; j < i; j++) gram[i, j] = gram[j, i];
        }
        return gram;
    }

    /// <summary>Replaces every vector v by vQ, Q of Factors × Factors.</summary>
    public void Multiply(double[,] q, int threads, CancellationToken cancel)
    {
        var right = new AlignedFloats(Stride * Stride);
        for (var i = 0; i < Factors; i++)
        {
            for (var j = 0; j < Factors; j++) right.Span[(i * Stride) + j] = (float)q[i, j];
        }
        const int rows = RegisterBlocks.Rows;
        ParallelRows.ForEach((Count + rows - 1) / rows, 32, threads, () => new AlignedFloats(2 * rows * Stride), (scratch, block) =>
        {
            var (first, count) = (block * rows, Math.Min(rows, Count - (block * rows)));
            var packed = scratch.Pointer;
            var product = scratch.Pointer + (rows * Stride);
            for (var r = 0; r < count; r++)
            {
                var row = Row(first + r);
                for (var k = 0; k < Stride; k++) packed[(k * rows) + r] = row[k];
            }
            new Span<float>(product, rows * Stride).Clear();
            var j = 0;
            for (; j + (2 * RegisterBlocks.Lanes) <= Stride; j += 2 * RegisterBlocks.Lanes)
                RegisterBlocks.Add8X32(packed, rows, right.Pointer + j, Stride, Stride, product + j, Stride, 1);
            if (j < Stride) RegisterBlocks.Add8X16(packed, rows, right.Pointer + j, Stride, Stride, product + j, Stride, 1);
            new Span<float>(product, count * Stride).CopyTo(new Span<float>(Row(first), count * Stride));
            GC.KeepAlive(scratch);
        }, cancel);
        GC.KeepAlive(right);
        GC.KeepAlive(this);
    }
}
