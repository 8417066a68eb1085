using CsCheck;
using GraphRec.Learning.Linear;
using Xunit;

namespace GraphRec.Tests.Learning.Linear;

public sealed class GemmTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>(1 2; 3 4) · (5 6; 7 8) = (19 22; 43 50).</summary>
    [Fact]
    public void Two_by_two_by_hand()
    {
        float[] c = [1, 1, 1, 1];
        Gemm.Add(2, new MatrixBlock([1, 2, 3, 4], 2, 2), new MatrixBlock([5, 6, 7, 8], 2, 2), new MatrixBlock(c, 2, 2), threads: 1, Cancel);
        Assert.Equal([39, 45, 87, 101], c);
        Gemm.Set(1, new MatrixBlock([1, 2, 3, 4], 2, 2).Transposed(), new MatrixBlock([5, 6, 7, 8], 2, 2), new MatrixBlock(c, 2, 2), threads: 1, Cancel);
        Assert.Equal([26, 30, 38, 44], c);
    }

    [Fact]
    public void Any_shape_transpose_and_rectangle_multiplies_as_the_three_loops_do()
    {
        var sizes = Gen.Int[1, 90];
        Gen.Select(sizes, sizes, Gen.OneOf(Gen.Int[1, 40], Gen.Const(384), Gen.Int[380, 800]), Gen.Int[0, 7], Gen.Int[0, 1000]).Sample(
            (rows, columns, depth, form, seed) =>
            {
                var random = new Random(seed);
                var a = Operand(random, rows, depth, (form & 1) != 0);
                var b = Operand(random, depth, columns, (form & 2) != 0);
                var c = Operand(random, rows, columns, transposed: false);
                Check<Tile512>(a, b, c, lowerOnly: (form & 4) != 0);
                Check<Tile256>(a, b, c, lowerOnly: (form & 4) != 0);
            },
            iter: 60);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits_and_so_does_a_rectangle()
    {
        var random = new Random(5);
        var a = Operand(random, 2500, 500, transposed: false);
        var b = Operand(random, 500, 700, transposed: true);
        var one = new float[2500 * 700];
        Gemm.Add(1.5f, a, b, new MatrixBlock(one, 2500, 700), threads: 1, Cancel);
        foreach (var threads in new[] { 2, 3, 8 })
        {
            var several = new float[one.Length];
            Gemm.Add(1.5f, a, b, new MatrixBlock(several, 2500, 700), threads, Cancel);
            Assert.Equal(one, several);
        }
        var part = new float[33 * 50];
        Gemm.Add(1.5f, a.Block(1201, 0, 33, 500), b.Block(0, 77, 500, 50), new MatrixBlock(part, 33, 50), threads: 2, Cancel);
        for (var row = 0; row < 33; row++) Assert.Equal(one.AsSpan(((1201 + row) * 700) + 77, 50), part.AsSpan(row * 50, 50));
    }

    [Fact]
    public void What_lies_around_the_rectangle_is_left_alone()
    {
        var values = new float[60 * 70];
        Array.Fill(values, 3);
        var random = new Random(6);
        Gemm.Set(1, Operand(random, 35, 20, false), Operand(random, 20, 37, false), new MatrixBlock(values, 60, 70).Block(13, 17, 35, 37), threads: 2, Cancel);
        for (var row = 0; row < 60; row++)
            for (var column = 0; column < 70; column++)
                Assert.Equal(row is >= 13 and < 48 && column is >= 17 and < 54, values[(row * 70) + column] != 3);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        MatrixBlock Of(int rows, int columns) => new(new float[rows * columns], rows, columns);
        Assert.Throws<ArgumentException>(() => Gemm.Add(1, Of(2, 3), Of(2, 3), Of(2, 3), 1, Cancel));
        Assert.Throws<ArgumentException>(() => Gemm.Add(1, Of(2, 3), Of(3, 4), Of(4, 2).Transposed(), 1, Cancel));
        Assert.Throws<ArgumentException>(() => Gemm.AddLower(1, Of(2, 3), Of(3, 4), Of(2, 4), 1, Cancel));
        Assert.Throws<ArgumentException>(() => new MatrixBlock(new float[11], 3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(4, 4).Block(1, 0, 4, 4));
    }

    [Fact]
    public void Stops_when_told()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var a = new MatrixBlock(new float[400], 20, 20);
        Assert.Throws<OperationCanceledException>(() => Gemm.Add(1, a, a, new MatrixBlock(new float[400], 20, 20), 2, cancelled.Token));
    }

    private static void Check<TTile>(MatrixBlock a, MatrixBlock b, MatrixBlock c, bool lowerOnly) where TTile : struct, ITile
    {
        var square = lowerOnly ? Math.Min(c.Rows, c.Columns) : 0;
        if (lowerOnly) (a, b, c) = (a.Block(0, 0, square, a.Columns), b.Block(0, 0, b.Rows, square), c.Block(0, 0, square, square));
        var before = (float[])c.Values.Clone();
        Gemm.Run<TTile>(-0.75f, a, b, c, lowerOnly, threads: 2, Cancel);
        for (var row = 0; row < c.Rows; row++)
        {
            for (var column = 0; column < (lowerOnly ? row + 1 : c.Columns); column++)
            {
                double sum = 0, size = 0;
                for (var step = 0; step < a.Columns; step++)
                {
                    var term = (double)At(a, row, step) * At(b, step, column);
                    (sum, size) = (sum + term, size + Math.Abs(term));
                }
                var expected = before[c.Start + (row * c.Stride) + column] - (0.75 * sum);
                Assert.Equal(expected, At(c, row, column), 1e-6 * (size + 1));
            }
        }
        before.CopyTo(c.Values, 0);
    }

    /// <summary>A rectangle in a larger array, so that strides and starts differ from the shape.</summary>
    private static MatrixBlock Operand(Random random, int rows, int columns, bool transposed)
    {
        var (height, width) = transposed ? (columns + 3, rows + 5) : (rows + 3, columns + 5);
        var values = new float[height * width];
        for (var n = 0; n < values.Length; n++) values[n] = random.NextSingle() - 0.5f;
        var whole = new MatrixBlock(values, height, width);
        return (transposed ? whole.Transposed() : whole).Block(transposed ? 2 : 1, transposed ? 1 : 2, rows, columns);
    }

    private static float At(MatrixBlock m, int row, int column) =>
        m.Values[m.Start + (m.IsTransposed ? row + (column * m.Stride) : (row * m.Stride) + column)];
}
