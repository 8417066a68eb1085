namespace GraphRec.Learning.Training;

/// <summary>A thing that two versions say differently.</summary>
/// <param name="What">Which.</param>
/// <param name="First">What the first says; null for nothing.</param>
/// <param name="Second">What the second says; null for nothing.</param>
public sealed record VersionDifference(string What, string? First, string? Second);

/// <summary>How two versions differ.</summary>
/// <param name="First">The name of one.</param>
/// <param name="Second">The name of the other.</param>
/// <param name="Differences">Of what their manifests say.</param>
/// <param name="OnlyFirst">Dramas that the first alone knows.</param>
/// <param name="OnlySecond">Dramas that the second alone knows.</param>
/// <param name="Overlap">
/// How many of the <see cref="Top"/> dramas that a drama speaks for most are the same, as a share: the mean over the dramas that both
/// know and at least one has a list for. 1 when there is none.
/// </param>
public sealed record VersionDiff(
    string First, string Second, IReadOnlyList<VersionDifference> Differences, IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond, double Overlap)
{
    /// <summary>How many dramas of each list are compared: what a row of a page shows and its neighbours.</summary>
    public const int Top = 20;

    /// <summary>Whether their metrics were measured on the same hold-out, so that they can be compared.</summary>
    public bool SameHoldOut { get; private init; }

    /// <summary>Compares two versions.</summary>
    public static VersionDiff Of(ServedVersion first, ServedVersion second)
    {
        var (a, b) = (first.Manifest, second.Manifest);
        var (factsOfA, factsOfB) = (Facts(a), Facts(b));
        var differences = factsOfA.Keys.Union(factsOfB.Keys).Select(what => new VersionDifference(what, factsOfA.GetValueOrDefault(what), factsOfB.GetValueOrDefault(what)))
            .Where(said => said.First != said.Second);
        return new VersionDiff(a.Version, b.Version, [.. differences], [.. first.Dramas.Except(second.Dramas)], [.. second.Dramas.Except(first.Dramas)], OverlapOf(first, second))
        {
            SameHoldOut = a.DataHash == b.DataHash && a.Cut == b.Cut,
        };
    }

    private static Dictionary<string, string?> Facts(ModelManifest manifest)
    {
        var facts = new Dictionary<string, string?>
        {
            ["format"] = FormattableString.Invariant($"{manifest.Format}"),
            ["trained at"] = FormattableString.Invariant($"{manifest.TrainedAt:yyyy-MM-dd HH:mm:ss}"),
            ["seed"] = FormattableString.Invariant($"{manifest.Seed}"),
            ["GraphRec"] = manifest.GraphRec,
            ["commit"] = manifest.Commit,
            ["engagements"] = FormattableString.Invariant($"{manifest.Engagements}"),
            ["data through"] = manifest.Through is { } through ? FormattableString.Invariant($"{through:yyyy-MM-dd HH:mm:ss}") : null,
            ["data hash"] = manifest.DataHash,
            ["test from"] = FormattableString.Invariant($"{manifest.Cut:yyyy-MM-dd HH:mm:ss}"),
            ["gate"] = manifest.Gate?.Outcome,
        };
        foreach (var (name, version) in manifest.Packages) facts[$"package {name}"] = version;
        foreach (var part in manifest.Parts)
        {
            facts[$"{part.Name}: kind"] = part.Kind;
            facts[$"{part.Name}: bytes"] = part.Bytes is { } bytes ? FormattableString.Invariant($"{bytes}") : null;
            facts[$"{part.Name}: features"] = part.Features;
            foreach (var (name, value) in part.Parameters) facts[$"{part.Name}: {name}"] = FormattableString.Invariant($"{value}");
            foreach (var (name, value) in part.Metrics) facts[$"{part.Name}: {name}"] = FormattableString.Invariant($"{value:0.0000}");
        }
        return facts;
    }

    private static double OverlapOf(ServedVersion first, ServedVersion second)
    {
        var numbers = second.Dramas.Select((id, number) => (id, number)).ToDictionary(p => p.id, p => p.number, StringComparer.Ordinal);
        var (sum, count) = (0.0, 0);
        for (var drama = 0; drama < first.Dramas.Count; drama++)
        {
            if (!numbers.TryGetValue(first.Dramas[drama], out var other)) continue;
            var (mine, theirs) = (BestOf(first, drama), BestOf(second, other));
            if (Math.Max(mine.Count, theirs.Count) is var length and > 0) (sum, count) = (sum + ((double)mine.Count(theirs.Contains) / length), count + 1);
        }
        return count == 0 ? 1 : sum / count;
    }

    private static HashSet<string> BestOf(ServedVersion version, int drama)
    {
        var list = version.Lists.Of(drama);
        return [.. list[..Math.Min(Top, list.Length)].ToArray().Select(item => version.Dramas[item])];
    }
}
