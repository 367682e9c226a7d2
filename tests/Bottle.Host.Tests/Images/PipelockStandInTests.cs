using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

/// <summary>The stand-in must refuse what pipelock would, or a test that passes with it says nothing about the real one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Stop disposes them, once, after the last test.")]
public sealed class PipelockStandInTests
{
    private const string AwsKey = "AKIAIOSFODNN7EXAMPLE";
    private const string GitHubToken = "ghp_0123456789012345678901234567890123456789";

    private readonly TestAuthority pipelockAuthority = new("pipelock");
    private readonly TestAuthority upstreamAuthority = new("upstream");
    private TlsUpstream upstream = null!;
    private StandInProcess standIn = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        upstream = new TlsUpstream(upstreamAuthority.Issue("localhost"));
        standIn = new StandInProcess(pipelockAuthority, upstreamAuthority.Certificate.ExportCertificatePem());
        await standIn.StartAsync(standIn.Config("""[localhost, 127.0.0.1, "*.wild.invalid"]""", "[127.0.0.1]", """["127.0.0.1/32", "::1/128"]"""));
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await standIn.DisposeAsync();
        await upstream.DisposeAsync();
        pipelockAuthority.Dispose();
        upstreamAuthority.Dispose();
    }

    [SetUp]
    public void Forget() => upstream.Seen.Clear();

    private HttpClient Client(TestAuthority trusted, int? port = null) => new(new SocketsHttpHandler
    {
        Proxy = new WebProxy($"http://127.0.0.1:{port ?? standIn.Port}"),
        SslOptions =
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
                chain.ChainPolicy.CustomTrustStore.Add(trusted.Certificate);
                return chain.Build((X509Certificate2)certificate!);
            },
        },
    });

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, TestAuthority? trusted = null)
    {
        using var client = Client(trusted ?? pipelockAuthority);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private HttpRequestMessage Request(string host = "localhost", string? body = null, Version? version = null) =>
        new(body is null ? HttpMethod.Get : HttpMethod.Post, $"https://{host}:{upstream.Port}/v1/x") { Content = body is null ? null : new StringContent(body), Version = version ?? HttpVersion.Version11 };

    [TestCase(1)]
    [TestCase(2)]
    public async Task A_listed_host_is_intercepted_with_the_configured_authority(int version)
    {
        var answer = await SendAsync(Request(version: new Version(version, version == 1 ? 1 : 0)));
        Assert.That(answer, Is.EqualTo((HttpStatusCode.OK, "seen")), () => string.Join('\n', standIn.Log));
        Assert.That(upstream.Seen, Has.Exactly(1).StartsWith("GET /v1/x HTTP/1.1\r\n"));
    }

    [Test]
    public async Task An_unlisted_host_is_refused_at_CONNECT()
    {
        var refused = (await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(Request("other.invalid"))))!;
        Assert.That(refused.Message, Does.Contain("403"));
        Assert.That(() => standIn.Log, (Has.Some.Contains("CONNECT blocked: domain not in allowlist: other.invalid").And.Some.Contains("pipelock-stand-in")).After(3).Seconds.PollEvery(20).MilliSeconds);
        Assert.That(upstream.Seen, Is.Empty);
    }

    [TestCase("a.wild.invalid")]
    [TestCase("wild.invalid")]
    public async Task A_wildcard_of_the_allowlist_covers_the_apex_and_an_unknown_name_fails_closed(string host)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(Request(host)));
        Assert.That(() => standIn.Log, (Has.Some.Contains($"SSRF check failed: DNS resolution error for {host}")).After(3).Seconds.PollEvery(20).MilliSeconds);
    }

    [Test]
    public async Task A_body_with_a_key_is_stopped()
    {
        var answer = await SendAsync(Request(body: $"keep {AwsKey} for me"));
        Assert.That(answer, Is.EqualTo((HttpStatusCode.Forbidden, "blocked: request body contains secret: AWS Access ID\n")));
        Assert.That(upstream.Seen, Is.Empty);
    }

    [Test]
    public async Task A_compressed_body_is_stopped_because_it_cannot_be_read()
    {
        using var request = Request(body: "x");
        request.Content!.Headers.ContentEncoding.Add("gzip");
        Assert.That((await SendAsync(request)).Body, Does.StartWith("blocked: request body uses Content-Encoding \"gzip\""));
        Assert.That(upstream.Seen, Is.Empty);
    }

    [Test]
    public async Task A_header_with_a_token_is_stopped_but_not_one_that_the_file_ignores()
    {
        using var stopped = Request();
        stopped.Headers.Add("x-note", GitHubToken);
        Assert.That((await SendAsync(stopped)).Body, Is.EqualTo("blocked: request header contains secret\n"));
        using var passes = Request();
        passes.Headers.Add("authorization", $"Bearer {GitHubToken}");
        Assert.That((await SendAsync(passes)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(upstream.Seen, Has.Exactly(1).Contains(GitHubToken));
    }

    [Test]
    public async Task Another_Host_than_the_tunnels_is_refused()
    {
        using var request = Request();
        request.Headers.Host = "other.invalid";
        Assert.That((await SendAsync(request)).Body, Is.EqualTo("authority mismatch: blocked\n"));
        Assert.That(upstream.Seen, Is.Empty);
    }

    [Test]
    public async Task A_passthrough_host_is_a_raw_pipe_with_the_upstreams_own_certificate()
    {
        var answer = await SendAsync(Request("127.0.0.1", body: AwsKey), trusted: upstreamAuthority);
        Assert.That(answer, Is.EqualTo((HttpStatusCode.OK, "seen")));
        Assert.That(upstream.Seen, Has.Exactly(1).Contains(AwsKey));
    }

    [Test]
    public async Task A_private_address_is_refused_unless_the_file_lists_it()
    {
        await using var strict = new StandInProcess(pipelockAuthority, "");
        await strict.StartAsync(strict.Config("[localhost]", "[]", "[]"));
        using var client = Client(pipelockAuthority, strict.Port);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri($"https://localhost:{upstream.Port}/")));
        Assert.That(() => strict.Log, (Has.Some.Contains("SSRF blocked: localhost resolves to internal IP")).After(3).Seconds.PollEvery(20).MilliSeconds);
        Assert.That(upstream.Seen, Is.Empty);
    }

    [Test]
    public async Task An_upstream_that_is_not_trusted_is_an_error()
    {
        await using var distrusting = new StandInProcess(pipelockAuthority, pipelockAuthority.Certificate.ExportCertificatePem());
        await distrusting.StartAsync(distrusting.Config("[localhost]", "[]", """["127.0.0.1/32", "::1/128"]"""));
        using var client = Client(pipelockAuthority, distrusting.Port);
        using var response = await client.GetAsync(new Uri($"https://localhost:{upstream.Port}/"));
        Assert.That((response.StatusCode, await response.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.BadGateway, "upstream error\n")));
    }

    [Test]
    public async Task The_health_check_tells_whether_it_answers()
    {
        Assert.That((await standIn.RunAsync("healthcheck", "--addr", $"127.0.0.1:{standIn.Port}")).ExitCode, Is.Zero);
        Assert.That((await standIn.RunAsync("healthcheck", "--addr", "127.0.0.1:1")).ExitCode, Is.EqualTo(1));
    }
}
