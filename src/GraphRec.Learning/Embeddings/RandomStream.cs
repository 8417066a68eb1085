namespace GraphRec.Learning.Embeddings;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) as a value that stays in a register: a walk and a bucket of pairs each have
/// their own, so that the order in which threads take them cannot matter. Not for secrets.
/// </summary>
internal struct RandomStream(ulong state)
{
    /// <summary>What the state moves by.</summary>
    public const ulong Step = 0x9E3779B97F4A7C15UL;

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(state += Step);

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 … <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Bits that look unrelated to the value's.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
