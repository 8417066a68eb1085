namespace GraphRec.Ranking;

public sealed class LearnedRanker
{
    public void Score(ReadOnlyMemory<float> rows, int count, Span<float> scores) => throw new NotImplementedException();
    public void Explain(ReadOnlySpan<float> row, Span<double> byFeature) => throw new NotImplementedException();
}
