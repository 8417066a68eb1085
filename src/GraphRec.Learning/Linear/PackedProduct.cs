using System.Buffers;

namespace GraphRec.Learning.Linear;

/// <summary>
/// One product, c += alpha · a · b. For each block of columns, and for each piece of the depth, the block of b is packed;
/// then, for each block of rows, that of a is packed, and tasks of <see cref="TaskRows"/> × <see cref="TaskColumns"/> of c
/// are summed from the two.
/// </summary>
internal sealed unsafe class PackedProduct<TTile>(
    float alpha, MatrixBlock a, float* aValues, MatrixBlock b, float* bValues, MatrixBlock c, float* cValues,
    bool lowerOnly, int threads, CancellationToken cancel)
    where TTile : struct, ITile
{
    // A panel of b is Depth × 32 × 4 B = 48 KiB, and the panels of a that a task runs over are 180 KiB: together they stay
    // in 1 MiB of L2. The packed blocks, 3 and 6 MiB, stay in L3.
    private const int Depth = 384;
    private const int BlockRows = 2040;
    private const int BlockColumns = 4096;
    private const int TaskRows = 120;
    private const int TaskColumns = 512;

    /// <summary>Below so many multiply-adds, waking another thread costs more than it saves.</summary>
    private const long WorthAThread = 1 << 20;

    public void Run()
    {
        if ((long)c.Rows * c.Columns * a.Columns < WorthAThread) threads = 1;
        var depth = Math.Min(Depth, a.Columns);
        var (rows, columns) = (Padded(Math.Min(BlockRows, c.Rows), TTile.Rows), Padded(Math.Min(BlockColumns, c.Columns), TTile.Columns));
        // From the pool, since the first touch of new memory takes longer than many a product.
        var (aPool, bPool) = (ArrayPool<float>.Shared.Rent((rows * depth) + 16), ArrayPool<float>.Shared.Rent((columns * depth) + 16));
        try
        {
            fixed (float* aPinned = aPool, bPinned = bPool)
            {
                for (var column = 0; column < c.Columns; column += BlockColumns)
                {
                    for (var step = 0; step < a.Columns; step += Depth)
                        Piece(column, Math.Min(BlockColumns, c.Columns - column), step, Math.Min(Depth, a.Columns - step), Aligned(aPinned), Aligned(bPinned));
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(aPool);
            ArrayPool<float>.Shared.Return(bPool);
        }
    }

    /// <summary>Adds what a piece of the depth gives to a block of columns.</summary>
    private void Piece(int column, int columns, int step, int depth, float* aPacked, float* bPacked)
    {
        // Panels are packed eight at a time: rows of b are then read 1 KiB at a time.
        const int together = 8;
        ForEach(columns, together * TTile.Columns, (first, count) => Pack(b.Transposed(), bValues, column + first, count, step, depth, TTile.Columns, bPacked + ((long)first * depth)));
        // Below the diagonal there is nothing above its first row.
        var start = lowerOnly ? column : 0;
        for (var row = start; row < c.Rows; row += BlockRows)
        {
            var (top, rows) = (row, Math.Min(BlockRows, c.Rows - row));
            ForEach(rows, together * TTile.Rows, (first, count) => Pack(a, aValues, top + first, count, step, depth, TTile.Rows, aPacked + ((long)first * depth)));
            var across = Pieces(columns, TaskColumns);
            Tasks.ForEach(
                Pieces(rows, TaskRows) * across,
                threads,
                task => Sum(top, rows, task / across * TaskRows, column, columns, task % across * TaskColumns, depth, aPacked, bPacked),
                cancel);
        }
    }

    /// <summary>One task: the tiles of some rows and columns of c.</summary>
    private void Sum(int top, int rows, int firstRow, int left, int columns, int firstColumn, int depth, float* aPacked, float* bPacked)
    {
        var (endRow, endColumn) = (Math.Min(rows, firstRow + TaskRows), Math.Min(columns, firstColumn + TaskColumns));
        var edge = stackalloc float[TTile.Rows * TTile.Columns];
        for (var column = firstColumn; column < endColumn; column += TTile.Columns)
        {
            for (var row = firstRow; row < endRow; row += TTile.Rows)
            {
                if (lowerOnly && left + column > top + row + TTile.Rows - 1) continue;
                var from = aPacked + ((long)row * depth);
                var and = bPacked + ((long)column * depth);
                var into = cValues + ((top + row) * c.Stride) + left + column;
                var (wholeRows, wholeColumns) = (Math.Min(TTile.Rows, rows - row), Math.Min(TTile.Columns, columns - column));
                if (wholeRows == TTile.Rows && wholeColumns == TTile.Columns)
                {
                    TTile.Multiply(depth, from, and, alpha, into, c.Stride, add: true);
                    continue;
                }
                TTile.Multiply(depth, from, and, 1, edge, TTile.Columns, add: false);
                AddEdge(edge, into, wholeRows, wholeColumns);
            }
        }
    }

    /// <summary>Adds the part of a tile that lies within c, as <see cref="ITile.Multiply"/> does, to the bit.</summary>
    private void AddEdge(float* edge, float* into, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                ref var sum = ref into[(row * c.Stride) + column];
                sum = MathF.FusedMultiplyAdd(alpha, edge[(row * TTile.Columns) + column], sum);
            }
        }
    }

    /// <summary>Packs lines (rows of a, columns of b) for a piece of the depth, panel by panel.</summary>
    private static void Pack(MatrixBlock lines, float* values, int first, int count, int step, int depth, int width, float* packed)
    {
        for (var line = 0; line < count; line += width, packed += (long)width * depth)
        {
            var held = Math.Min(width, count - line);
            if (lines.IsTransposed) Packing.Along(values + (step * lines.Stride) + first + line, lines.Stride, held, depth, width, packed);
            else Packing.Across(values + ((first + line) * lines.Stride) + step, lines.Stride, held, depth, width, packed);
        }
    }

    private void ForEach(int count, int size, Action<int, int> piece) =>
        Tasks.ForEach(Pieces(count, size), threads, task => piece(task * size, Math.Min(size, count - (task * size))), cancel);

    private static int Pieces(int count, int size) => (count + size - 1) / size;

    private static int Padded(int count, int size) => Pieces(count, size) * size;

    /// <summary>The next address that is a multiple of a cache line: a vector then never lies in two.</summary>
    private static float* Aligned(float* address) => (float*)(((nuint)address + 63) & ~(nuint)63);
}
