using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GraphRec.Api.Schema;

/// <summary>
/// A place in a ranked list, as opaque text: the rank counted from 0, and the graph version it was handed out at. The
/// version is in it so that a later release may answer from it; today the list goes on at the same rank.
/// </summary>
internal static partial class Cursor
{
    public static string Write(int rank, string graphVersion) =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{rank}@{graphVersion}")));

    /// <summary>The rank to go on at: that behind the cursor's.</summary>
    public static int Next(string? cursor)
    {
        if (cursor is null) return 0;
        var bytes = new byte[64];
        if (cursor.Length is 0 or > 80 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length)) throw NotOurs();
        var match = Shape().Match(Encoding.ASCII.GetString(bytes, 0, length));
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + 1 : throw NotOurs();
    }

    private static Core.InvalidInputException NotOurs() =>
        Check.Bad("after is not a cursor from this list; pass an edge's cursor or pageInfo.endCursor as it is, or leave it out to start at the top.");

    [GeneratedRegex(@"\A([0-9]{1,8})@c[0-9]{1,19}\.e[0-9]{1,19}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
