using Bottle.Contracts.Routes;
using FsCheck.Fluent;

namespace Bottle.Egress.Tests;

/// <summary>Paths, end to end: attacks 12 and 21.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PathTests
{
    private const string Table = """
          - {host: api.demo.test, methods: ["any"], path_allowlist: [/ok/*]}
          - {host: free.demo.test, methods: ["any"], inspect: false}
        """;

    [TestCase("/ok/../secret")]
    [TestCase("/ok/%2e%2e/secret")]
    [TestCase("/ok/%2E./secret")]
    [TestCase("/ok/.")]
    [TestCase("/ok//secret")]
    [TestCase("//ok/x")]
    [TestCase("/ok/..%2fsecret")]
    [TestCase("/ok/%252e%252e/secret")]
    [TestCase("/ok/..;/secret")]
    [TestCase("/ok/..%5csecret")]
    [TestCase("/ok/%c0%ae%c0%ae/secret")]
    [TestCase("/ok/%ef%bc%8e%ef%bc%8e/secret")]
    public async Task A_path_with_two_readings_is_refused_where_paths_are_limited(string path)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        await egress.AssertRefusedAsync(await egress.AskAsync("api.demo.test", "GET " + path), 400, "BTL6007");
    }

    [TestCase("/ok\\..\\secret")]
    [TestCase("/ok/%00")]
    [TestCase("/ok/%zz")]
    [TestCase("/ok/\u00e9")]
    [TestCase("/ok/#secret")]
    [TestCase("/ok/x?a=#b")]
    [TestCase("*")]
    public async Task A_path_that_is_no_path_is_refused_everywhere(string path)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        foreach (var host in new[] { "api.demo.test", "free.demo.test" })
        {
            Assert.That((await egress.AskAsync(host, "OPTIONS " + path)).Status, Is.EqualTo(400));
        }
        Assert.That(egress.Proxy.Targets, Is.Empty);
        await egress.Log.FindAsync(l => (string?)l["code"] == "BTL6010");
    }

    [TestCase("/%6fk/x", "/ok/x")]
    [TestCase("/ok/@scope%2fname", "/ok/@scope%2Fname")]
    [TestCase("/ok/a%20b?q=%2e%2e/", "/ok/a%20b?q=%2e%2e/")]
    [TestCase("/ok/x?a=b&c", "/ok/x?a=b&c")]
    public async Task The_canonical_path_is_the_one_that_is_forwarded(string sent, string seen)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        Assert.That((await egress.AskAsync("api.demo.test", "GET " + sent)).Status, Is.EqualTo(200));
        Assert.That(egress.Upstream.Requests.Single().Target, Is.EqualTo(seen));
    }

    [TestCase("GET /o/r.git/info/refs?service=git-receive-pack")]
    [TestCase("POST /o/r.git/git-receive-pack\nContent-Length: 0")]
    [TestCase("POST /o/r/GIT-RECEIVE-PACK\nContent-Length: 0")]
    [TestCase("POST /o/r.git/git%2dreceive%2Dpack\nContent-Length: 0")]
    [TestCase("POST /o/r.git/git%252dreceive-pack\nContent-Length: 0")]
    [TestCase("GET /o/r.git/info/refs?x=1&service=%67it-receive-pack")]
    [TestCase("POST /o/r.git/git-receive-pack\nContent-Encoding: gzip\nContent-Length: 0")]
    public async Task A_git_push_is_refused_in_every_spelling_even_where_everything_is_allowed(string request)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var response = await egress.AskAsync("free.demo.test", request);
        await egress.AssertRefusedAsync(response, 403, "BTL6006");
        Assert.That(response.Reason, Does.Contain("git-gate"));
    }

    [TestCase("GET /o/r.git/info/refs?service=git-upload-pack")]
    [TestCase("POST /o/r.git/git-upload-pack\nContent-Length: 0")]
    public async Task A_git_fetch_passes(string request)
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        Assert.That((await egress.AskAsync("free.demo.test", request)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Whatever_a_client_sends_the_upstream_sees_only_what_the_matcher_allows()
    {
        await using var egress = await EgressHarness.StartAsync(Table);
        var pieces = Gen.Elements("/", "ok", "secret", "..", "%2e", "%2f", "%5c", "%25", ";", "a", "?", "%c3%a9", "//", ".", "%6f", "&", "=", "+");
        var paths = Gen.Sample(Gen.Select(Gen.ArrayOf(pieces), parts => "/ok/" + string.Concat(parts)), 150, 10).Distinct().ToArray();
        var matcher = new RouteMatcher([new Route { Host = "api.demo.test", PathAllowlist = ["/ok/*"] }]);
        var client = await egress.OpenTunnelAsync("api.demo.test");
        foreach (var path in paths)
        {
            var before = egress.Upstream.Requests.Count;
            var response = await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: api.demo.test\r\n\r\n");
            Assert.That(response.Status, Is.AnyOf(200, 400, 403), path);
            Assert.That(egress.Upstream.Requests.Count - before, Is.EqualTo(response.Status == 200 ? 1 : 0), path);
            if (response.Status == 200)
            {
                var seen = egress.Upstream.Requests.Last().Target;
                Assert.That(RouteRequest.TryParse("GET", "https://api.demo.test" + seen, out var request, out _) && matcher.Decide(request).IsAllowed, Is.True, $"{path} -> {seen}");
            }
            if (response.Status == 400)
            {
                // The connection ends with it.
                await client.DisposeAsync();
                client = await egress.OpenTunnelAsync("api.demo.test");
            }
        }
        await client.DisposeAsync();
        Assert.That(egress.Upstream.Requests, Is.Not.Empty);
    }
}
