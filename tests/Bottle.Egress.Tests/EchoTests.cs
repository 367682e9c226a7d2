using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bottle.Egress.Tests;

/// <summary>Upstreams that send the credential back: attack 19.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EchoTests
{
    private const string Table = """
          - {host: api.demo.test, methods: [GET, POST], auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
          - {host: none.demo.test}
        """;

    [Test]
    public async Task An_upstream_that_echoes_the_request_does_not_give_the_credential_away()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = async http =>
        {
            http.Response.Headers["X-Echo"] = http.Request.Headers.Authorization;
            await http.Response.WriteAsync($"you sent {http.Request.Headers.Authorization} ({Convert.ToBase64String(Encoding.ASCII.GetBytes(http.Request.Headers.Authorization!))})");
        };
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Head + response.Body, Does.Not.Contain(EgressHarness.Token).And.Not.Contain("Y2FuYXJ5"));
        Assert.That(response.Body, Does.StartWith("you sent Bearer ****"));
        Assert.That(response.Header("x-echo"), Does.StartWith("Bearer ****"));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    public async Task A_compressed_echo_is_decompressed_and_searched(string encoding)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = async http =>
        {
            http.Response.Headers.ContentEncoding = encoding;
            await using Stream compressed = encoding switch
            {
                "gzip" => new System.IO.Compression.GZipStream(http.Response.Body, System.IO.Compression.CompressionMode.Compress),
                "br" => new System.IO.Compression.BrotliStream(http.Response.Body, System.IO.Compression.CompressionMode.Compress),
                _ => new System.IO.Compression.ZLibStream(http.Response.Body, System.IO.Compression.CompressionMode.Compress),
            };
            await compressed.WriteAsync(Encoding.ASCII.GetBytes($"echo {http.Request.Headers.Authorization} end"));
        };
        var response = await egress.AskAsync("api.demo.test", "GET /\nAccept-Encoding: gzip, br");
        Assert.That(response.Body, Is.EqualTo($"echo Bearer {new string('*', EgressHarness.Token.Length)} end"));
        Assert.That(egress.Upstream.Requests.Single().Headers["Accept-Encoding"], Is.EqualTo("identity"));
    }

    [Test]
    public async Task A_compressed_echo_is_found_across_the_pieces_in_which_it_comes()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        using var more = new SemaphoreSlim(0);
        egress.Upstream.Handler = async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await using var compressed = new System.IO.Compression.GZipStream(http.Response.Body, System.IO.Compression.CompressionMode.Compress);
            await compressed.WriteAsync(Encoding.ASCII.GetBytes("begun " + EgressHarness.Token[..11]));
            await compressed.FlushAsync();
            await http.Response.Body.FlushAsync();
            // The rest is only sent once the beginning has arrived, so the two are never read as one.
            await more.WaitAsync();
            await compressed.WriteAsync(Encoding.ASCII.GetBytes(EgressHarness.Token[11..] + " end"));
        };
        using var client = egress.CreateHttpClient();
        using var response = await client.GetAsync(new Uri("https://api.demo.test/"), HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[6];
        await body.ReadExactlyAsync(first);
        more.Release();
        Assert.That(Encoding.ASCII.GetString(first) + await new StreamReader(body).ReadToEndAsync(), Is.EqualTo($"begun {new string('*', EgressHarness.Token.Length)} end"));
    }

    [Test]
    public async Task An_unknown_encoding_that_could_hide_the_credential_is_not_passed_on()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Response.Headers.ContentEncoding = "zstd";
            return http.Response.WriteAsync("?");
        };
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Code), Is.EqualTo((502, "BTL6016")));
    }

    [Test]
    public async Task Ranges_are_not_asked_for_where_a_credential_could_be_read_in_pieces()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("api.demo.test", "GET /\nRange: bytes=0-3\nIf-Range: x");
        await egress.AskAsync("none.demo.test", "GET /\nRange: bytes=0-3");
        Assert.That(egress.Upstream.Requests.Select(r => r.Headers.ContainsKey("Range")), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public async Task An_echo_in_small_pieces_is_found_across_them_and_streams_on()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var seen = new TaskCompletionSource();
        egress.Upstream.Handler = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: first\n\n");
            await http.Response.Body.FlushAsync();
            // The second event is only sent once the first has arrived.
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(10));
            foreach (var c in $"data: {EgressHarness.Token}\n\n")
            {
                await http.Response.WriteAsync(c.ToString());
                await http.Response.Body.FlushAsync();
            }
        };
        using var client = egress.CreateHttpClient();
        using var response = await client.GetAsync(new Uri("https://api.demo.test/events"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.That(await reader.ReadLineAsync(), Is.EqualTo("data: first"));
        seen.SetResult();
        Assert.That(await reader.ReadToEndAsync(), Is.EqualTo($"\ndata: {new string('*', EgressHarness.Token.Length)}\n\n"));
    }
}
