namespace GraphRec.Learning.Simulation;

/// <summary>
/// The random numbers of one part of the simulation (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom
/// number generators", OOPSLA 2014). Every simulated viewer has a stream of their own, keyed by seed and number, so that
/// the order in which threads take viewers cannot matter. Not for secrets.
/// </summary>
internal sealed class SimulationRandom
{
    private ulong _state;
    private double _spare = double.NaN;

    /// <summary>The stream <paramref name="stream"/> of simulation <paramref name="seed"/>.</summary>
    public SimulationRandom(int seed, long stream)
    {
        _state = Mix((ulong)(uint)seed + 0x632BE59BD9B4E019UL) ^ Mix((ulong)stream * 0x9E3779B97F4A7C15UL);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Between(double low, double high) => low + ((high - low) * Unit());

    /// <summary>Uniform in 0 … <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(((UInt128)Next() * (ulong)count) >> 64);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>Standard normal (Box–Muller; the second of each pair is kept for the next call).</summary>
    public double Normal()
    {
        if (!double.IsNaN(_spare))
        {
            var kept = _spare;
            _spare = double.NaN;
            return kept;
        }
        var radius = Math.Sqrt(-2 * Math.Log(1 - Unit()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * Unit());
        _spare = radius * sin;
        return radius * cos;
    }

    /// <summary>
    /// An index drawn in proportion to the steps of a running sum; −1 when the sum is 0. An index whose step is 0 is never drawn.
    /// </summary>
    public int FromRunningSum(ReadOnlySpan<double> sums)
    {
        if (sums.IsEmpty || !(sums[^1] > 0)) return -1;
        var goal = Unit() * sums[^1];
        int low = 0, high = sums.Length - 1;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sums[middle] > goal) high = middle;
            else low = middle + 1;
        }
        return low;
    }

    /// <summary>Puts the numbers into a drawn order (Fisher–Yates).</summary>
    public void Shuffle(Span<int> numbers)
    {
        for (var n = numbers.Length - 1; n > 0; n--)
        {
            var other = Below(n + 1);
            (numbers[n], numbers[other]) = (numbers[other], numbers[n]);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mix(_state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
