using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

/// <summary>Random tables and grants over a few hosts, methods and paths, judged by the matcher that egress uses.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RevisionPropertyTests
{
    private static readonly string[] Hosts = ["a.example.com", "b.example.com", "*.example.com", "c.org"];
    private static readonly string[] Paths = ["/v1/x", "/v1/*", "/*", "/v2"];

    private static Gen<Route> Routes =>
        from host in Gen.Elements(Hosts)
        from methods in Gen.Elements<IReadOnlyList<string>?>(["GET"], ["POST"], ["GET", "POST"], null)
        from paths in Gen.Elements<IReadOnlyList<string>?>([Paths[0]], [Paths[1]], [Paths[2]], [Paths[0], Paths[3]], null)
        from clientAuth in Gen.Elements(false, false, true)
        from lease in Gen.Elements<RouteLease?>(null, null, new RouteLease { Id = "p1", Uses = 2 })
        select new Route { Host = host, Methods = methods, PathAllowlist = paths, ClientAuthPasses = clientAuth, Lease = lease };

    // Of one table, since hosts that overlap agree on inspection.
    private static Gen<List<Route>> Tables(int least) =>
        from count in Gen.Choose(least, 5)
        from routes in Routes.ListOf(count)
        from inspected in Gen.Elements("", "example.com", "c.org", "example.com c.org")
        select routes.Select(r => r with { Inspect = inspected.Split(' ').Any(r.Host.EndsWith) }).ToList();

    private static readonly RouteRequest[] Requests =
    [
        .. from method in new[] { "GET", "POST", "DELETE" }
           from host in new[] { "a.example.com", "b.example.com", "z.example.com", "c.org" }
           from path in new[] { "/v1/x", "/v1/y", "/v2", "/other" }
           select Request(method, $"https://{host}{path}"),
    ];

    [Test]
    public void A_grant_lets_through_what_it_says_and_takes_nothing_away()
    {
        var granted = 0;
        Prop.ForAll(Tables(1).ToArbitrary(), routes =>
        {
            var added = routes[^1];
            var plan = Start(routes[..^1]);
            if (PlanRevision.Next(plan, new PolicyChange.Add(added)).Plan is not { } next)
                return;
            granted++;
            var before = new RouteMatcher(plan.Egress!.Routes);
            var after = new RouteMatcher(next.Egress!.Routes);
            var alone = new RouteMatcher([added]);
            foreach (var request in Requests)
            {
                var expected = Allows(before, request) || Allows(alone, request);
                Assert.That(Allows(after, request), Is.EqualTo(expected), $"{request.Method} {request.Authority.Host}{request.Path.Text}");
            }
            Assert.That(next.Egress.Routes, Does.Contain(added), "it is there, once");
        }).QuickCheckThrowOnFailure();
        Assert.That(granted, Is.GreaterThan(30), "most of what is asked is new");
    }

    [Test]
    public void A_grant_is_reached_or_refused()
    {
        var granted = 0;
        Prop.ForAll(Tables(1).ToArbitrary(), routes =>
        {
            var added = routes[^1];
            var plan = Start(routes[..^1]);
            if (PlanRevision.Next(plan, new PolicyChange.Add(added)).Plan is not { } next)
                return;
            granted++;
            var at = next.Egress!.Routes.ToList().IndexOf(added);
            var shadow = next.Egress.Routes.Take(at).Where(r => r.Lease is null).ToList();
            Assert.That(RouteCover.Parts(added).Any(part => !shadow.Exists(r => RouteCover.Covers(r, part))));
        }).QuickCheckThrowOnFailure();
        Assert.That(granted, Is.GreaterThan(30), "most of what is asked is new");
    }

    [Test]
    public void Covering_means_what_the_matcher_means() =>
        Prop.ForAll(Routes.ToArbitrary(), Routes.ToArbitrary(), (wide, narrow) =>
        {
            var (one, other) = (new RouteMatcher([wide]), new RouteMatcher([narrow]));
            var both = Requests.Where(r => Allows(one, r) && Allows(other, r)).ToList();
            if (RouteCover.Covers(wide, narrow))
                Assert.That(Requests.Where(r => Allows(other, r)), Is.EqualTo(both));
            if (both.Count > 0)
                Assert.That(RouteCover.Meets(wide, narrow) && RouteCover.Meets(narrow, wide));
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Pipelock_is_left_alone_exactly_when_its_file_is_the_same() =>
        Prop.ForAll(Tables(0).ToArbitrary(), Tables(0).ToArbitrary(), (before, after) =>
        {
            var (one, other) = (Start(before), Start(after));
            var change = PipelockChanges.Between(one.Pipelock!, other.Pipelock!);
            Assert.That(change == PipelockChange.None, Is.EqualTo(File(one) == File(other)));
            // What strict mode refuses, and what no order of two reloads could do without losing requests.
            var addsPassthrough = other.Pipelock!.Passthrough.Except(one.Pipelock!.Passthrough).Any();
            if (addsPassthrough)
                Assert.That(change, Is.EqualTo(PipelockChange.Replace));
            if (change == PipelockChange.ReloadFirst)
                Assert.That(one.Egress!.Routes.Select(r => r.Host).Distinct(), Is.SubsetOf(other.Pipelock.Allowlist));
            if (change == PipelockChange.ReloadLast)
                Assert.That(other.Egress!.Routes.Select(r => r.Host).Distinct(), Is.SubsetOf(one.Pipelock.Allowlist));
        }).QuickCheckThrowOnFailure();

    private static BottlePlan Start(List<Route> table)
    {
        var empty = Samples.Plan(Samples.Launch(Samples.Bottle() with { Supervise = true }));
        if (table.Count == 0)
            return empty;
        var plan = PlanRevision.Next(empty, new PolicyChange.Table(table, null)).Require();
        return plan with { Pipelock = plan.Pipelock! with { Instance = 1 } };
    }

    private static string File(BottlePlan plan) => PipelockRenderer.Render(plan).Single().Text;

    private static bool Allows(RouteMatcher matcher, RouteRequest request) => matcher.Decide(request).IsAllowed;

    private static RouteRequest Request(string method, string url) => RouteRequest.TryParse(method, url, out var request, out var problem) ? request : throw new ArgumentException(problem);
}
