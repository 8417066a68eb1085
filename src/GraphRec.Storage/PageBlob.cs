using System.Text;
using GraphRec.Core;

namespace GraphRec.Storage;

/// <summary>
/// The blob of a page, in every store. A version byte, both version strings, from format 3 on the feature set, the number of
/// items; then per item the drama, the row, the position, score, propensity, the features, and from format 2 on a byte for
/// the edge type that its reason rests on: 0 for none, else 1 + <see cref="EdgeType"/>. Features are their number and, up to
/// format 2, each of them; from format 3 on a bit for each, the first one lowest, that says whether it is other than 0, and
/// those. Strings are length-prefixed UTF-8, whole numbers 7-bit encoded, floats 32-bit little-endian. A
/// new format is a new first byte; old ones stay readable.
/// </summary>
internal static class PageBlob
{
    private const byte WithoutVia = 1;
    private const byte WithAllFeatures = 2;
    private const byte Format = 3;

    public static byte[] Write(PageImpression page)
    {
        using var bytes = new MemoryStream(64 + (page.Items.Count * 160));
        using var blob = new BinaryWriter(bytes, Encoding.UTF8);
        blob.Write(Format);
        blob.Write(page.GraphVersion);
        blob.Write(page.ModelVersion);
        blob.Write(page.FeatureSet);
        blob.Write7BitEncodedInt(page.Items.Count);
        foreach (var item in page.Items)
        {
            blob.Write(item.DramaId);
            blob.Write(item.Row);
            blob.Write7BitEncodedInt(item.Position);
            blob.Write(item.Score);
            blob.Write(item.Propensity);
            Write(blob, item.Features);
            blob.Write(item.Via is { } via ? (byte)(1 + (byte)via) : (byte)0);
        }
        blob.Flush();
        return bytes.ToArray();
    }

    /// <param name="store">Who asks, for the error.</param>
    /// <param name="pageId">The page's id.</param>
    /// <param name="userId">Who saw it.</param>
    /// <param name="at">When.</param>
    /// <param name="body">What <see cref="Write"/> made.</param>
    /// <exception cref="StorageException">A newer GraphRec wrote it.</exception>
    public static PageImpression Read(string store, string pageId, string userId, DateTimeOffset at, byte[] body)
    {
        using var blob = new BinaryReader(new MemoryStream(body), Encoding.UTF8);
        var format = blob.ReadByte();
        if (format is < WithoutVia or > Format)
        {
            throw new StorageException(store, "find impressions", retryable: false,
                $"page {pageId} has format {format}, this GraphRec knows formats up to {Format}; use the newer GraphRec that wrote it.");
        }
        var graphVersion = blob.ReadString();
        var modelVersion = blob.ReadString();
        var featureSet = format > WithAllFeatures ? blob.ReadString() : "";
        var items = new Impression[blob.Read7BitEncodedInt()];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = new Impression(
                blob.ReadString(), blob.ReadString(), blob.Read7BitEncodedInt(), blob.ReadSingle(), blob.ReadSingle(), Features(blob, format))
            {
                Via = format == WithoutVia ? null : Via(blob.ReadByte()),
            };
        }
        return new PageImpression(pageId, userId, at, graphVersion, modelVersion, items) { FeatureSet = featureSet };
    }

    private static void Write(BinaryWriter blob, float[] features)
    {
        blob.Write7BitEncodedInt(features.Length);
        for (var first = 0; first < features.Length; first += 8)
        {
            var bits = 0;
            for (var i = first; i < Math.Min(first + 8, features.Length); i++)
                if (Says(features[i])) bits |= 1 << (i - first);
            blob.Write((byte)bits);
        }
        foreach (var feature in features)
            if (Says(feature)) blob.Write(feature);
    }

    /// <summary>Whether any bit of it is set: what is read back is what was written, also −0.</summary>
    private static bool Says(float feature) => BitConverter.SingleToInt32Bits(feature) != 0;

    private static float[] Features(BinaryReader blob, byte format)
    {
        var features = new float[blob.Read7BitEncodedInt()];
        var bits = format > WithAllFeatures ? blob.ReadBytes((features.Length + 7) / 8) : null;
        for (var i = 0; i < features.Length; i++)
            if (bits is null || (bits[i / 8] & (1 << (i % 8))) != 0) features[i] = blob.ReadSingle();
        return features;
    }

    private static EdgeType? Via(byte code) => code == 0 ? null : (EdgeType)(code - 1);
}
