namespace GraphRec.Ranking.Features;

/// <summary>One column of the ranker's matrix.</summary>
/// <param name="Name">What models and logs call it: <c>group.what</c> mostly.</param>
/// <param name="Group">Under which name of <see cref="SourceNames"/> or <see cref="LedgerNames"/> its part of a score is shown.</param>
public sealed record Feature(string Name, string Group);

/// <summary>
/// Features that are worked out together. The same code fills the matrix when a request is answered, when a page is logged and
/// when a ranker is trained; whoever changes what a column means raises <see cref="Revision"/>, so that older models and logs
/// are no longer taken for the same.
/// </summary>
public interface IFeatureFamily
{
    /// <summary>From 1; part of the fingerprint.</summary>
    int Revision { get; }

    /// <summary>The columns, in order.</summary>
    IReadOnlyList<Feature> Features { get; }

    /// <summary>Writes the columns of every candidate; what is not written stays 0.</summary>
    void Fill(RankingRequest request, FeatureColumns into);
}

/// <summary>The columns of one family in a row-major matrix of candidates × features.</summary>
public readonly ref struct FeatureColumns(Span<float> matrix, int width, int first)
{
    private readonly Span<float> _matrix = matrix;

    /// <summary>One value: by the candidate's row and the family's own column.</summary>
    public ref float this[int row, int column] => ref _matrix[(row * width) + first + column];
}
