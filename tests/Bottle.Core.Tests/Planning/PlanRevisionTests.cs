using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Linting;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Rendering.Compose;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class PlanRevisionTests
{
    private static readonly RouteAuth Token = new() { Scheme = AuthScheme.Bearer, TokenEnv = "EGRESS_TOKEN_0" };

    private static BottlePlan Supervised(params RouteManifest[] routes) =>
        Samples.Plan(Samples.Launch(Samples.Bottle(routes) with { Supervise = true }), Samples.Facts("EX_TOKEN"));

    private static BottlePlan WithToken => Supervised(Samples.Route("api.example.com") with { Paths = ["/v1/*"], Auth = Samples.Auth(AuthScheme.Bearer, "EX_TOKEN") });

    private static Route Route(string host, params string[] paths) => new() { Host = host, PathAllowlist = paths.Length == 0 ? null : paths, Source = "proposal egress-block-1" };

    private static RouteLease Lease(string id) => new() { Id = id, Uses = 3 };

    private static string[] Codes(BottlePlan plan, PolicyChange change) => [.. PlanRevision.Next(plan, change).Diagnostics.Select(d => d.Code)];

    private static BottlePlan Add(BottlePlan plan, Route route) => PlanRevision.Next(plan, new PolicyChange.Add(route)).Require();

    [Test]
    public void The_first_route_is_one_more_revision_and_needs_no_new_container()
    {
        var before = Supervised();
        var after = Add(before, Route("api.example.com", "/v1/x"));
        Assert.That((after.Revision, after.Egress!.Routes.Single().Host, after.Pipelock!.Instance), Is.EqualTo((2, "api.example.com", 1)));
        Assert.That(after.Pipelock.Allowlist, Is.EqualTo(["api.example.com"]));
        Assert.That(PipelockChanges.Between(before.Pipelock!, after.Pipelock), Is.EqualTo(PipelockChange.ReloadFirst));
        Assert.That(ComposeWithoutHeader(after), Is.EqualTo(ComposeWithoutHeader(before)), "what runs stays as it is");
    }

    [Test]
    public void What_the_containers_were_started_with_stays()
    {
        var before = WithToken;
        var after = Add(before, Route("other.example.com"));
        Assert.That(after.Egress!.Tokens, Is.EqualTo(before.Egress!.Tokens));
        Assert.That(after with { Revision = 1, Egress = before.Egress, Pipelock = before.Pipelock }, Is.EqualTo(before));
    }

    [Test]
    public void A_bottle_without_egress_says_how_to_get_one()
    {
        var error = PlanRevision.Next(Samples.Plan(), new PolicyChange.Add(Route("api.example.com"))).Diagnostics.Single();
        Assert.That((error.Code, error.ExitCode), Is.EqualTo(("BTL2051", 12)));
        Assert.That(error.Fix, Does.Contain("supervise: true"));
    }

    [Test]
    public void A_route_that_is_covered_changes_nothing_and_says_by_which()
    {
        var error = PlanRevision.Next(Supervised(Samples.Route("*.example.com")), new PolicyChange.Add(Route("api.example.com", "/v1/x"))).Diagnostics.Single();
        Assert.That((error.Code, error.Message), Is.EqualTo(("BTL2053", "'GET HEAD api.example.com/v1/x' is allowed already by the route of '*.example.com' (bottles/dev.md:7)")));
    }

    [Test]
    public void A_route_goes_before_one_that_covers_it_otherwise()
    {
        var after = Add(WithToken, Route("api.example.com", "/v1/public"));
        Assert.That(after.Egress!.Routes.Select(r => r.PathAllowlist![0]), Is.EqualTo(["/v1/public", "/v1/*"]));
        Assert.That(new RouteMatcher(after.Egress.Routes).Decide(Request("GET", "https://api.example.com/v1/public")).Route!.Auth, Is.Null);
    }

    [Test]
    public void A_route_goes_after_one_that_it_only_meets()
    {
        var after = Add(WithToken, Route("api.example.com", "/v1/x", "/v2/*"));
        Assert.That(after.Egress!.Routes.Select(r => r.PathAllowlist![0]), Is.EqualTo(["/v1/*", "/v1/x"]), "what has a credential keeps it");
    }

    [Test]
    public void A_route_goes_before_wider_hosts_that_do_not_let_it_through()
    {
        var after = Add(Supervised(Samples.Route("a.org"), Samples.Route("*.example.com")), Route("api.example.com") with { Methods = ["POST"] });
        Assert.That(after.Egress!.Routes.Select(r => r.Host), Is.EqualTo(["a.org", "api.example.com", "*.example.com"]));
    }

    [Test]
    public void A_route_whose_parts_are_all_taken_is_never_reached()
    {
        var plan = Supervised(
            Samples.Route("api.example.com", 7) with { Methods = ["GET"], Auth = Samples.Auth(AuthScheme.Bearer, "EX_TOKEN"), Paths = ["/*"] },
            Samples.Route("api.example.com", 8) with { Methods = ["POST"], Paths = ["/*"] });
        Assert.That(Codes(plan, new PolicyChange.Add(Route("api.example.com", "/v1/x") with { Methods = ["GET", "POST"] })), Is.EqualTo(["BTL2054"]));
    }

    [Test]
    public void The_same_grant_again_takes_the_place_of_the_old_one()
    {
        var route = Route("api.example.com", "/v1/x");
        var once = Add(Supervised(), route with { Lease = Lease("p1") });
        var again = Add(once, route with { Lease = Lease("p2") });
        Assert.That(again.Egress!.Routes.Select(r => r.Lease!.Id), Is.EqualTo(["p2"]));
        Assert.That(Add(again, route).Egress!.Routes.Single().Lease, Is.Null, "now for the run");
    }

    [Test]
    public void A_route_under_a_wider_lease_counts_by_itself()
    {
        var leased = Add(Supervised(), Route("api.example.com", "/v1/*") with { Lease = Lease("p1") });
        var after = Add(leased, Route("api.example.com", "/v1/x"));
        Assert.That(after.Egress!.Routes.Select(r => r.Lease?.Id), Is.EqualTo([null, "p1"]));
    }

    [Test]
    public void A_lease_ends_in_whole_seconds_as_the_table_has_it()
    {
        var until = new DateTimeOffset(2026, 11, 21, 5, 0, 0, 999, TimeSpan.FromHours(2));
        var after = Add(Supervised(), Route("api.example.com") with { Lease = new RouteLease { Id = "p1", Until = until } });
        Assert.That(after.Egress!.Routes[0].Lease!.Until, Is.EqualTo(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero)));
    }

    [Test]
    public void Ended_leases_go_and_others_stay()
    {
        var plan = Add(Add(Supervised(), Route("a.example.com") with { Lease = Lease("p1") }), Route("b.example.com") with { Lease = Lease("p2") });
        var after = PlanRevision.Next(plan, new PolicyChange.EndLeases(new HashSet<string> { "p1", "p9" })).Require();
        Assert.That((after.Revision, after.Egress!.Routes.Single().Lease!.Id), Is.EqualTo((4, "p2")));
        Assert.That(PipelockChanges.Between(plan.Pipelock!, after.Pipelock!), Is.EqualTo(PipelockChange.ReloadLast));
        Assert.That(Codes(after, new PolicyChange.EndLeases(new HashSet<string> { "p1" })), Is.EqualTo(["BTL2052"]));
    }

    [Test]
    public void The_last_route_may_go()
    {
        var plan = Add(Supervised(), Route("a.example.com") with { Lease = Lease("p1") });
        var after = PlanRevision.Next(plan, new PolicyChange.EndLeases(new HashSet<string> { "p1" })).Require();
        Assert.That(after.Pipelock!.Allowlist.Single(), Does.EndWith(".invalid"));
        Assert.That(PipelockChanges.Between(plan.Pipelock!, after.Pipelock), Is.EqualTo(PipelockChange.ReloadLast));
    }

    [TestCase("https://api.example.com")]
    [TestCase("*.com")]
    [TestCase("10.0.0.1")]
    public void What_egress_would_refuse_is_no_route(string host) => Assert.That(Codes(Supervised(), new PolicyChange.Add(Route(host))), Is.EqualTo(["BTL2055"]));

    [Test]
    public void Everything_wrong_with_a_table_is_said_at_once() =>
        Assert.That(Codes(Supervised(), new PolicyChange.Table([Route("x"), Route("a.example.com") with { Ports = [80] }], null)), Is.EqualTo(["BTL2055", "BTL2055"]));

    [TestCase("api.example.com")]
    [TestCase("*.example.com")]
    public void Inspection_that_differs_is_refused_with_a_way_out(string host)
    {
        var error = PlanRevision.Next(WithToken, new PolicyChange.Add(Route(host, "/v2/x") with { Inspect = false })).Diagnostics.Single();
        Assert.That((error.Code, error.Fix), Is.EqualTo(("BTL2056", "give it 'inspect: true' as the other has (--edit), or change both with --target=EditRoutes")));
    }

    [Test]
    public void The_host_of_a_git_remote_is_never_inspected()
    {
        var bottle = Samples.Bottle() with { Supervise = true, Git = [Samples.Remote("app", "ssh://git@git.example.com/app.git")] };
        var plan = Samples.Plan(Samples.Launch(bottle));
        Assert.That(Codes(plan, new PolicyChange.Add(Route("git.example.com"))), Is.EqualTo(["BTL2057"]));
        Assert.That(Codes(plan, new PolicyChange.Add(Route("git.example.com") with { Inspect = false })), Is.Empty);
    }

    [Test]
    public void A_credential_may_be_kept_or_dropped_and_none_invented()
    {
        var plan = WithToken;
        var dropped = PlanRevision.Next(plan, new PolicyChange.Table([plan.Egress!.Routes[0] with { Auth = null }], null)).Require();
        Assert.That((dropped.Egress!.Routes[0].Auth, dropped.Egress.Tokens.Count), Is.EqualTo(((RouteAuth?)null, 1)), "the slot is the run's");
        Assert.That(Codes(dropped, new PolicyChange.Table([plan.Egress.Routes[0]], null)), Is.Empty, "so that it can be taken up again");
        Assert.That(Codes(plan, new PolicyChange.Table([plan.Egress.Routes[0] with { Auth = Token with { TokenEnv = "EGRESS_TOKEN_7" } }], null)), Is.EqualTo(["BTL2058"]));
    }

    [Test]
    public void The_table_in_force_is_no_change() => Assert.That(Codes(WithToken, new PolicyChange.Table(WithToken.Egress!.Routes, null)), Is.EqualTo(["BTL2052"]));

    [Test]
    public void Inspection_stops_for_every_route_of_the_host()
    {
        var plan = Supervised(Samples.Route("api.example.com", 7) with { Paths = ["/a"] }, Samples.Route("*.example.com", 8), Samples.Route("b.org", 9));
        var after = PlanRevision.Next(plan, new PolicyChange.StopInspecting("api.example.com")).Require();
        Assert.That(after.Egress!.Routes.Select(r => r.Inspect), Is.EqualTo([false, false, true]));
        Assert.That(after.Pipelock!.Passthrough, Is.EqualTo(["*.example.com", "api.example.com"]));
    }

    [Test]
    public void Inspection_stops_only_where_pipelock_can_tell_hosts_apart() =>
        Assert.That(
            Codes(Supervised(Samples.Route("*.example.com", 7), Samples.Route("b.example.com", 8) with { Methods = ["POST"] }), new PolicyChange.StopInspecting("a.example.com")), Is.EqualTo(["BTL2056"]));

    [Test]
    public void Inspection_of_nothing_cannot_stop()
    {
        var plan = Supervised(Samples.Route("a.example.com") with { Inspect = false });
        Assert.That(Codes(plan, new PolicyChange.StopInspecting("b.example.com")), Is.EqualTo(["BTL2059"]));
        Assert.That(Codes(plan, new PolicyChange.StopInspecting("a.example.com")), Is.EqualTo(["BTL2052"]));
    }

    [Test]
    public void A_new_passthrough_is_served_by_an_instance_of_its_own()
    {
        var plan = WithToken;
        var after = PlanRevision.Next(plan, new PolicyChange.StopInspecting("api.example.com")).Require();
        var files = Renderer.Render(after).ToDictionary(f => f.Path, f => f.Text);
        Assert.That((after.Pipelock!.Service, after.Names.Container(after.Pipelock.Service)), Is.EqualTo(("pipelock-r2", "claude-bottle-pipelock-r2-implementer-00000")));
        Assert.That(RoutesReader.Read(files["egress/routes.yaml"]).File!.Pipelock, Is.EqualTo("pipelock-r2"));
        Assert.That(files, Does.ContainKey("pipelock/pipelock-r2.yaml").And.Not.ContainKey("pipelock/pipelock.yaml"), "the one that runs reads its own file, unchanged");

        var compose = ComposeFile.From(after);
        var service = compose.Services.Single(s => s.Name == "pipelock-r2");
        Assert.That(service.Command, Does.Contain("/etc/pipelock/pipelock-r2.yaml"));
        Assert.That(service.Networks, Is.EquivalentTo([new ComposeEndpoint("egress"), new ComposeEndpoint("relay", Alias: "pipelock")]));
        Assert.That(compose.Services.Where(s => s.Name is "agent" or "egress").SelectMany(s => s.DependsOn).Select(d => d.Service), Does.Contain("pipelock-r2").And.Not.Contain("pipelock"));
        Assert.That(compose.Services.Single(s => s.Name == "egress").Environment, Is.EqualTo(ComposeFile.From(plan).Services.Single(s => s.Name == "egress").Environment));
    }

    [Test]
    public void What_runs_beside_a_replaced_pipelock_is_described_as_before()
    {
        // But for whom it waits: Compose counts that too, so that a later "up" must be told to recreate nothing.
        var plan = WithToken;
        var after = PlanRevision.Next(plan, new PolicyChange.StopInspecting("api.example.com")).Require();
        Assert.That(Others(after), Is.EqualTo(Others(plan)));

        static List<string> Others(BottlePlan plan) => [.. ComposeFile.From(plan).Services.Where(s => s.Name != plan.Pipelock!.Service).Select(s => System.Text.Json.JsonSerializer.Serialize(s with { DependsOn = [] }))];
    }

    [Test]
    public void An_instance_stays_until_the_next_replacement()
    {
        var second = PlanRevision.Next(WithToken, new PolicyChange.StopInspecting("api.example.com")).Require();
        var third = Add(second, Route("b.org"));
        var fourth = Add(third, Route("c.org") with { Inspect = false });
        Assert.That(new[] { second, third, fourth }.Select(p => p.Pipelock!.Service), Is.EqualTo(["pipelock-r2", "pipelock-r2", "pipelock-r4"]));
        Assert.That(PlanLinter.Lint(fourth), Is.Empty);
    }

    [Test]
    public void A_stand_in_guards_a_real_host_only_when_a_person_accepted_that()
    {
        var bottle = Samples.Bottle() with { Supervise = true, TestUpstreams = [Samples.Upstream("api.demo.test")] };
        var plan = Samples.Plan(Samples.Launch(bottle), Samples.DemoFacts());
        Assert.That(Codes(plan, new PolicyChange.Add(Route("api.demo.test"))), Is.Empty);
        Assert.That(Codes(plan, new PolicyChange.Add(Route("api.example.com"))), Is.EqualTo(["BTL2011"]));
        var accepted = Samples.Plan(Samples.Launch(bottle) with { AllowStandIn = true }, Samples.DemoFacts());
        Assert.That(Codes(accepted, new PolicyChange.Add(Route("api.example.com"))), Is.Empty);
    }

    [Test]
    public void A_test_upstream_without_a_route_can_be_granted_one()
    {
        var bottle = Samples.Bottle() with { Supervise = true, TestUpstreams = [Samples.Upstream("api.demo.test")] };
        var before = Samples.Plan(Samples.Launch(bottle), Samples.DemoFacts());
        Assert.That((before.TestUpstreams[0].HasCertificate, before.Pipelock!.HasOwnRoots, before.Pipelock.AllowedAddresses.Single()), Is.EqualTo((true, true, before.TestUpstreams[0].Address + "/32")));
        Assert.That(PipelockChanges.Between(before.Pipelock, Add(before, Route("api.demo.test", "/v1/x")).Pipelock!), Is.EqualTo(PipelockChange.ReloadFirst));
    }

    [Test]
    public void What_an_agent_wrote_cannot_reach_the_terminal()
    {
        var error = PlanRevision.Next(Supervised(), new PolicyChange.StopInspecting("a\u001b[2J\u202e.example.com")).Diagnostics.Single();
        Assert.That(error.Message.All(InertText.IsHarmless));
    }

    private static RouteRequest Request(string method, string url) => RouteRequest.TryParse(method, url, out var request, out var problem) ? request : throw new ArgumentException(problem);

    private static string ComposeWithoutHeader(BottlePlan plan) => ComposeRenderer.Render(plan)[0].Text.Split('\n', 2)[1];
}
