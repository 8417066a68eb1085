using Microsoft.Net.Http.Headers;

namespace GraphRec.Api.Http;

/// <summary>The media types of answers, and which of them a client wants (RFC 9110, section 12.5.1).</summary>
internal static class MediaType
{
    public const string Json = "application/json";
    public const string GraphQLResponse = "application/graphql-response+json";

    private static readonly string[] Offered = [Json, GraphQLResponse];

    /// <summary>
    /// The most wanted of ours; null when the client accepts none. Of equally wanted ones the first named; where only a
    /// wildcard matches application/json, since a client that does not name the newer type (curl, fetch, browsers) may
    /// not know it. Without the header the draft asks for the newer type.
    /// </summary>
    /// <param name="accept">The Accept header's values; none means that anything is accepted.</param>
    public static string? Negotiate(IList<string?> accept)
    {
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is null or "" or GraphQLResponse)) return GraphQLResponse;
        if (accept.Count == 1 && accept[0] is Json or "*/*") return Json;
        if (!MediaTypeHeaderValue.TryParseList((IList<string>)accept, out var ranges)) return null;
        string? best = null;
        var bestQuality = 0.0;
        foreach (var offered in Offered)
        {
            var quality = QualityOf(offered, ranges);
            if (quality > bestQuality || (quality > 0 && quality == bestQuality && NamedBefore(ranges, offered, best!)))
                (best, bestQuality) = (offered, quality);
        }
        return best;
    }

    /// <summary>Whether a request's body is JSON in UTF-8.</summary>
    public static bool IsJsonRequest(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
        && IsUtf8(type);

    private static bool IsUtf8(MediaTypeHeaderValue type)
    {
        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        return !charset.HasValue || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The quality of the most specific range that matches; 0 when none does.</summary>
    private static double QualityOf(string offered, IList<MediaTypeHeaderValue> ranges)
    {
        var (quality, specificity) = (0.0, 0);
        foreach (var range in ranges)
        {
            var matches = SpecificityOf(range, offered);
            if (matches <= specificity) continue;
            (quality, specificity) = (range.Quality ?? 1, matches);
        }
        return quality;
    }

    private static int SpecificityOf(MediaTypeHeaderValue range, string offered)
    {
        if (!IsUtf8(range)) return 0;
        if (range.MatchesAllTypes) return 1;
        if (range.MatchesAllSubTypes) return range.Type.Equals("application", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        return range.MediaType.Equals(offered, StringComparison.OrdinalIgnoreCase) ? 3 : 0;
    }

    private static bool NamedBefore(IList<MediaTypeHeaderValue> ranges, string one, string other)
    {
        foreach (var range in ranges)
        {
            if (SpecificityOf(range, one) == 3) return true;
            if (SpecificityOf(range, other) == 3) return false;
        }
        return false;
    }
}
