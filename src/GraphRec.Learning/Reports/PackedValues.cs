using System.Buffers.Binary;
using System.IO.Compression;
using GraphRec.Core;

namespace GraphRec.Learning.Reports;

/// <summary>
/// A value for each of many users as text of a JSON file: 32-bit floats, little-endian, gzip, base64. In Python:
/// <c>numpy.frombuffer(gzip.decompress(base64.b64decode(text)), '&lt;f4')</c>. Recall has few different values, so that 30,000
/// users take a fifth of what they would as digits.
/// </summary>
public static class PackedValues
{
    /// <summary>Packs values, each rounded to the nearest float.</summary>
    public static string Pack(IReadOnlyList<double> values)
    {
        var bytes = new byte[4 * values.Count];
        for (var n = 0; n < values.Count; n++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * n), (float)values[n]);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <summary>Unpacks them.</summary>
    /// <exception cref="InvalidInputException">The text is damaged.</exception>
    public static double[] Unpack(string text)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            gzip.CopyTo(bytes);
            var values = new double[bytes.Length / 4];
            for (var n = 0; n < values.Length; n++) values[n] = BinaryPrimitives.ReadSingleLittleEndian(bytes.GetBuffer().AsSpan(4 * n));
            return values;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, "the values per user are damaged; measure again, or copy the file again.");
        }
    }
}
