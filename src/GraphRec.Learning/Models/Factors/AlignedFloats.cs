using System.Runtime.InteropServices;

namespace GraphRec.Learning.Models.Factors;

/// <summary>Floats at an address that does not move and is a multiple of 64 bytes, so that vectors never cross cache lines; 0 at first.</summary>
internal sealed unsafe class AlignedFloats
{
    private const int Alignment = 64;

    private readonly float[] _memory;
    private readonly int _first;

    /// <param name="length">How many.</param>
    public AlignedFloats(int length)
    {
        _memory = GC.AllocateArray<float>(length + (Alignment / sizeof(float)), pinned: true);
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        Pointer = (float*)((address + Alignment - 1) / Alignment * Alignment);
        _first = (int)(((nuint)Pointer - address) / sizeof(float));
        Length = length;
    }

    public int Length { get; }

    /// <summary>Valid as long as this object is reachable.</summary>
    public float* Pointer { get; }

    public Span<float> Span => _memory.AsSpan(_first, Length);
}
