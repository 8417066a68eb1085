using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using GraphRec.Core;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Carries requests to the server: its address, who asks, which certificates are trusted, how long to wait. What it says
/// of failures names no secret, even where the server repeats one.
/// </summary>
internal sealed class Neo4jTransport : IDisposable
{
    // As much of the body of a refusal as is read; what it says stands at its beginning.
    private const int RefusalBytes = 64 * 1024;

    private readonly HttpClient _http;
    private readonly Neo4jOptions _options;
    private readonly string[] _secrets;
    private readonly X509Certificate2Collection? _trusted;

    /// <exception cref="InvalidInputException">The file of trusted certificates cannot be read.</exception>
    public Neo4jTransport(Neo4jOptions options)
    {
        _options = options;
        _trusted = options.CaFile is { } file ? Certificates(file) : null;
        _http = new HttpClient(Handler(_trusted)) { Timeout = Timeout.InfiniteTimeSpan };
        var authorization = Authorization(options);
        _http.DefaultRequestHeaders.Authorization = authorization;
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        _secrets = [.. new[] { authorization?.Parameter, options.Password, options.Token }.OfType<string>().Where(s => s.Length > 0)];
    }

    /// <summary>
    /// An address at the configured host, from a path that the server gave. Host and port of what it gave are its own idea
    /// of where it is, which behind a proxy or in a container is not where it can be reached; the path of the
    /// configured address, which such a proxy may ask for, is kept.
    /// </summary>
    public Uri At(string path)
    {
        var prefix = _options.Uri.AbsolutePath.TrimEnd('/');
        var inside = path.StartsWith(prefix + "/", StringComparison.Ordinal) ? path : prefix + "/" + path.TrimStart('/');
        return new Uri(_options.Uri.GetLeftPart(UriPartial.Authority) + inside);
    }

    /// <summary>Sends a request and waits for the head of the answer; the body is left to be read as it arrives.</summary>
    /// <param name="request">Disposed of with the answer.</param>
    /// <param name="about">What failures are about, if it is a statement.</param>
    /// <param name="cancel">Stops waiting, for the body too.</param>
    /// <exception cref="Neo4jException">The server was not reached, or answered that it cannot.</exception>
    public async Task<Neo4jAnswer> SendAsync(HttpRequestMessage request, string? about, CancellationToken cancel)
    {
        var patience = new Patience(_options.Timeout, _options.Clock, cancel);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            try
            {
                if (!response.IsSuccessStatusCode) throw await RefusedAsync(response, about, patience).ConfigureAwait(false);
                return new Neo4jAnswer(request, response, await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false), patience);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (Exception e)
        {
            request.Dispose();
            using (patience)
            {
                if (e is HttpRequestException unreached) throw Unreached(unreached);
                if (e is OperationCanceledException && patience.Exhausted) throw patience.Late(e);
            }
            throw;
        }
    }

    /// <summary>The first of <c>errors</c>, if there is one. The first Query APIs call its code <c>error</c> where the status is not 202.</summary>
    public Neo4jException? Refused(JsonElement errors, string? about)
    {
        if (errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0) return null;
        var (code, message) = (errors[0].Property("code").TextOrNull() ?? errors[0].Property("error").TextOrNull(), errors[0].Property("message").TextOrNull());
        return code is null ? JsonStream.Garbage("an error without a code") : Neo4jHttp.Refused(code, Redacted(message ?? ""), about);
    }

    public void Dispose()
    {
        _http.Dispose();
        foreach (var certificate in _trusted ?? []) certificate.Dispose();
    }

    private static SocketsHttpHandler Handler(X509Certificate2Collection? trusted)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AllowAutoRedirect = false,
            // So that a server that moved is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // Shorter than Neo4j's own 30 s: a connection that it is just closing fails what is sent on it.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        };
        if (trusted is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(trusted);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        return handler;
    }

    private static X509Certificate2Collection Certificates(string file)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(file);
            if (certificates.Count > 0) return certificates;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"CaFile cannot be read as PEM certificates: {file}: {e.Message}");
        }
        throw new InvalidInputException(ErrorCodes.BadUserInput, $"CaFile has no certificate in PEM (-----BEGIN CERTIFICATE-----): {file}.");
    }

    /// <summary>Both schemes carry base64 of what they carry ("Authorize requests" in the manuals of both interfaces).</summary>
    private static AuthenticationHeaderValue? Authorization(Neo4jOptions options)
    {
        static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        if (options.Token is { } token) return new AuthenticationHeaderValue("Bearer", Base64(token));
        return options.User is { } user ? new AuthenticationHeaderValue("Basic", Base64($"{user}:{options.Password}")) : null;
    }

    private Neo4jException Unreached(HttpRequestException e)
    {
        if (e.InnerException is AuthenticationException untrusted)
        {
            return new Neo4jException(
                "", $"{Authority} is not trusted: {untrusted.Message} Name the certificate of its authority, or its own, in CaFile.", transient: false, e);
        }
        // Where there was no connection nothing can have been done; where there was one, anything.
        var sent = e.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError);
        var what = sent ? "broke off the exchange" : "cannot be reached";
        return new Neo4jException("", $"{Authority} {what}: {e.Message}", HttpClientResiliencePredicates.IsTransient(Outcome.FromException<HttpResponseMessage>(e)), e) { Unknown = sent };
    }

    private async Task<Neo4jException> RefusedAsync(HttpResponseMessage response, string? about, Patience patience)
    {
        var (status, body) = (response.StatusCode, await BeginningAsync(response, patience).ConfigureAwait(false));
        var said = Errors(body, about);
        if (status == HttpStatusCode.Unauthorized)
            return new Neo4jException(said?.Code ?? "Neo.ClientError.Security.Unauthorized", $"{Authority} refuses the user name, password or token.", transient: false);
        if ((int)status is >= 300 and < 400)
            return new Neo4jException("", $"{Authority} answers that Neo4j is at {Redacted(response.Headers.Location?.ToString() ?? "another address")}: configure that address.", transient: false);
        var passes = HttpClientResiliencePredicates.IsTransient(Outcome.FromResult(response));
        // 408, 429 and 503 say that nothing was done; the other 5xx, which a gateway may answer for a server, say nothing.
        var unknown = passes && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable);
        return new Neo4jException(said?.Code ?? "", said?.Message ?? $"{Authority} answered {(int)status}: {Beginning(Redacted(body))}", said?.Transient ?? passes)
        {
            Unknown = said is null && unknown,
            RetryAfter = RetryAfter(response),
        };
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response, Patience patience)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            var bytes = new byte[RefusalBytes];
            var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, patience.Token).ConfigureAwait(false);
            return Encoding.UTF8.GetString(bytes, 0, read);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && patience.Exhausted))
        {
            // The status says enough.
            return "";
        }
    }

    private Neo4jException? Errors(string body, string? about)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Refused(json.RootElement.Property("errors"), about) is { Code.Length: > 0 } refused ? refused : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } at } when at - _options.Clock.GetUtcNow() is var wait => wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private string Authority => _options.Uri.GetLeftPart(UriPartial.Authority);

    private static string Beginning(string text) => text.Length > 500 ? text[..500] : text;

    /// <summary>A text of the server's without the secrets that a proxy may have repeated in it.</summary>
    private string Redacted(string text) => _secrets.Aggregate(text, static (t, secret) => t.Replace(secret, "***", StringComparison.Ordinal));
}

/// <summary>An answer whose head has come, and whose body is read as it arrives.</summary>
internal sealed class Neo4jAnswer(HttpRequestMessage request, HttpResponseMessage response, Stream body, Patience patience) : IDisposable
{
    public HttpResponseHeaders Headers => response.Headers;

    public JsonStream Json { get; } = new(body, patience);

    public void Dispose()
    {
        Json.Dispose();
        response.Dispose();
        request.Dispose();
        patience.Dispose();
    }
}
