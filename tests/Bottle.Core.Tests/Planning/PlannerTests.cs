using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class PlannerTests
{
    [Test]
    public void All_problems_are_said_at_once()
    {
        var bottle = Samples.Bottle(Samples.Route("a.example.com", 7), Samples.Route("a.example.com", 8) with { Inspect = false }) with
        {
            Environment = [Samples.FromHost("A", "MISSING", 3), Samples.Literal("HOME", "/", 4)],
            TestUpstreams = [Samples.Upstream("api.example.com")],
        };
        var request = Samples.Launch(bottle) with { Identity = "other-00000", HostIsRequired = true };
        var codes = Samples.Codes(request);
        Assert.That(codes, Is.EquivalentTo(["BTL2002", "BTL2006", "BTL2007", "BTL2008", "BTL2014", "BTL2017"]));
    }

    [Test]
    public void A_test_upstream_is_an_image_of_ours()
    {
        var upstream = Samples.Upstream("api.demo.test");
        var request = Samples.Launch(Samples.Bottle(Samples.Route("api.demo.test")) with { TestUpstreams = [upstream with { Image = Samples.At("bottle-agent-mine", 9) }] });
        Assert.That(Samples.Codes(request), Is.EqualTo(["BTL2030"]));
    }

    [Test]
    public void A_provider_is_chosen_by_the_program_however_its_path_is_spelt()
    {
        var provider = new ProviderManifest { Name = "helper", File = "helper.yaml", Command = "bash" };
        Assert.That(provider.IsFor(["/usr/bin/bash", "-c", "true"]));
        Assert.That(provider.IsFor(["bash"]));
        Assert.That(provider.IsFor(["sh"]), Is.False);
        Assert.That(provider.IsFor([]), Is.False);
    }

    [Test]
    public void A_plan_that_is_asked_for_in_vain_throws_everything()
    {
        var result = Planner.Plan(Samples.Launch() with { Identity = "x" }, Samples.Facts());
        var thrown = Assert.Throws<BottleException>(() => result.Require());
        Assert.That(thrown!.Diagnostics, Is.EqualTo(result.Diagnostics));
    }

    [Test]
    public void Equal_launches_give_equal_plans()
    {
        var text = () => Rendering.AllText.Of(Samples.Plan(Samples.Demo(), Samples.DemoFacts()));
        Assert.That(text(), Is.EqualTo(text()));
    }

    [Test]
    public void A_test_upstream_gets_the_highest_address_and_pipelock_exactly_that()
    {
        var plan = Samples.Plan(Samples.Demo(), Samples.DemoFacts());
        var upstream = plan.TestUpstreams.Single();
        Assert.That(Ipv4Network.TryParse(plan.Networks.Egress!.Subnet, out var network), Is.True);
        Assert.That((upstream.Service, upstream.Image, upstream.Address), Is.EqualTo(("upstream-1", "bottle-demo-upstream:0123456789ab", network!.Address(14))));
        Assert.That(plan.Pipelock!.AllowedAddresses, Is.EqualTo([$"{upstream.Address}/32"]));
        Assert.That((plan.Pipelock.HasOwnRoots, plan.Pipelock.ResolvesOutside), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_test_upstream_outside_test_needs_the_command_line()
    {
        var request = Samples.Launch(Samples.Bottle(Samples.Route("api.example.com")) with { TestUpstreams = [Samples.Upstream("api.example.com")] });
        Assert.That(Samples.Codes(request), Is.EqualTo(["BTL2007"]));
        Assert.That(Samples.Codes(request with { AllowedTestUpstreams = ["api.example.com"] }), Is.Empty);
    }

    [TestCase("example.contest")]
    [TestCase("api.test.example.com")]
    public void Only_the_suffix_test_counts(string host) =>
        Assert.That(Samples.Codes(Samples.Launch(Samples.Bottle(Samples.Route(host)) with { TestUpstreams = [Samples.Upstream(host)] })), Is.EqualTo(["BTL2007"]));

    [Test]
    public void A_test_upstream_is_one_exact_host_with_a_route()
    {
        var bottle = Samples.Bottle(Samples.Route("*.demo.test"));
        string[] Of(params string[] hosts) => [.. Samples.Codes(Samples.Launch(bottle with { TestUpstreams = [.. hosts.Select(h => Samples.Upstream(h))] }))];
        Assert.That(Of("a.demo.test"), Is.Empty);
        Assert.That(Of("*.demo.test"), Is.EqualTo(["BTL2009"]));
        Assert.That(Of("a.demo.test", "a.demo.test"), Is.EqualTo(["BTL2009"]));
        Assert.That(Of("a.other.test"), Is.EqualTo(["BTL2008"]));
        Assert.That(Of([.. Enumerable.Range(0, 10).Select(i => $"a{i}.demo.test")]), Is.Empty);
        Assert.That(Of([.. Enumerable.Range(0, 11).Select(i => $"a{i}.demo.test")]), Is.EqualTo(["BTL2010"]));
    }

    [TestCase(true, false, Severity.Error)]
    [TestCase(false, false, Severity.Note)]
    [TestCase(true, true, null)]
    public void A_stand_in_guards_real_hosts_only_when_told_so(bool start, bool allowed, Severity? expected)
    {
        var bottle = Samples.Bottle(Samples.Route("api.demo.test"), Samples.Route("api.example.com"));
        var request = Samples.Launch(bottle) with { HostIsRequired = start, AllowStandIn = allowed };
        var found = Planner.Plan(request, Samples.DemoFacts()).Diagnostics;
        Assert.That(found.Select(d => (d.Code, d.Severity)), Is.EqualTo(expected is { } severity ? [("BTL2011", severity)] : Array.Empty<(string, Severity)>()));
        Assert.That(found.Select(d => d.Message), Is.All.Contains("api.example.com is outside .test"));
    }

    [Test]
    public void A_stand_in_for_test_hosts_needs_no_permission() =>
        Assert.That(Samples.Codes(Samples.Demo() with { HostIsRequired = true }, Samples.DemoFacts()), Is.Empty);
}
