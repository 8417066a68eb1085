using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using GraphRec.Core;
using GraphRec.Storage.Neo4j;
using Xunit;

namespace GraphRec.Contracts.Neo4j.Client;

/// <summary>Who asks, whom they trust, and that nobody else learns of it.</summary>
public sealed class SecretTests
{
    private const string Secret = "pa:ss€word-7f3a";

    private static readonly string Base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes("curator:" + Secret));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Statement One => new Cypher("test/one", "RETURN 1").With();

    [Fact]
    public async Task User_and_password_go_with_every_request()
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)));
        using var client = await neo4j.ConnectAsync(o => o with { User = "curator", Password = Secret });
        await client.QueryAsync("test", One, row => 0, Cancel);
        Assert.Equal(3, neo4j.Server.Heard.Count);
        Assert.All(neo4j.Server.Heard, r => Assert.Equal("Basic " + Base64, r.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_token_goes_in_base64()
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Rows(1)));
        using var client = await neo4j.ConnectAsync(o => o with { Token = "xbhkjnlvianztghqwawxqfe" });
        Assert.All(neo4j.Server.Heard, r => Assert.Equal("Bearer eGJoa2pubHZpYW56dGdocXdhd3hxZmU=", r.Headers["Authorization"]));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task No_failure_tells_a_secret_not_even_where_the_server_repeats_it(int status)
    {
        foreach (var with in new Func<Neo4jOptions, Neo4jOptions>[] { o => o with { User = "curator", Password = Secret }, o => o with { Token = Secret } })
        {
            await using var neo4j = new FakeNeo4j((_, request, stream, _) => ScriptedServer.WriteAsync(
                stream, status, $$"""{"results":[],"errors":[{"code":"Neo.ClientError.Security.Unauthorized","message":"{{Secret}} of {{request.Headers["Authorization"]}}"}]}"""));
            var options = with(neo4j.Options) with { Attempts = 2 };
            using var client = await Neo4jClient.ConnectAsync(options, Cancel);
            var told = (await Assert.ThrowsAsync<StorageException>(() => client.QueryAsync("test", One, row => 0, Cancel))).ToString() + options;
            Assert.DoesNotContain(Secret, told);
            Assert.DoesNotContain(Base64, told);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), told);
        }
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_not_tried_again()
    {
        await using var neo4j = new FakeNeo4j((_, _, stream, _) => ScriptedServer.WriteAsync(stream, 401, FakeNeo4j.Error("Neo.ClientError.Security.Unauthorized")));
        using var client = await neo4j.ConnectAsync(o => o with { User = "curator", Password = Secret });
        var failed = await Assert.ThrowsAsync<StorageException>(() => client.QueryAsync("test", One, row => 0, Cancel));
        Assert.Contains("refuses the user name, password or token", failed.Message);
        Assert.False(failed.Retryable);
        Assert.Equal(1, neo4j.Commits);
    }

    [Theory]
    [InlineData("http://curator:7f3a@localhost:7474")]
    [InlineData("bolt://curator:7f3a@localhost:7687")]
    [InlineData("//curator:7f3a@localhost:7474")]
    [InlineData("curator:7f3a@localhost")]
    public async Task An_address_with_a_password_in_it_is_refused_without_repeating_it(string address)
    {
        var options = new Neo4jOptions(new Uri(address, UriKind.RelativeOrAbsolute));
        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => Neo4jClient.ConnectAsync(options, Cancel));
        Assert.Contains("as settings of their own", refused.Message);
        Assert.DoesNotContain("7f3a", refused.ToString() + options);
    }

    [Fact]
    public async Task Https_wants_a_certificate_that_is_trusted_and_CaFile_says_which()
    {
        using var own = SelfSigned();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, own.ExportCertificatePem(), Cancel);
        await using var server = new ScriptedServer((_, stream, _) => ScriptedServer.WriteAsync(stream, 200, FakeNeo4j.Discovery), own);
        try
        {
            using (await Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri) { CaFile = file }, Cancel)) Assert.Single(server.Heard);

            var refused = await Assert.ThrowsAsync<StorageException>(() => Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri), Cancel));
            Assert.Contains("is not trusted", refused.Message);
            Assert.Contains("CaFile", refused.Message);
            Assert.False(refused.Retryable);
            // The name counts too: the certificate is for localhost.
            var byNumber = new UriBuilder(server.Uri) { Host = "127.0.0.1" }.Uri;
            Assert.Contains("is not trusted", (await Assert.ThrowsAsync<StorageException>(() => Neo4jClient.ConnectAsync(new Neo4jOptions(byNumber) { CaFile = file }, Cancel))).Message);

            await File.WriteAllTextAsync(file, "no certificate", Cancel);
            Assert.Contains("CaFile has no certificate", (await Assert.ThrowsAsync<InvalidInputException>(() => Neo4jClient.ConnectAsync(new Neo4jOptions(server.Uri) { CaFile = file }, Cancel))).Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
