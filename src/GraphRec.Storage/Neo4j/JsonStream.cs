using System.Buffers;
using System.Text.Json;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Reads the JSON of an answer as it arrives: token by token, or a whole value at a time, without holding the whole
/// answer. A failure to read on leaves unknown what the server did, and says so.
/// </summary>
internal sealed class JsonStream(Stream stream, Patience patience) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _start;
    private int _end;
    private bool _final;
    private JsonReaderState _state;

    /// <summary>The name, when the last token was a property's name; the text, when it was a text.</summary>
    public string? Text { get; private set; }

    /// <summary>The next token; <see cref="JsonTokenType.None"/> at the end.</summary>
    /// <exception cref="Neo4jException">The text is not JSON, ends too early, or does not come.</exception>
    public async ValueTask<JsonTokenType> ReadAsync()
    {
        while (true)
        {
            if (TryRead(out var token)) return token;
            if (_final) return JsonTokenType.None;
            await FillAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The next token, which must be this one.</summary>
    public async ValueTask ReadAsync(JsonTokenType expected)
    {
        if (await ReadAsync().ConfigureAwait(false) is var token && token != expected) throw Garbage($"{expected} was expected, {token} came");
    }

    /// <summary>
    /// The next whole value; null when the array it would be in ends instead. Dispose of it after use.
    /// </summary>
    public async ValueTask<JsonDocument?> ReadValueAsync()
    {
        var text = await ReadTextAsync().ConfigureAwait(false);
        // What is kept does not hold on to the buffer.
        return text.IsEmpty ? null : JsonDocument.Parse(text.ToArray());
    }

    /// <summary>
    /// The text of the next whole value; empty when the array it would be in ends instead. Valid until more is read.
    /// </summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadTextAsync()
    {
        while (true)
        {
            if (TryReadText(out var text)) return text;
            if (_final) throw BrokenOff();
            await FillAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads over the next value.</summary>
    public async ValueTask SkipAsync() => await ReadTextAsync().ConfigureAwait(false);

    /// <summary>What to throw when the JSON is none of Neo4j's.</summary>
    public static Neo4jException Garbage(string what, Exception? inner = null) =>
        new("", $"What answered does not speak as Neo4j does: {what}.", transient: false, inner) { Unknown = true };

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private static Neo4jException BrokenOff(Exception? inner = null) =>
        new("", "The answer of Neo4j broke off before its end.", transient: true, inner) { Unknown = true };

    private bool TryRead(out JsonTokenType token)
    {
        try
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _final, _state);
            token = JsonTokenType.None;
            if (!reader.Read()) return false;
            token = reader.TokenType;
            Text = token is JsonTokenType.PropertyName or JsonTokenType.String ? reader.GetString() : null;
            Consume(reader);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Wrong(e);
        }
    }

    private bool TryReadText(out ReadOnlyMemory<byte> text)
    {
        try
        {
            text = default;
            var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _final, _state);
            if (!reader.Read()) return false;
            if (reader.TokenType != JsonTokenType.EndArray)
            {
                var begins = (int)reader.TokenStartIndex;
                if (!reader.TrySkip()) return false;
                text = _buffer.AsMemory(_start + begins, (int)reader.BytesConsumed - begins);
            }
            Consume(reader);
            return true;
        }
        catch (JsonException e)
        {
            throw Wrong(e);
        }
    }

    // In the last piece of the answer, what is wrong is that more should follow.
    private Neo4jException Wrong(Exception e) => _final ? BrokenOff(e) : Garbage("its answer is not JSON", e);

    private void Consume(in Utf8JsonReader reader)
    {
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private async ValueTask FillAsync()
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
        try
        {
            patience.Renew();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), patience.Token).ConfigureAwait(false);
            patience.Suspend();
            _final = read == 0;
            _end += read;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw BrokenOff(e);
        }
        catch (OperationCanceledException e) when (patience.Exhausted)
        {
            throw patience.Late(e);
        }
    }
}
