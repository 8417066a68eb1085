using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>A request as it came over the wire.</summary>
internal sealed record HeardRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public override string ToString() => $"{Method} {Path} {Body}";
}

/// <summary>
/// A server on a real socket that speaks HTTP/1.1 no better than it is told to: it reads whole requests, and what it answers
/// is written byte by byte by the test, so that it can break off, stay silent or answer what no server should.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<HeardRequest> _heard = new();
    private readonly Func<HeardRequest, Stream, CancellationToken, Task> _answer;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="answer">Writes the answer; the connection is closed where it throws <see cref="EndOfStreamException"/>.</param>
    /// <param name="certificate">Makes it an https server.</param>
    public ScriptedServer(Func<HeardRequest, Stream, CancellationToken, Task> answer, X509Certificate2? certificate = null)
    {
        (_answer, _certificate) = (answer, certificate);
        _listener.Start();
        Uri = new Uri($"{(certificate is null ? "http" : "https")}://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Uri { get; }

    /// <summary>What was asked so far.</summary>
    public IReadOnlyList<HeardRequest> Heard => [.. _heard];

    /// <summary>What was asked, but for the discovery.</summary>
    public IReadOnlyList<HeardRequest> Asked => [.. _heard.Where(r => r.Method != "GET")];

    /// <summary>Writes a whole answer.</summary>
    public static Task WriteAsync(Stream stream, int status, string body, params string[] headers) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n{body}")).AsTask();

    /// <summary>Writes the head of an answer whose end is where the connection ends.</summary>
    public static Task WriteHeadAsync(Stream stream, string begin = "") =>
        stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{begin}")).AsTask();

    /// <summary>Closes the connection in the middle of whatever there is.</summary>
    public static Task HangUpAsync() => throw new EndOfStreamException();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                connections.Add(Task.Run(() => ServeAsync(client)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    stream = tls;
                }
                while (await ReadAsync(stream) is { } request)
                {
                    _heard.Enqueue(request);
                    await _answer(request, stream, _stop.Token);
                    await stream.FlushAsync(_stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
            {
                // The client went away, or the script ends here.
            }
        }
    }

    private async Task<HeardRequest?> ReadAsync(Stream stream)
    {
        if (await LineAsync(stream) is not { Length: > 0 } first) return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(stream) is { Length: > 0 } line) headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        var body = new MemoryStream();
        if (headers.TryGetValue("Content-Length", out var length)) await CopyAsync(stream, body, int.Parse(length, CultureInfo.InvariantCulture));
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            while (int.Parse(await LineAsync(stream), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var chunk)
            {
                await CopyAsync(stream, body, chunk);
                await LineAsync(stream);
            }
            await LineAsync(stream);
        }
        var words = first.Split(' ');
        return new HeardRequest(words[0], words[1], headers, Encoding.UTF8.GetString(body.ToArray()));
    }

    private async Task<string> LineAsync(Stream stream)
    {
        var (line, one) = (new List<byte>(), new byte[1]);
        while (await stream.ReadAsync(one, _stop.Token) == 1 && one[0] != '\n') line.Add(one[0]);
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }

    private async Task CopyAsync(Stream from, MemoryStream to, int count)
    {
        var bytes = new byte[count];
        await from.ReadExactlyAsync(bytes, _stop.Token);
        // What is large is only counted.
        if (to.Length < 1 << 20) to.Write(bytes);
    }
}
