namespace GraphRec.Ranking.Features;

/// <summary>
/// When and on what is asked: the hour (UTC), whether it is a weekend, and the kind of device. The same for every candidate, so
/// that it orders nothing alone; trees combine it with length and the like.
/// </summary>
public sealed class RequestContextFeatures : IFeatureFamily
{
    public int Revision => 1;

    public IReadOnlyList<Feature> Features { get; } =
        [new("context.hour", LedgerNames.Context), new("context.weekend", LedgerNames.Context), new("context.device", LedgerNames.Context)];

    public void Fill(RankingRequest request, FeatureColumns into)
    {
        var (hour, weekend, device) = (request.Now.UtcDateTime.Hour, request.Now.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0, DeviceOf(request.Device));
        for (var row = 0; row < request.Candidates.Length; row++) (into[row, 0], into[row, 1], into[row, 2]) = (hour, weekend, device);
    }

    /// <summary>0 unknown, 1 phone, 2 tablet, 3 computer, 4 television, 5 another.</summary>
    private static float DeviceOf(string? device) => device?.ToUpperInvariant() switch
    {
        null or "" => 0,
        "MOBILE" or "PHONE" or "IOS" or "ANDROID" => 1,
        "TABLET" => 2,
        "WEB" or "DESKTOP" or "COMPUTER" => 3,
        "TV" or "TELEVISION" => 4,
        _ => 5,
    };
}
