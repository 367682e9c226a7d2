using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Tests.Planning;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Core.Tests.Expectations;

/// <summary>What a manifest expects holds for every revision of a running bottle, whoever makes it (SPEC A11).</summary>
[Parallelizable(ParallelScope.All)]
public sealed class RevisionExpectationTests
{
    private const string Text = """
        ---
        supervise: true
        egress:
          routes:
            - {host: api.example.com, path_allowlist: [/v1/*]}
            - {host: api.example.com, methods: [POST], path_allowlist: [/v1/notes]}
        expect:
          allow: ["GET https://api.example.com/v1/x"]
          deny: ["DELETE https://api.example.com/v1/x", "GET https://api.example.com/admin"]
        ---
        """;

    private static readonly BottlePlan Plan = Planner.Plan(Samples.Launch(ManifestReader.ReadBottle("bottles/dev.md", Text).Manifest!), Samples.Facts()).Require();

    [Test]
    public void A_route_that_is_granted_must_not_allow_what_must_be_denied()
    {
        var broken = Broken(new PolicyChange.Add(new Route { Host = "api.example.com", PathAllowlist = ["/v1/x"], Methods = ["DELETE"], Source = "proposal egress-block-1" }));
        Assert.That(broken.Single().Code, Is.EqualTo("BTL2045"));
        Assert.That(broken.Single().Message, Does.Contain("bottles/dev.md:9").And.Contain("proposal egress-block-1").And.Contain("DELETE api.example.com/v1/x"));
    }

    [Test]
    public void A_lease_is_no_excuse_for_a_route_that_must_not_be()
    {
        var broken = Broken(new PolicyChange.Add(new Route { Host = "api.example.com", PathAllowlist = ["/admin"], Lease = new RouteLease { Id = "brief", Uses = 1 } }));
        Assert.That(broken.Select(d => d.Code), Is.EqualTo(new[] { "BTL2045" }));
    }

    [Test]
    public void A_table_by_hand_shows_both_lines_of_everything_that_it_breaks()
    {
        var broken = Broken(new PolicyChange.Table([Plan.Egress!.Routes[1] with { Methods = null, PathAllowlist = null }], null));
        Golden.Verify(DiagnosticText.Render(broken, _ => Text), "golden/broken-by-a-revision.txt");
    }

    [Test]
    public void What_must_be_allowed_is_not_held_by_a_lease()
    {
        var leased = Plan.Egress!.Routes[0] with { Lease = new RouteLease { Id = "brief", Uses = 3 } };
        Assert.That(Broken(new PolicyChange.Table([leased, Plan.Egress.Routes[1]], null)).Single().Message, Does.Contain("the lease of this route ended"));
        Assert.That(Next(Plan, new PolicyChange.Table([leased, .. Plan.Egress.Routes], null)).Plan, Is.Not.Null, "beside a route that stays it may be there");
    }

    [Test]
    public void A_lease_that_ends_takes_nothing_with_it_that_must_be_allowed()
    {
        var leased = Plan.Egress!.Routes[0] with { Lease = new RouteLease { Id = "brief", Uses = 3 } };
        var ending = Plan with { Egress = Plan.Egress with { Routes = [leased, Plan.Egress.Routes[1]] } };
        Assert.That(Next(ending, new PolicyChange.EndLeases(new HashSet<string> { "brief" })).Diagnostics.Single().Code, Is.EqualTo("BTL2044"));
        var both = Next(Plan, new PolicyChange.Table([leased, .. Plan.Egress.Routes], null)).Require();
        Assert.That(Next(both, new PolicyChange.EndLeases(new HashSet<string> { "brief" })).Plan, Is.Not.Null);
    }

    [Test]
    public void What_did_not_hold_before_is_not_the_changes_doing()
    {
        var unknown = Plan with { Expectations = [new ExpectationPlan("GET https://packages.example.com/", true, new SourceSpan("bottles/dev.md", 1, 1))] };
        Assert.That(Next(unknown, new PolicyChange.Add(new Route { Host = "new.example.com" })).Plan, Is.Not.Null);
    }

    private static IReadOnlyList<Diagnostic> Broken(PolicyChange change)
    {
        var result = Next(Plan, change);
        Assert.That(result.Plan, Is.Null);
        return result.Diagnostics;
    }

    private static PlanResult Next(BottlePlan plan, PolicyChange change) => PlanRevision.Next(plan, change);
}
