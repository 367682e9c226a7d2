using Bottle.Core.Planning;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class NetworkPlannerTests
{
    private static NetworksPlan Networks(HostFacts facts, int attempt = 0, string suffix = "00000") =>
        Samples.Plan(Samples.Launch(Samples.Bottle(Samples.Route("api.example.com"))) with
        {
            Identity = $"implementer-{suffix}",
            SubnetAttempt = attempt,
        }, facts).Networks;

    [Test]
    public void Three_networks_lie_side_by_side_in_one_block()
    {
        var networks = Networks(Samples.Facts());
        Assert.That(Ipv4Network.TryParse(networks.Internal.Subnet, out var first), Is.True);
        Assert.That(networks.Relay!.Subnet, Is.EqualTo($"{first!.Address(16)}/28"));
        Assert.That(networks.Egress!.Subnet, Is.EqualTo($"{first!.Address(32)}/28"));
        Assert.That((networks.Internal.Internal, networks.Relay.Internal, networks.Egress.Internal), Is.EqualTo((true, true, false)));
    }

    [Test]
    public void Without_a_route_there_is_the_internal_network_alone()
    {
        var networks = Samples.Plan().Networks;
        Assert.That((networks.Relay, networks.Egress), Is.EqualTo(((NetworkPlan?)null, (NetworkPlan?)null)));
    }

    [Test]
    public void The_identity_alone_decides_on_an_empty_host() =>
        Assert.That(Networks(Samples.Facts(), suffix: "k3x9a"), Is.EqualTo(Networks(Samples.Facts(), suffix: "k3x9a")));

    [Test]
    public void Every_attempt_is_another_block()
    {
        var subnets = Enumerable.Range(0, NetworkPlanner.MostAttempts).Select(i => Networks(Samples.Facts(), i).Internal.Subnet).ToList();
        Assert.That(subnets, Is.Unique);
    }

    [Test]
    public void The_default_route_takes_nothing()
    {
        var facts = Samples.Facts() with { TakenSubnets = ["0.0.0.0/0", "fe80::/64", "nonsense"] };
        Assert.That(Networks(facts), Is.EqualTo(Networks(Samples.Facts())));
    }

    [Test]
    public void A_pool_that_a_wide_route_covers_is_full()
    {
        var result = Planner.Plan(Samples.Launch(), Samples.Facts() with { TakenSubnets = ["10.0.0.0/8"] });
        Assert.That(result.Diagnostics.Select(d => d.Code), Is.EqualTo(["BTL2013"]));
    }

    [Test]
    public void Sixteen_refusals_end_the_search() =>
        Assert.That(Samples.Codes(Samples.Launch() with { SubnetAttempt = 16 }), Is.EqualTo(["BTL2013"]));

    [TestCase("10.213.0.0/27")]
    [TestCase("10.213.0.0")]
    [TestCase("fd00::/48")]
    [TestCase("10.213/16")]
    [TestCase("")]
    public void A_pool_that_is_none_is_an_error(string pool) =>
        Assert.That(Samples.Codes(Samples.Launch(), Samples.Facts() with { SubnetPool = pool }), Is.EqualTo(["BTL2012"]));

    [Test]
    public void The_smallest_pool_holds_one_bottle()
    {
        var facts = Samples.Facts() with { SubnetPool = "192.168.7.64/26" };
        Assert.That(Networks(facts).Internal.Subnet, Is.EqualTo("192.168.7.64/28"));
    }

    [Test]
    public void What_is_taken_is_never_chosen()
    {
        var pool = Parse("10.213.0.0/22");
        var gen =
            from blocks in Gen.SubListOf(Enumerable.Range(0, 16).Select(i => pool.Subnet(26, i).ToString()))
            from suffix in Gen.Choose(0, 60_000_000)
            select (blocks, suffix);
        Prop.ForAll(gen.ToArbitrary(), sample =>
        {
            var facts = Samples.Facts() with { SubnetPool = pool.ToString(), TakenSubnets = [.. sample.blocks] };
            var request = Samples.Launch(Samples.Bottle(Samples.Route("api.example.com"))) with
            {
                Identity = Identity.For("implementer", (uint)sample.suffix).ToString(),
            };
            var result = Planner.Plan(request, facts);
            if (sample.blocks.Count == 16)
                return result.Plan is null;
            var chosen = Parse(result.Require().Networks.Internal.Subnet);
            return pool.Overlaps(chosen) && !sample.blocks.Any(b => Parse(b).Overlaps(chosen));
        }).QuickCheckThrowOnFailure();
    }

    [TestCase("10.0.0.0/8", "10.255.0.0/16", true)]
    [TestCase("10.0.0.0/24", "10.0.1.0/24", false)]
    [TestCase("10.0.1.7/24", "10.0.1.128/25", true)]
    [TestCase("0.0.0.0/0", "203.0.113.0/24", true)]
    [TestCase("192.0.2.1/32", "192.0.2.1/32", true)]
    public void Networks_overlap_when_they_share_an_address(string one, string other, bool expected)
    {
        Assert.That(Parse(one).Overlaps(Parse(other)), Is.EqualTo(expected));
        Assert.That(Parse(other).Overlaps(Parse(one)), Is.EqualTo(expected));
    }

    private static Ipv4Network Parse(string text) => Ipv4Network.TryParse(text, out var network) ? network : throw new FormatException(text);
}
