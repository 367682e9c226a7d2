using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Bottle.Egress.Tests;

/// <summary>Credentials: attacks 16a to 18 and the tokens' life.</summary>
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
    [TestCase("X-Auth: mine\nX-Auth-Token: mine\nX-Api-Token: mine\nX-Access-Token: mine\nX-Token: mine")]
    [TestCase("X-Forwarded-Authorization: Bearer mine\nX-Original-Authorization: Bearer mine")]
    [TestCase("CF-Access-Token: mine\nCF-Access-Client-Id: mine\nCF-Access-Client-Secret: mine")]
    [TestCase("X-Remote-User: mine\nRemote_User: mine\nX-Forwarded-User: mine\nX-Forwarded-Email: mine")]
    [TestCase("X-Auth-Email: mine\nX-Auth-Key: mine\nX-NuGet-ApiKey: mine")]
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

    [TestCase("token")]
    [TestCase("accessToken")]
    [TestCase("access.token")]
    [TestCase("access%2etoken")]
    [TestCase("access%20token")]
    [TestCase("auth_token")]
    [TestCase("auth-token")]
    [TestCase("apikey")]
    [TestCase("apiKey")]
    [TestCase("api_key")]
    [TestCase("api-key")]
    [TestCase("api.key")]
    [TestCase("token[]")]
    [TestCase("subscription-key")]
    public async Task Parameters_that_say_who_the_client_is_are_removed(string name)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("none.demo.test", $"GET /x?a=1&{name}=mine&b=2");
        await egress.AskAsync("pass.demo.test", $"GET /x?a=1&{name}=mine&b=2");
        Assert.That(egress.Upstream.Requests.Select(r => r.Target), Is.EqualTo(new[] { "/x?a=1&b=2", $"/x?a=1&{name}=mine&b=2" }));
    }

    [Test]
    public async Task What_ordinary_clients_need_stays()
    {
        // Redirects to signed downloads, forms, paging.
        const string target = "/x?sig=1&X-Amz-Signature=2&jwt=3&page_token=4&tokens=5&keys=6&author=7";
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AskAsync("none.demo.test", $"GET {target}\nX-CSRF-Token: stays\nX-Request-Id: stays\nX-Session-Affinity: stays\nIdempotency-Key: stays");
        var seen = egress.Upstream.Requests.Single();
        Assert.That((seen.Target, seen.Headers.Values.Count(value => value == "stays")), Is.EqualTo((target, 4)));
    }

    [TestCase("api.demo.test", "api.demo.test")]
    [TestCase("api.demo.test", "\"*.demo.test\"")]
    [TestCase("\"*.demo.test\"", "api.demo.test")]
    [TestCase("\"*.demo.test\"", "\"*.demo.test\"")]
    [TestCase("\"*.demo.test\"", "\"*.api.demo.test\"")]
    public async Task What_one_route_brought_to_a_host_cannot_be_read_by_another(string with, string without)
    {
        var host = without.Contains("*.api", StringComparison.Ordinal) ? "any.api.demo.test" : "api.demo.test";
        await using var egress = await EgressHarness.StartAsync(
            $"  - {{host: {with}, path_allowlist: [/put], auth: {{scheme: Bearer, token_env: EGRESS_TOKEN_0}}}}\n  - {{host: {without}, path_allowlist: [/get]}}");
        egress.Proxy.Upstreams[host] = egress.Upstream.Port;
        var remembered = "";
        egress.Upstream.Handler = http =>
        {
            remembered = http.Request.Path == "/put" ? http.Request.Headers.Authorization.ToString() : remembered;
            http.Response.Headers["X-Last"] = remembered;
            return http.Response.WriteAsync("last " + remembered);
        };
        Assert.That((await egress.AskAsync(host, "GET /put")).Status, Is.EqualTo(200));
        var response = await egress.AskAsync(host, "GET /get\nRange: bytes=0-3\nAccept-Encoding: gzip");
        Assert.That(remembered, Does.Contain(EgressHarness.Token));
        Assert.That((response.Body, response.Header("x-last")), Is.EqualTo(($"last Bearer {new string('*', EgressHarness.Token.Length)}", $"Bearer {new string('*', EgressHarness.Token.Length)}")));
        var seen = egress.Upstream.Requests.Last();
        Assert.That((seen.Headers.ContainsKey("Authorization"), seen.Headers.ContainsKey("Range"), seen.Headers["Accept-Encoding"]), Is.EqualTo((false, false, "identity")));
    }

    [Test]
    public async Task A_host_that_no_credential_goes_to_is_not_searched()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        egress.Upstream.Handler = http => http.Response.WriteAsync(EgressHarness.Token);
        Assert.That((await egress.AskAsync("none.demo.test", "GET /")).Body, Is.EqualTo(EgressHarness.Token));
        Assert.That(egress.Server.Policy.Current.Masks.Of("none.demo.test"), Is.Null);
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
