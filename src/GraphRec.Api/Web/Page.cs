using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace GraphRec.Api.Web;

/// <summary>
/// <c>/</c>: one page without dependencies. Its policy allows the script and style that are in it, by their hashes, and
/// nothing else.
/// </summary>
internal sealed partial class Page
{
    private readonly byte[] _html;
    private readonly string _policy;
    private readonly string _tag;

    public Page()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("GraphRec.Api.Web.page.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var html = reader.ReadToEnd().ReplaceLineEndings("\n");
        _html = Encoding.UTF8.GetBytes(html);
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(_html).AsSpan(0, 16))}\"";
        _policy = $"default-src 'none'; script-src {HashOf(Script().Match(html))}; style-src {HashOf(Style().Match(html))}; "
            + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    public async Task HandleAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ETag = _tag;
        headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch == _tag)
        {
            context.Response.StatusCode = 304;
            return;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = _html.Length;
        await context.Response.Body.WriteAsync(_html, context.RequestAborted).ConfigureAwait(false);
    }

    private static string HashOf(Match block) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(block.Groups[1].Value)))}'";

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();
}
