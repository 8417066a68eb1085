using System.Buffers;
using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>Reads JSON as it arrives: token by token, or a whole value at a time, without holding the whole answer.</summary>
internal sealed class JsonStream(Stream stream) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;
    private bool _final;
    private JsonReaderState _state;

    /// <summary>The name, when the last token was a property's name; the text, when it was a text.</summary>
    public string? Text { get; private set; }

    /// <summary>The next token; <see cref="JsonTokenType.None"/> at the end.</summary>
    /// <exception cref="JsonException">The text is not JSON, or ends too early.</exception>
    public async ValueTask<JsonTokenType> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (TryRead(out var token)) return token;
            if (_final) return JsonTokenType.None;
            await FillAsync(cancel).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The next whole value; null when the array it would be in ends instead. Dispose of it after use.
    /// </summary>
    public async ValueTask<JsonDocument?> ReadValueAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (TryReadValue(out var value)) return value;
            if (_final) throw new JsonException("The answer ended in the middle.");
            await FillAsync(cancel).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool TryRead(out JsonTokenType token)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _final, _state);
        token = JsonTokenType.None;
        if (!reader.Read()) return false;
        token = reader.TokenType;
        Text = token is JsonTokenType.PropertyName or JsonTokenType.String ? reader.GetString() : null;
        Consume(reader);
        return true;
    }

    private bool TryReadValue(out JsonDocument? value)
    {
        value = null;
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _final, _state);
        if (!reader.Read()) return false;
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            Consume(reader);
            return true;
        }
        if (!JsonDocument.TryParseValue(ref reader, out value)) return false;
        Consume(reader);
        return true;
    }

    private void Consume(in Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private async ValueTask FillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancel).ConfigureAwait(false);
        _final = read == 0;
        _end += read;
    }
}
