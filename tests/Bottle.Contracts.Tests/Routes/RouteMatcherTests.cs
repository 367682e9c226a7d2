using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class RouteMatcherTests
{
    private static readonly Route[] Table =
    [
        new() { Host = "api.example.com", PathAllowlist = ["/v1/*"], Methods = ["GET", "POST"] },
        new() { Host = "api.example.com", PathAllowlist = ["/admin"], Methods = ["DELETE"] },
        new() { Host = "*.example.com", Ports = [443, 8443] },
        new() { Host = "*.deep.example.com", Methods = null },
        new() { Host = "plain.example.org", Ports = [80], Inspect = false },
        new() { Host = "free.example.org", Methods = null },
    ];

    [TestCase("GET", "https://api.example.com/v1/x", 0)]
    [TestCase("GET", "https://API.example.com./v1/x?q=1", 0)]
    [TestCase("DELETE", "https://api.example.com/admin", 1)]
    [TestCase("GET", "https://api.example.com/other", 2)]
    [TestCase("GET", "https://a.example.com:8443/", 2)]
    [TestCase("GET", "https://x.deep.example.com/", 2)]
    [TestCase("PUT", "https://x.deep.example.com/", 3)]
    [TestCase("GET", "http://plain.example.org/", 4)]
    [TestCase("PATCH", "https://free.example.org/a/../b//c", 5)]
    public void The_first_route_that_fits_wins(string method, string url, int index)
    {
        var decision = Decide(method, url);
        Assert.That(decision.IsAllowed, Is.True, decision.Reason);
        Assert.That((decision.Index, decision.Route), Is.EqualTo((index, Table[index])));
    }

    [TestCase("GET", "https://example.com/", "BTL6001")]
    [TestCase("GET", "https://evil.test/", "BTL6001")]
    [TestCase("GET", "https://api.example.com.evil.test/v1/x", "BTL6001")]
    [TestCase("GET", "https://free.example.org:8443/", "BTL6002")]
    [TestCase("GET", "http://free.example.org/", "BTL6002")]
    [TestCase("GET", "http://free.example.org:443/", "BTL6003")]
    [TestCase("GET", "https://plain.example.org:80/", "BTL6003")]
    [TestCase("PUT", "https://api.example.com/v1/x", "BTL6004")]
    [TestCase("DELETE", "https://a.example.com/", "BTL6004")]
    [TestCase("DELETE", "https://api.example.com/Admin", "BTL6004")]
    [TestCase("PROPFIND", "https://a.example.com/", "BTL6004")]
    [TestCase("GET", "https://free.example.org/x/git-receive-pack", "BTL6006")]
    [TestCase("POST", "https://free.example.org/x?service=git%2dreceive-pack", "BTL6006")]
    [TestCase("TRACE", "https://free.example.org/", "BTL6008")]
    [TestCase("Trace", "https://free.example.org/", "BTL6008")]
    [TestCase("connect", "https://free.example.org/", "BTL6008")]
    [TestCase("GET", "https://a.example.com/?_method=DELETE", "BTL6014")]
    [TestCase("GET", "https://a.example.com/?%5Fmethod=delete", "BTL6014")]
    [TestCase("GET", "https://10.0.0.1/", "BTL6015")]
    [TestCase("GET", "https://[::1]/", "BTL6015")]
    public void What_no_route_allows_is_refused_by_the_layer_that_missed(string method, string url, string code)
    {
        var decision = Decide(method, url);
        Assert.That(decision.Refusal?.Code, Is.EqualTo(code), decision.Reason);
        Assert.That(decision.Reason, Is.Not.Empty);
    }

    [Test]
    public void A_path_that_is_not_listed_and_one_that_is_ambiguous_are_told_apart()
    {
        var matcher = new RouteMatcher([new Route { Host = "a.test", PathAllowlist = ["/v1/*"] }, new Route { Host = "b.test" }]);
        Assert.That(Decide(matcher, "GET", "https://a.test/v2").Refusal, Is.EqualTo(DenialCodes.PathNotListed));
        Assert.That(Decide(matcher, "GET", "https://a.test/v1/../v2").Refusal, Is.EqualTo(DenialCodes.AmbiguousPath));
    }

    [Test]
    public void An_override_that_asks_for_an_allowed_method_passes() =>
        Assert.That(Decide("POST", "https://api.example.com/v1/x?_method=get").IsAllowed, Is.True);

    [TestCase(LeaseState.Ended, "BTL6026", "ended at 2026-01-31T12:00:00Z; ask again")]
    [TestCase(LeaseState.UsedUp, "BTL6027", "allowed 3 requests")]
    [TestCase(LeaseState.Uncounted, "BTL6028", "cannot count")]
    public void A_lease_that_is_over_is_the_reason_of_the_refusal(LeaseState state, string code, string reason)
    {
        var route = new Route { Host = "a.test", Lease = new RouteLease { Id = "x", Until = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero), Uses = 3 } };
        var matcher = new RouteMatcher([route]);
        RouteRequest.TryParse("GET", "https://a.test/", out var request, out _);
        var decision = matcher.Decide(request, _ => state);
        Assert.That((decision.Refusal?.Code, decision.Route, decision.IsAllowed), Is.EqualTo((code, route, false)));
        Assert.That(decision.Reason, Does.Contain(reason));
        Assert.That(matcher.Decide(request, _ => LeaseState.InForce).IsAllowed, Is.True);
        Assert.That(matcher.Decide(request).IsAllowed, Is.True, "what the table says");
        RouteRequest.TryParse("PUT", "https://a.test/", out var other, out _);
        Assert.That(matcher.Decide(other, _ => state).Refusal, Is.EqualTo(DenialCodes.MethodNotListed), "the lease is not why");
    }

    [Test]
    public void When_a_lease_is_over_the_next_route_that_fits_decides()
    {
        var matcher = new RouteMatcher([new Route { Host = "a.test", Lease = new RouteLease { Id = "x", Uses = 1 } }, new Route { Host = "a.test", PathAllowlist = ["/free"] }]);
        RouteRequest.TryParse("GET", "https://a.test/free", out var free, out _);
        RouteRequest.TryParse("GET", "https://a.test/other", out var other, out _);
        Assert.That((matcher.Decide(free, _ => LeaseState.UsedUp).Index, matcher.Decide(free, _ => LeaseState.InForce).Index), Is.EqualTo((1, 0)));
        Assert.That(matcher.Decide(other, _ => LeaseState.UsedUp).Refusal, Is.EqualTo(DenialCodes.LeaseUsedUp));
    }

    [Test]
    public void Ports_and_authorities_are_known_before_a_request_comes()
    {
        var matcher = new RouteMatcher(Table);
        Authority.TryParse("a.example.com:8443", 0, out var listed, out _);
        Authority.TryParse("free.example.org:8443", 0, out var unlisted, out _);
        Assert.That((matcher.HasPort(8443), matcher.HasPort(22), matcher.Lists(listed), matcher.Lists(unlisted)), Is.EqualTo((true, false, true, false)));
    }

    [Test]
    public void A_table_that_was_not_checked_does_not_compile() =>
        Assert.That(() => new RouteMatcher([new Route { Host = "*.com" }]), Throws.ArgumentException);

    private static RouteDecision Decide(string method, string url) => Decide(new RouteMatcher(Table), method, url);

    private static RouteDecision Decide(RouteMatcher matcher, string method, string url)
    {
        Assert.That(RouteRequest.TryParse(method, url, out var request, out var problem), Is.True, problem);
        return matcher.Decide(request);
    }
}
