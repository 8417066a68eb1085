using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace GraphRec.Api.Execution;

/// <summary>
/// Writes JSON as UTF-8 into one pooled array. Not <c>Utf8JsonWriter</c>, because GraphQL takes back what it wrote: a
/// null where none may be erases its parent (<see cref="Truncate"/>). Callers write valid structure; nothing checks it.
/// </summary>
internal sealed class JsonOutput : IDisposable
{
    /// <summary>What a JSON string may not hold as it is (RFC 8259, section 7), and surrogates, which may be unpaired.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create(EscapedChars());

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Takes back everything after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = length;

    public void Byte(byte value)
    {
        if (Length == _buffer.Length) Grow(1);
        _buffer[Length++] = value;
    }

    /// <summary>Bytes that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Space(json.Length));
        Length += json.Length;
    }

    /// <summary>A property name with its colon.</summary>
    public void Name(string name)
    {
        String(name);
        Byte((byte)':');
    }

    public void String(string value)
    {
        Byte((byte)'"');
        var rest = value.AsSpan();
        while (true)
        {
            var next = rest.IndexOfAny(Escaped);
            Plain(next < 0 ? rest : rest[..next]);
            if (next < 0) break;
            rest = rest[(next + Escape(rest[next..]))..];
        }
        Byte((byte)'"');
    }

    public void Int(int value)
    {
        Utf8Formatter.TryFormat(value, Space(11), out var written);
        Length += written;
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
    /// <exception cref="ArithmeticException">It is not finite, which JSON and GraphQL cannot say.</exception>
    public void Float(double value)
    {
        if (!double.IsFinite(value)) throw new ArithmeticException("A Float must be finite.");
        value.TryFormat(Space(32), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    public void Bool(bool value) => Raw(value ? "true"u8 : "false"u8);

    public void Null() => Raw("null"u8);

    /// <summary>A UTC time in ISO 8601, to the millisecond when it has a fraction: <c>2026-01-31T20:15:00Z</c>.</summary>
    public void Time(DateTimeOffset value) => Ascii(value.UtcDateTime, value.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ");

    /// <summary>A day in ISO 8601: <c>2026-01-31</c>.</summary>
    public void Date(DateOnly value) => Ascii(value, "yyyy-MM-dd");

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
    }

    private void Ascii<T>(T value, string format) where T : IUtf8SpanFormattable
    {
        Byte((byte)'"');
        value.TryFormat(Space(32), out var written, format, CultureInfo.InvariantCulture);
        Length += written;
        Byte((byte)'"');
    }

    private void Plain(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        Length += Encoding.UTF8.GetBytes(text, Space(text.Length * 3));
    }

    /// <summary>Writes the first character escaped (a surrogate pair as it is) and returns how many characters that was.</summary>
    private int Escape(ReadOnlySpan<char> text)
    {
        var c = text[0];
        if (char.IsHighSurrogate(c) && text.Length > 1 && char.IsLowSurrogate(text[1]))
        {
            Plain(text[..2]);
            return 2;
        }
        switch (c)
        {
            case '"': Raw("\\\""u8); break;
            case '\\': Raw("\\\\"u8); break;
            case '\n': Raw("\\n"u8); break;
            case '\r': Raw("\\r"u8); break;
            case '\t': Raw("\\t"u8); break;
            default:
                Raw("\\u"u8);
                ((int)(char.IsSurrogate(c) ? '\ufffd' : c)).TryFormat(Space(4), out var written, "x4", CultureInfo.InvariantCulture);
                Length += written;
                break;
        }
        return 1;
    }

    private Span<byte> Space(int count)
    {
        if (_buffer.Length - Length < count) Grow(count);
        return _buffer.AsSpan(Length);
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + count));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private static string EscapedChars()
    {
        var chars = new StringBuilder("\"\\");
        for (var c = '\0'; c < ' '; c++) chars.Append(c);
        for (var c = '\ud800'; c <= '\udfff'; c++) chars.Append(c);
        return chars.ToString();
    }
}
