using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bottle.Egress.Tests;

/// <summary>Credentials: attacks 16a to 19 and the tokens' life.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class CredentialTests
{
    private const string Table = """
          - {host: api.demo.test, methods: [GET, POST], auth: {scheme: Bearer, token_env: EGRESS_TOKEN_0}}
          - {host: key.demo.test, methods: [GET, POST], auth: {scheme: header, header: x-api-key, token_env: EGRESS_TOKEN_0}}
          - {host: none.demo.test}
          - {host: pass.demo.test, client_auth: "pass"}
        """;

    [TestCase("Authorization: Bearer mine")]
    [TestCase("AUTHORIZATION: Bearer mine\nauthorization: Bearer mine2")]
    [TestCase("Proxy-Authorization: Basic bWluZQ==")]
    [TestCase("Cookie: session=mine")]
    [TestCase("X-Api-Key: mine")]
    [TestCase("X_Api_Key: mine")]
    [TestCase("api-key: mine")]
    [TestCase("Private-Token: mine")]
    [TestCase("x-goog-api-key: mine")]
    [TestCase("Connection: Authorization, X-Trace\nAuthorization: Bearer mine")]
    public async Task What_a_client_brings_of_its_own_is_removed_on_every_route(string headers)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        foreach (var host in new[] { "api.demo.test", "key.demo.test", "none.demo.test" })
        {
            Assert.That((await egress.AskAsync(host, "GET /x?a=1&key=mine&Access_Token=mine&%6bey=mine\n" + headers)).Status, Is.EqualTo(200));
        }
        Assert.That(egress.Upstream.Requests.Select(r => r.Target).Distinct(), Is.EqualTo(new[] { "/x?a=1" }));
        Assert.That(egress.Upstream.Requests.SelectMany(r => r.Headers.Values), Has.None.Contains("mine").And.None.Contains("bWluZQ"));
        Assert.That(egress.Upstream.Requests.Select(r => r.Headers.GetValueOrDefault("Authorization")), Is.EqualTo(new[] { "Bearer " + EgressHarness.Token, null, null }));
        Assert.That(egress.Upstream.Requests.Select(r => r.Headers.GetValueOrDefault("X-Api-Key")), Is.EqualTo(new[] { null, EgressHarness.Token, null }));
    }

    [Test]
    public async Task A_route_may_let_the_clients_credentials_pass()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("pass.demo.test", "GET /x?key=mine\nAuthorization: Bearer mine\nCookie: a=b\nProxy-Authorization: Basic bWluZQ==");
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Target, seen.Headers["Authorization"], seen.Headers["Cookie"], seen.Headers.ContainsKey("Proxy-Authorization")), Is.EqualTo(("/x?key=mine", "Bearer mine", "a=b", false)));
    }

    [Test]
    public async Task Trailers_of_a_request_do_not_smuggle_a_credential()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var response = await egress.AskAsync("api.demo.test", "POST /\nTransfer-Encoding: chunked\nTrailer: authorization", "2\r\nhi\r\n0\r\nAuthorization: Bearer mine\r\n\r\n");
        Assert.That(response.Status, Is.EqualTo(200), response.Body);
        Assert.That(egress.Upstream.Requests.Single().Headers["Authorization"], Is.EqualTo("Bearer " + EgressHarness.Token));
    }

    [Test]
    public async Task Headers_that_reroute_are_removed()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("api.demo.test", "GET /\nX-Original-URL: /secret\nX-Rewrite-Url: /secret\nX-Forwarded-Host: evil.test\nForwarded: host=evil.test\nX-HTTP-Host-Override: evil.test");
        Assert.That(egress.Upstream.Requests.Single().Headers.Values, Has.None.Contains("secret").And.None.Contains("evil"));
    }

    [Test]
    public async Task A_redirect_is_handed_to_the_client_and_never_followed()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Response.Redirect("https://none.demo.test/elsewhere");
            return Task.CompletedTask;
        };
        var response = await egress.AskAsync("api.demo.test", "GET /");
        Assert.That((response.Status, response.Header("location")), Is.EqualTo((302, "https://none.demo.test/elsewhere")));
        Assert.That(egress.Upstream.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_route_whose_slot_is_empty_is_not_served()
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: api.demo.test, auth: {scheme: Bearer, token_env: EGRESS_TOKEN_7}}");
        await egress.AssertRefusedAsync(await egress.AskAsync("api.demo.test", "GET /"), 503, "BTL6017");
    }

    [Test]
    public async Task A_401_makes_egress_read_the_tokens_again()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Response.StatusCode = http.Request.Headers.Authorization == "Bearer renewed-value" ? 200 : 401;
            return Task.CompletedTask;
        };
        egress.WriteTokens(new Dictionary<string, string> { ["EGRESS_TOKEN_0"] = "renewed-value" });
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(401));
        Assert.That((await egress.AskAsync("api.demo.test", "GET /")).Status, Is.EqualTo(200));
    }

    [TestCase("Basic", "user:pass-canary-1", "Basic dXNlcjpwYXNzLWNhbmFyeS0x")]
    [TestCase("Basic", "dXNlcjpwYXNzLWNhbmFyeS0x", "Basic dXNlcjpwYXNzLWNhbmFyeS0x")]
    [TestCase("token", "ghx-canary", "token ghx-canary")]
    public async Task Schemes_are_written_as_their_servers_want_them(string scheme, string value, string header)
    {
        await using var egress = await EgressHarness.StartAsync("  - {host: api.demo.test, auth: {scheme: " + scheme + ", token_env: EGRESS_TOKEN_0}}");
        egress.WriteTokens(new Dictionary<string, string> { ["EGRESS_TOKEN_0"] = value });
        Assert.That(egress.Server.Policy.Reload(), Is.Null);
        await egress.AskAsync("api.demo.test", "GET /");
        Assert.That(egress.Upstream.Requests.Single().Headers["Authorization"], Is.EqualTo(header));
    }

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

    [Test]
    public async Task No_token_stands_in_logs_introspection_or_errors()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        using var client = egress.CreateHttpClient();
        using var failed = await client.GetAsync(new Uri("https://api.demo.test/x"));
        Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        await egress.Log.FindAsync(l => (int?)l["status"] == 502);
        Assert.That(egress.Log.Text + await failed.Content.ReadAsStringAsync(), Does.Not.Contain("canary"));
    }
}
