using System.Runtime.Intrinsics;

namespace GraphRec.Learning.Linear;

/// <summary>
/// Copies of parts of a matrix in the order in which a tile reads them: panels of <c>width</c> rows (or columns), each
/// depth × width, one after the other. The last panel is filled up with zeros, so that a tile is always whole.
/// </summary>
internal static unsafe class Packing
{
    /// <summary>A panel of lines that lie contiguously along the depth: they are turned over.</summary>
    /// <param name="source">The first of the lines, each <paramref name="depth"/> long.</param>
    /// <param name="stride">From one line to the next, in elements.</param>
    /// <param name="lines">How many there are, up to <paramref name="width"/>.</param>
    /// <param name="depth">How long they are.</param>
    /// <param name="width">How wide the panel is.</param>
    /// <param name="panel">depth × width; overwritten.</param>
    public static void Across(float* source, long stride, int lines, int depth, int width, float* panel)
    {
        var line = 0;
        for (; line + 4 <= lines; line += 4) FourAcross(source + (line * stride), stride, depth, width, panel + line);
        for (; line < lines; line++)
        {
            var from = source + (line * stride);
            for (var step = 0; step < depth; step++) panel[((long)step * width) + line] = from[step];
        }
        Clear(lines, depth, width, panel);
    }

    /// <summary>A panel of lines that lie side by side: for each step of the depth, a value of each, contiguously.</summary>
    public static void Along(float* source, long stride, int lines, int depth, int width, float* panel)
    {
        for (var step = 0; step < depth; step++)
            new ReadOnlySpan<float>(source + (step * stride), lines).CopyTo(new Span<float>(panel + ((long)step * width), width));
        Clear(lines, depth, width, panel);
    }

    private static void Clear(int lines, int depth, int width, float* panel)
    {
        if (lines == width) return;
        for (var step = 0; step < depth; step++) new Span<float>(panel + ((long)step * width) + lines, width - lines).Clear();
    }

    /// <summary>Squares of 4 × 4 are turned over in registers; one by one it takes three times as long.</summary>
    private static void FourAcross(float* source, long stride, int depth, int width, float* panel)
    {
        var step = 0;
        for (; step + 4 <= depth; step += 4)
        {
            var from = source + step;
            var (r0, r1) = (Vector128.Load(from), Vector128.Load(from + stride));
            var (r2, r3) = (Vector128.Load(from + (2 * stride)), Vector128.Load(from + (3 * stride)));
            var (low02, high02) = (Low(r0, r2), High(r0, r2));
            var (low13, high13) = (Low(r1, r3), High(r1, r3));
            var to = panel + ((long)step * width);
            Low(low02, low13).Store(to);
            High(low02, low13).Store(to + width);
            Low(high02, high13).Store(to + (2 * width));
            High(high02, high13).Store(to + (3 * width));
        }
        for (; step < depth; step++)
        {
            for (var line = 0; line < 4; line++) panel[((long)step * width) + line] = source[(line * stride) + step];
        }
    }

    /// <summary>The lower halves, alternating.</summary>
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackLow(a, b)
            : Vector128.Create(a[0], b[0], a[1], b[1]);

    /// <summary>The upper halves, alternating.</summary>
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        System.Runtime.Intrinsics.X86.Sse.IsSupported
            ? System.Runtime.Intrinsics.X86.Sse.UnpackHigh(a, b)
            : Vector128.Create(a[2], b[2], a[3], b[3]);
}
