using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GraphRec.Ranking.Features;

/// <summary>All features of the ranker, in column order.</summary>
public sealed class FeatureSet
{
    private readonly IFeatureFamily[] _families;
    private readonly int[] _groups;

    /// <param name="sources">The candidate sources, in their order.</param>
    public FeatureSet(IReadOnlyList<string> sources)
    {
        _families =
        [
            new SourceScores(sources), new SourceRanks(sources), new LinearFit(), new LikedNeighbours(), new LastSeeds(), new SharedWithLiked(),
            new OriginAffinity(), new LengthHabit(), new YearHabit(), new Popularity(), new Trend(), new ReleaseAge(), new CompletionRate(),
            new MeanRating(), new SeasonState(), new OwnBehaviour(), new ExposureCount(), new RequestContextFeatures(), new HistorySize(),
        ];
        Features = [.. _families.SelectMany(family => family.Features)];
        SourceCount = sources.Count;
        Groups = [.. sources, .. Features.Select(feature => feature.Group).Where(group => group != LinearFit.Group).Except(sources)];
        _groups = [.. Features.Select(feature => Groups.ToList().IndexOf(feature.Group))];
        Fingerprint = FingerprintOf(_families);
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>How many columns.</summary>
    public int Count => Features.Count;

    /// <summary>How many of the groups are sources.</summary>
    public int SourceCount { get; }

    /// <summary>Under which names parts of scores are shown: the sources in their order, and then the others.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>The group of a feature; negative for the linear score, whose part is divided among the sources.</summary>
    public int GroupOf(int feature) => _groups[feature];

    /// <summary>16 hexadecimal digits of names and revisions: two sets with the same fingerprint mean the same by every column.</summary>
    public string Fingerprint { get; }

    /// <summary>Fills a row-major matrix of candidates × features.</summary>
    /// <param name="request">Whom, when, and which candidates.</param>
    /// <param name="matrix">Candidates · <see cref="Count"/> values; overwritten.</param>
    public void Fill(RankingRequest request, Span<float> matrix)
    {
        matrix[..(request.Candidates.Length * Count)].Clear();
        var first = 0;
        foreach (var family in _families)
        {
            family.Fill(request, new FeatureColumns(matrix, Count, first));
            first += family.Features.Count;
        }
    }

    private static string FingerprintOf(IFeatureFamily[] families)
    {
        var text = string.Join('\n', families.SelectMany(f => f.Features.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Name} {f.Revision}"))));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
