using Bottle.Contracts.Routes;
using Bottle.Core.Linting;
using Bottle.Core.Linting.Checks;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;
using Bottle.Core.Tests.Planning;
using Bottle.Core.Tests.Rendering;
using NUnit.Framework;

namespace Bottle.Core.Tests.Linting;

/// <summary>Every invariant broken once, by a plan or a Compose model that no planner would make.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PlanLinterTests
{
    private static BottlePlan Good => Samples.Plan(Samples.Demo(), Samples.DemoFacts());

    private static string[] Codes(BottlePlan plan) => [.. PlanLinter.Lint(plan).Select(d => d.Code).Distinct()];

    [TestCaseSource(typeof(GoldenTests), nameof(GoldenTests.CaseNames))]
    public void A_good_plan_passes(string name) => Assert.That(PlanLinter.Lint(GoldenTests.Plan(name)), Is.Empty);

    [Test]
    public void Egress_never_comes_without_pipelock() => Assert.That(Codes(Good with { Pipelock = null }), Is.EqualTo(["BTL9003"]));

    [Test]
    public void A_table_without_routes_is_no_egress() =>
        Assert.That(Codes(Good with { Egress = Good.Egress! with { Routes = [], Tokens = [] } }), Does.Contain("BTL9003"));

    [Test]
    public void Internal_and_relay_lead_nowhere()
    {
        var networks = Good.Networks;
        Assert.That(Codes(Good with { Networks = networks with { Internal = networks.Internal with { Internal = false } } }), Is.EqualTo(["BTL9002"]));
        Assert.That(Codes(Good with { Networks = networks with { Relay = networks.Relay! with { Internal = false } } }), Is.EqualTo(["BTL9002"]));
    }

    [Test]
    public void Subnets_are_disjoint()
    {
        var networks = Good.Networks;
        Assert.That(Codes(Good with { Networks = networks with { Relay = networks.Relay! with { Subnet = networks.Internal.Subnet } } }), Is.EqualTo(["BTL9004"]));
        Assert.That(Codes(Good with { Networks = networks with { Relay = networks.Relay! with { Subnet = "none" } } }), Is.EqualTo(["BTL9004"]));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(15)]
    [TestCase(16)]
    public void A_test_upstreams_address_is_a_hosts(int index)
    {
        Assert.That(Ipv4Network.TryParse(Good.Networks.Egress!.Subnet, out var subnet));
        var upstream = Good.TestUpstreams[0] with { Address = subnet!.Address(index) };
        Assert.That(Codes(Good with { TestUpstreams = [upstream], Pipelock = Good.Pipelock! with { AllowedAddresses = [upstream.Address + "/32"] } }), Is.EqualTo(["BTL9005"]));
    }

    [Test]
    public void Two_upstreams_never_share_an_address()
    {
        var upstream = Good.TestUpstreams[0];
        Assert.That(Codes(Good with { TestUpstreams = [upstream, upstream with { Service = "upstream-2" }] }), Is.EqualTo(["BTL9005"]));
    }

    [Test]
    public void Root_is_whole_or_not_at_all() => Assert.That(Codes(Good with { RunAs = new RunAs(0, 1000) }), Is.EqualTo(["BTL9007"]));

    [Test]
    public void The_tokens_folder_is_not_the_engines_socket() =>
        Assert.That(Codes(Good with { Egress = Good.Egress! with { TokensDirectory = "/var/run/docker.sock" } }), Is.EqualTo(["BTL9006"]));

    [TestCase("*.demo.test")]
    [TestCase("other.test")]
    public void Pipelock_lets_no_other_host_pass(string host) =>
        Assert.That(Codes(Good with { Pipelock = Good.Pipelock! with { Allowlist = ["api.demo.test", host] } }), Is.EqualTo(["BTL9011"]));

    [Test]
    public void Pipelock_reads_what_is_to_be_inspected() =>
        Assert.That(Codes(Good with { Pipelock = Good.Pipelock! with { Passthrough = ["api.demo.test"] } }), Is.EqualTo(["BTL9011"]));

    [Test]
    public void Pipelock_reaches_no_private_address_but_the_upstreams() =>
        Assert.That(Codes(Good with { Pipelock = Good.Pipelock! with { AllowedAddresses = [.. Good.Pipelock!.AllowedAddresses, "10.0.0.1/32"] } }), Is.EqualTo(["BTL9011"]));

    [Test]
    public void Pipelock_asks_no_outside_name_server_without_need() =>
        Assert.That(Codes(Good with { Pipelock = Good.Pipelock! with { ResolvesOutside = true } }), Is.EqualTo(["BTL9009"]));

    [Test]
    public void Every_slot_is_filled_and_used()
    {
        var egress = Good.Egress!;
        Assert.That(Codes(Good with { Egress = egress with { Tokens = [] } }), Is.EqualTo(["BTL9012"]));
        Assert.That(Codes(Good with { Egress = egress with { Tokens = [egress.Tokens[0], egress.Tokens[0] with { Name = "EGRESS_TOKEN_9" }] } }), Is.EqualTo(["BTL9012"]));
        Assert.That(Codes(Good with { Egress = egress with { Tokens = [egress.Tokens[0], egress.Tokens[0]] } }), Is.EqualTo(["BTL9012"]));
    }

    [TestCase("LD_PRELOAD")]
    [TestCase("docker_host")]
    [TestCase("COMPOSE_FILE")]
    [TestCase("ALL_PROXY")]
    [TestCase("A=B")]
    [TestCase("")]
    public void A_manifests_variable_steers_nothing(string name) =>
        Assert.That(Codes(WithVariable(new EnvironmentVariable(name, null, "X") { Source = "bottles/dev.md:3:3" })), Is.EqualTo(["BTL9013"]));

    [Test]
    public void Proxy_variables_lead_to_egress_or_nowhere()
    {
        var other = new EnvironmentVariable("https_proxy", "http://pipelock:8888");
        Assert.That(Codes(Good with { Agent = Good.Agent with { Environment = [.. Good.Agent.Environment.Where(v => v.Name != other.Name), other] } }), Is.EqualTo(["BTL9014"]));
        var closed = Samples.Plan();
        Assert.That(Codes(closed with { Agent = closed.Agent with { Environment = [.. closed.Agent.Environment, other] } }), Is.EqualTo(["BTL9014"]));
    }

    [TestCase("https://api.demo.test")]
    [TestCase("*.com")]
    public void Egress_reads_what_was_rendered(string host)
    {
        var route = Good.Egress!.Routes[0] with { Host = host };
        var plan = Good with { Egress = Good.Egress with { Routes = [route] }, Pipelock = Good.Pipelock! with { Allowlist = [host], ResolvesOutside = true } };
        Assert.That(Codes(plan), Is.EqualTo(["BTL9016"]));
    }

    [Test]
    public void Nobody_runs_without_limits() =>
        Assert.That(Codes(Good with { Agent = Good.Agent with { Limits = new Limits(0, 1, 1) } }), Is.EqualTo(["BTL9015"]));

    // Assembled here, so that no scanner takes this file for a leak.
    [TestCase("sk-" + "ant-api03-abcdefghijklmnopqrst")]
    [TestCase("ghp" + "_abcdefghijklmnopqrstuvwxyz0123456789")]
    [TestCase("github" + "_pat_abcdefghijklmnopqrstuvwxyz0123456789")]
    [TestCase("AK" + "IAABCDEFGHIJKLMNOP")]
    [TestCase("https://user:glpat" + "-abcdefghijklmnopqrst@git.example.com")]
    [TestCase("-----BEGIN OPENSSH " + "PRIVATE KEY-----\nx")]
    public void A_literal_that_looks_like_a_token_is_the_manifests_error(string value)
    {
        var error = PlanLinter.Lint(WithVariable(new EnvironmentVariable("A", value) { Source = "C:/x/dev.md:3:7" })).Single();
        Assert.That((error.Code, error.Where!.ToString()), Is.EqualTo(("BTL2016", "C:/x/dev.md:3:7")));
        Assert.That(error.Message + error.Fix + error.Why, Does.Not.Contain(value));
    }

    [TestCase("placeholder")]
    [TestCase("task-list-for-the-next-two-weeks-of-work")]
    [TestCase("sk-short")]
    public void Ordinary_text_is_no_token(string value) =>
        Assert.That(PlanLinter.Lint(WithVariable(new EnvironmentVariable("A", value) { Source = "bottles/dev.md:3:7" })), Is.Empty);

    [TestCase("agent", "internal, relay")]
    [TestCase("agent", "")]
    [TestCase("pipelock", "egress, internal, relay")]
    [TestCase("egress", "egress, internal, relay")]
    [TestCase("upstream-1", "internal")]
    [TestCase("stranger", "internal")]
    public void Everyone_keeps_to_the_networks_of_the_design(string service, string networks)
    {
        var endpoints = networks.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(n => new ComposeEndpoint(n)).ToArray();
        var changed = Change(service, s => s with { Networks = endpoints });
        Assert.That(Run(new ServicesKeepToTheirNetworks(), changed), Is.EqualTo(["BTL9001"]));
    }

    [TestCase("agent", "/home/operator", true)]
    [TestCase("agent", "./egress", true)]
    [TestCase("agent", "./agent/../egress", true)]
    [TestCase("agent", "./agent/input", false)]
    [TestCase("agent", "./egress/tokens", true)]
    [TestCase("pipelock", "/var/run/docker.sock", true)]
    [TestCase("egress", "./egress", false)]
    [TestCase("egress", "./egress-lost", true)]
    public void Mounts_stay_in_the_run(string service, string source, bool readOnly)
    {
        var changed = Change(service, s => s with { Mounts = [new ComposeMount(source, "/x", readOnly)] });
        Assert.That(Run(new MountsStayInTheRun(), changed), Is.EqualTo(["BTL9006"]));
    }

    [Test]
    public void Nothing_goes_without_a_label()
    {
        Assert.That(Run(new EverythingIsLabelled(), Change("agent", s => s with { Labels = [.. s.Labels.Skip(1)] })), Is.EqualTo(["BTL9008"]));
        var good = ComposeFile.From(Good);
        Assert.That(Run(new EverythingIsLabelled(), good with { Networks = [good.Networks[0] with { Labels = [] }] }), Is.EqualTo(["BTL9008", "BTL9008", "BTL9008"]));
    }

    [TestCase("agent")]
    [TestCase("egress")]
    [TestCase("upstream-1")]
    public void Names_are_no_way_out(string service) =>
        Assert.That(Run(new DnsIsClosed(), Change(service, s => s with { ResolvesOutside = true })), Is.EqualTo(["BTL9009"]));

    [Test]
    public void The_agent_comes_last()
    {
        Assert.That(Run(new AgentComesLast(), Change("agent", s => s with { DependsOn = [] })), Is.EqualTo(["BTL9010", "BTL9010"]));
        Assert.That(Run(new AgentComesLast(), Change("agent", s => s with { DependsOn = [.. s.DependsOn.Select(d => d with { Healthy = false })] })), Is.EqualTo(["BTL9010", "BTL9010"]));
        Assert.That(Run(new AgentComesLast(), Change("egress", s => s with { Healthcheck = [] })), Is.EqualTo(["BTL9010"]));
    }

    [Test]
    public void Everyone_is_the_runs_user() =>
        Assert.That(Run(new EveryoneIsTheRunsUser(), Change("egress", s => s with { User = "0:0" })), Is.EqualTo(["BTL9007"]));

    private static BottlePlan GoodGit => Samples.Plan(Samples.GitDemo(), Samples.DemoFacts());

    [Test]
    public void The_gate_never_comes_without_pipelock() => Assert.That(Codes(GoodGit with { Pipelock = null }), Is.EqualTo(["BTL9003"]));

    [Test]
    public void Pipelock_lets_exactly_the_upstreams_of_git_pass()
    {
        Assert.That(Codes(GoodGit with { Pipelock = GoodGit.Pipelock! with { Passthrough = [] } }), Is.EqualTo(["BTL9011"]));
        Assert.That(Codes(GoodGit with { Pipelock = GoodGit.Pipelock! with { Allowlist = ["git.demo.test", "other.test"] } }), Is.EqualTo(["BTL9011"]));
    }

    [TestCase("internal, relay, egress")]
    [TestCase("internal, egress")]
    public void The_gate_is_not_on_the_network_that_leads_out(string networks)
    {
        var endpoints = networks.Split(", ").Select(n => new ComposeEndpoint(n)).ToArray();
        Assert.That(new ServicesKeepToTheirNetworks().Run(GoodGit, ChangeGit("git-gate", s => s with { Networks = endpoints })).Select(d => d.Code), Is.EqualTo(["BTL9001"]));
    }

    [TestCase("agent", "./git-gate/keys")]
    [TestCase("agent", "./git-gate/keys/demo")]
    [TestCase("agent", "./git-gate")]
    [TestCase("agent", ".")]
    [TestCase("pipelock", "./git-gate/keys")]
    public void Gits_keys_are_seen_by_the_gate_alone(string service, string source) =>
        Assert.That(new GitKeysStayInTheGate().Run(GoodGit, ChangeGit(service, s => s with { Mounts = [new ComposeMount(source, "/x")] })).Select(d => d.Code), Is.EqualTo(["BTL9017"]));

    [Test]
    public void The_gate_cannot_change_its_keys() =>
        Assert.That(
            new GitKeysStayInTheGate().Run(GoodGit, ChangeGit("git-gate", s => s with { Mounts = [.. s.Mounts.Select(m => m with { ReadOnly = false })] })).Select(d => d.Code), Is.EqualTo(["BTL9017"]));

    [Test]
    public void The_gate_reads_what_was_rendered()
    {
        var gate = GoodGit.GitGate!;
        Assert.That(Codes(GoodGit with { GitGate = gate with { Remotes = [gate.Remotes[0], gate.Remotes[0]] } }), Is.EqualTo(["BTL9018"]));
        Assert.That(Codes(GoodGit with { GitGate = gate with { Remotes = [gate.Remotes[0] with { Push = gate.Remotes[0].Push with { MaxSize = 0 } }] } }), Is.EqualTo(["BTL9018"]));
    }

    [Test]
    public void The_agent_waits_for_the_gate() =>
        Assert.That(new AgentComesLast().Run(GoodGit, ChangeGit("agent", s => s with { DependsOn = [.. s.DependsOn.Where(d => d.Service != "git-gate")] })).Select(d => d.Code), Is.EqualTo(["BTL9010"]));

    private static ComposeFile ChangeGit(string service, Func<ComposeService, ComposeService> change)
    {
        var good = ComposeFile.From(GoodGit);
        return good with { Services = [.. good.Services.Select(s => s.Name == service ? change(s) : s)] };
    }

    private static BottlePlan WithVariable(EnvironmentVariable variable) =>
        Good with { Agent = Good.Agent with { Environment = [.. Good.Agent.Environment, variable] } };

    private static string[] Run(ICheck check, ComposeFile compose) => [.. check.Run(Good, compose).Select(d => d.Code)];

    private static ComposeFile Change(string service, Func<ComposeService, ComposeService> change)
    {
        var good = ComposeFile.From(Good);
        return good.Services.Any(s => s.Name == service)
            ? good with { Services = [.. good.Services.Select(s => s.Name == service ? change(s) : s)] }
            : good with { Services = [.. good.Services, change(good.Services[0] with { Name = service })] };
    }
}
