using Bottle.Contracts.Routes;
using Bottle.Contracts.Supervision;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Supervision;

[Parallelizable(ParallelScope.All)]
public sealed class NarrowRouteTests
{
    // Mostly what a route can name, so that routes come out, with everything that must not slip into one.
    private static readonly Gen<string> Schemes = Mostly(["https://"], ["http://", "HTTPS://", "wss://", ""]);
    private static readonly Gen<string> Hosts = Mostly(["api.example.com", "API.Example.com.", "a-b.example.org", "api.example.com:8443"], ["api.example.com:80", "localhost", "10.0.0.1", "egress", "*.example.com", "exa mple.com", "u@example.com"]);
    private static readonly Gen<string> Segments = Mostly(["v1", "items", "%7Euser", "a;b=c", "17", "%2F", "{id}", "a\"b"], ["%2e%2e", "..", ".", "", "a*b", "*", "%25", "ü", "git-receive-pack", "a\\b", "%zz"]);
    private static readonly Gen<string> Queries = Mostly(["", "?", "?a=1&b=2", "?a%20b"], ["?service=git-receive-pack", "?_method=PUT", "?x#y"]);
    private static readonly Gen<string> Methods = Mostly(["GET", "HEAD", "POST", "PUT", "DELETE", "PROPFIND"], ["TRACE", "CONNECT", "get", "", "A B"]);

    private static Gen<ProposedRequest> Requests =>
        from scheme in Schemes
        from host in Hosts
        from count in Gen.Choose(0, 3)
        from segments in Segments.ListOf(count)
        from query in Queries
        from method in Methods
        select new ProposedRequest(method, scheme + host + string.Concat(segments.Select(segment => "/" + segment)) + query);

    [Test]
    public void A_route_is_the_host_port_method_and_path_of_the_request()
    {
        var narrow = NarrowRoute.For(new ProposedRequest("POST", "https://API.example.com.:8443/v1/%7euser?q=1"));
        Assert.That(narrow.Problem, Is.Null);
        Assert.That(narrow.Request, Is.EqualTo(new ProposedRequest("POST", "https://api.example.com:8443/v1/~user?q=1")));
        var route = narrow.Route!;
        Assert.That((route.Host, route.Ports.Single(), route.Methods!.Single(), route.PathAllowlist!.Single(), route.Inspect, route.WebSocket, route.ClientAuthPasses, route.Auth, route.Provider, route.Lease),
            Is.EqualTo(("api.example.com", 8443, "POST", "/v1/~user", true, false, false, (RouteAuth?)null, (ProviderPolicy?)null, (RouteLease?)null)));
    }

    [Test]
    public void GET_brings_HEAD_and_HEAD_stays_alone()
    {
        Assert.That(NarrowRoute.For(new ProposedRequest("GET", "https://example.com")).Route!.Methods, Is.EqualTo(new[] { "GET", "HEAD" }));
        Assert.That(NarrowRoute.For(new ProposedRequest("HEAD", "https://example.com")).Route!.Methods, Is.EqualTo(new[] { "HEAD" }));
    }

    [Test]
    public void Plain_HTTP_is_port_80_and_not_inspected()
    {
        var route = NarrowRoute.For(new ProposedRequest("GET", "http://example.com/a")).Route!;
        Assert.That((route.Ports.Single(), route.Inspect), Is.EqualTo((80, false)));
    }

    [TestCase("https://example.com/a/*", "every path below it")]
    [TestCase("https://example.com/*", "every path below it")]
    [TestCase("https://example.com/a*", "'*' is only possible at the end")]
    [TestCase("https://example.com/a/../b", "")]
    [TestCase("https://example.com/a//b", "")]
    [TestCase("https://example.com/%252e", "")]
    [TestCase("https://*.example.com/", "the character '*'")]
    [TestCase("https://_egress.local/allowlist", "the sidecar itself")]
    [TestCase("https://example.com/x/git-receive-pack", "git://git-gate")]
    [TestCase("http://example.com:8080/", "plain HTTP goes to port 80")]
    public void What_only_a_wider_route_or_none_would_let_through_is_refused(string url, string reason)
    {
        var narrow = NarrowRoute.For(new ProposedRequest("GET", url));
        Assert.That((narrow.Route, narrow.Request), Is.EqualTo(((Route?)null, (ProposedRequest?)null)));
        Assert.That(narrow.Problem, Is.Not.Empty.And.Contain(reason));
    }

    [Test]
    public void A_URL_beyond_the_limit_is_refused() =>
        Assert.That(NarrowRoute.For(new ProposedRequest("GET", "https://example.com/" + new string('a', ProposalLimits.Url))).Problem, Does.Contain("longer than"));

    [Test]
    public void Every_route_allows_its_request_and_no_neighbour_of_it() => Prop.ForAll(Requests.ToArbitrary(), asked =>
    {
        var narrow = NarrowRoute.For(asked);
        if (narrow.Route is not { } route)
        {
            return narrow.Problem is { Length: > 0 } && narrow.Request is null;
        }
        Assert.That(RouteRequest.TryParse(asked.Method!, asked.Url, out var request, out _), Is.True);
        var matcher = new RouteMatcher([route]);
        var neighbours = new[]
        {
            request with { Authority = request.Authority with { Host = "x." + request.Authority.Host } },
            request with { Authority = request.Authority with { Port = request.Authority.Port == 443 ? 8443 : 443 }, Scheme = RequestScheme.Https },
            request with { Method = request.Method == "DELETE" ? "PATCH" : "DELETE", Query = null },
            Below(request),
        };
        return matcher.Decide(request).IsAllowed && neighbours.All(other => !matcher.Decide(other).IsAllowed)
            && NarrowRoute.For(narrow.Request!) is { Route: { } again } second && second.Request == narrow.Request && RouteText.Lines(again) == RouteText.Lines(route);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Test]
    public void The_text_of_a_route_is_a_line_of_the_table_that_says_the_same() => Prop.ForAll(Requests.ToArbitrary(), asked =>
    {
        if (NarrowRoute.For(asked).Route is not { } route)
        {
            return true;
        }
        var read = RoutesReader.Read("version: 1\ngeneration: 1\nroutes:\n" + RouteText.Lines(route));
        Assert.That(read.Problems, Is.Empty);
        return RouteText.Lines(read.File!.Routes.Single()) == RouteText.Lines(route);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Test]
    public void What_a_narrow_route_allows_besides_is_said_in_sentences() => Assert.That(
        NarrowRoute.AlsoAllows(NarrowRoute.For(new ProposedRequest("POST", "https://api.example.com/v1/x")).Route!),
        Is.EqualTo(new[]
        {
            "The path /v1/x with any query: what stands after '?' is not matched.",
            "POST and no other method.",
            "Any body; pipelock reads it for secrets, but cannot see through every encoding.",
            "Any headers; credentials that the agent brings itself are removed.",
            "As often as it likes, until the run ends.",
        }));

    [Test]
    public void What_a_wide_route_allows_is_said_too() => Assert.That(
        NarrowRoute.AlsoAllows(new Route
        {
            Host = "*.example.com",
            Ports = [443, 8443],
            Methods = null,
            PathAllowlist = ["/v1/*", "/v2"],
            Inspect = false,
            WebSocket = true,
            ClientAuthPasses = true,
            Auth = new RouteAuth { Scheme = AuthScheme.Bearer, TokenEnv = "EGRESS_TOKEN_0" },
            Lease = new RouteLease { Id = "x", Uses = 3, Until = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) },
        }),
        Is.EqualTo(new[]
        {
            "Every host under example.com.",
            "The ports 443, 8443.",
            "Every path that fits /v1/* or /v2, with any query.",
            "Every method, also those that change and delete.",
            "Any body; nobody reads it for secrets.",
            "Any headers, also credentials that the agent brings itself.",
            "WebSockets, whose messages nobody reads.",
            "All of it with the operator's credential from EGRESS_TOKEN_0.",
            "3 times at most, until 2026-01-02 03:04 UTC.",
        }));

    private static Gen<string> Mostly(string[] good, string[] odd) => Gen.Frequency((7, Gen.Elements(good)), (1, Gen.Elements(odd)));

    private static RouteRequest Below(in RouteRequest request) =>
        CanonicalPath.TryParse(request.Path.Text.TrimEnd('/') + "/x", out var path, out _) ? request with { Path = path } : throw new InvalidOperationException("a path can go on");
}
