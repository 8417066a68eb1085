namespace GraphRec.Learning.Tuning;

/// <summary>Progress told at once, where it is made: <see cref="Progress{T}"/> would post it to another thread.</summary>
internal sealed class Told(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
