using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Planning;

[Parallelizable(ParallelScope.All)]
public sealed class GitGatePlannerTests
{
    [Test]
    public void The_gate_is_absent_when_no_repository_is_declared() => Assert.That(Samples.Plan(Samples.Route("api.example.com")).GitGate, Is.Null);

    [Test]
    public void Git_alone_has_pipelock_and_no_egress()
    {
        var plan = Samples.Plan(WithGit(Samples.Remote("app", "git@git.example.com:app")));
        Assert.That((plan.Egress, plan.Networks.Relay is null, plan.Networks.Egress is null), Is.EqualTo(((EgressPlan?)null, false, false)));
        Assert.That(plan.Pipelock!.Allowlist, Is.EqualTo(["git.example.com"]));
        Assert.That(plan.Pipelock.Passthrough, Is.EqualTo(["git.example.com"]));
        Assert.That(plan.Pipelock.ResolvesOutside, Is.True);
        Assert.That(plan.Agent.Environment.Select(v => v.Name), Has.None.Contains("PROXY").IgnoreCase);
    }

    [Test]
    public void With_egress_the_agents_programs_reach_the_gate_without_the_proxy()
    {
        var request = WithGit(Samples.Remote("app", "git@git.example.com:app"));
        var plan = Samples.Plan(request with { Bottle = request.Bottle with { Routes = [Samples.Route("api.example.com")] } });
        Assert.That(plan.Agent.Environment.Single(v => v.Name == "NO_PROXY").Literal, Does.EndWith(",git-gate"));
        Assert.That(plan.Pipelock!.Passthrough, Is.EqualTo(["git.example.com"]));
    }

    [Test]
    public void A_host_ip_is_told_to_pipelock_and_no_name_server_is_asked()
    {
        var plan = Samples.Plan(WithGit(Samples.Remote("app", "git@git.example.com:app") with { HostIp = Samples.At("10.1.2.3", 20) }));
        Assert.That(plan.Pipelock!.ExtraHosts, Is.EqualTo([new KnownAddress("git.example.com", "10.1.2.3")]));
        Assert.That(plan.Pipelock.AllowedAddresses, Is.EqualTo(["10.1.2.3/32"]));
        Assert.That(plan.Pipelock.ResolvesOutside, Is.False);
    }

    [TestCase("git.example.com", true, true)]
    [TestCase("*.example.com", true, true)]
    [TestCase("git.example.com", false, false)]
    [TestCase("api.example.com", true, false)]
    public void Pipelock_cannot_read_and_pass_one_host(string host, bool inspect, bool refused)
    {
        var request = WithGit(Samples.Remote("app", "git@git.example.com:app"));
        request = request with { Bottle = request.Bottle with { Routes = [Samples.Route(host) with { Inspect = inspect }] } };
        Assert.That(Samples.Codes(request), refused ? Is.EqualTo(["BTL2021"]) : Is.Empty);
    }

    [Test]
    public void One_host_has_one_address()
    {
        var one = Samples.Remote("one", "git@git.example.com:one") with { HostIp = Samples.At("10.1.2.3", 20) };
        var two = Samples.Remote("two", "git@git.example.com:two") with { HostIp = Samples.At("10.1.2.4", 24) };
        Assert.That(Samples.Codes(WithGit(one, two)), Is.EqualTo(["BTL2022", "BTL2022"]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Files_that_cannot_be_used_are_said_with_their_places(bool required)
    {
        var remote = Samples.Remote("app", "git@git.example.com:app") with { KnownHosts = new KnownHostsManifest(null, "keys/known", Samples.Span(18)) };
        var facts = Samples.Facts() with { GitFileProblems = [new FileProblem("~/.ssh/agent_key", "it has a passphrase"), new FileProblem("keys/known", "it is missing")] };
        var result = Planner.Plan(WithGit(remote) with { HostIsRequired = required }, facts);
        Assert.That(result.Diagnostics.Select(d => (d.Code, d.Where!.Line)), Is.EqualTo([("BTL2019", 17), ("BTL2020", 18)]));
        Assert.That(result.Plan is null, Is.EqualTo(required));
    }

    [Test]
    public void A_stand_in_guards_no_real_repository_unasked()
    {
        var facts = Samples.Facts() with { Images = new ImageFacts { PipelockIsStandIn = true } };
        Assert.That(Samples.Codes(WithGit(Samples.Remote("app", "git@git.example.com:app")) with { HostIsRequired = true }, facts), Is.EqualTo(["BTL2011"]));
    }

    [Test]
    public void The_demo_reaches_its_upstream_alone()
    {
        var plan = Samples.Plan(Samples.GitDemo(), Samples.DemoFacts());
        Assert.That((plan.TestUpstreams[0].HasGit, plan.TestUpstreams[0].HasCertificate, plan.Pipelock!.ResolvesOutside, plan.Pipelock.HasOwnRoots), Is.EqualTo((true, false, false, false)));
        Assert.That(plan.GitGate!.Author, Is.EqualTo(new GitAuthor("implementer", "implementer@bottle.invalid")));
    }

    private static LaunchRequest WithGit(params GitRemoteManifest[] remotes) => Samples.Launch(Samples.Bottle() with { Git = remotes });
}
