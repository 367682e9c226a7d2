using Bottle.Core.Linting;
using Bottle.Core.Linting.Checks;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;
using Bottle.Core.Tests.Planning;
using NUnit.Framework;

namespace Bottle.Core.Tests.Linting;

/// <summary>The invariants of a bottle whose agent may ask, each broken once.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SuperviseLintTests
{
    private static BottlePlan Good => Samples.Plan(Samples.Launch(Samples.Bottle() with { Supervise = true }));

    [TestCase("supervise", "./supervise/queue/answers", false)]
    [TestCase("supervise", "./supervise/queue", false)]
    [TestCase("supervise", "./supervise", false)]
    [TestCase("agent", "./supervise/queue/answers", true)]
    [TestCase("agent", "./supervise/queue/proposals", false)]
    [TestCase("egress", ".", true)]
    public void Answers_are_written_by_the_operator_alone(string service, string source, bool readOnly) =>
        Assert.That(
            new AnswersAreTheOperators().Run(Good, Change(service, s => s with { Mounts = [new ComposeMount(source, "/x", readOnly)] })).Select(d => d.Code), Is.EqualTo(["BTL9019"]));

    [TestCase("./supervise/queue/answers", false)]
    [TestCase("./supervise/current-config", false)]
    [TestCase("./egress", true)]
    public void Supervise_writes_its_questions_and_nothing_else(string source, bool readOnly) =>
        Assert.That(
            new MountsStayInTheRun().Run(Good, Change("supervise", s => s with { Mounts = [new ComposeMount(source, "/x", readOnly)] })).Select(d => d.Code), Is.EqualTo(["BTL9006"]));

    [TestCase("internal, relay")]
    [TestCase("internal, egress")]
    [TestCase("")]
    public void Supervise_is_on_internal_alone(string networks)
    {
        var endpoints = networks.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(n => new ComposeEndpoint(n)).ToArray();
        Assert.That(new ServicesKeepToTheirNetworks().Run(Good, Change("supervise", s => s with { Networks = endpoints })).Select(d => d.Code), Is.EqualTo(["BTL9001"]));
    }

    [Test]
    public void Supervise_resolves_nothing_outside() =>
        Assert.That(new DnsIsClosed().Run(Good, Change("supervise", s => s with { ResolvesOutside = true })).Select(d => d.Code), Is.EqualTo(["BTL9009"]));

    [Test]
    public void The_agent_waits_for_supervise() =>
        Assert.That(
            new AgentComesLast().Run(Good, Change("agent", s => s with { DependsOn = [.. s.DependsOn.Where(d => d.Service != "supervise")] })).Select(d => d.Code), Is.EqualTo(["BTL9010"]));

    [Test]
    public void Supervise_comes_with_egress_and_is_reached_past_it()
    {
        Assert.That(Codes(Samples.Plan() with { Supervise = Good.Supervise }), Is.EqualTo(["BTL9020"]));
        Assert.That(Codes(Good with { Agent = Good.Agent with { Environment = [.. Good.Agent.Environment.Where(v => v.Name != "no_proxy")] } }), Is.EqualTo(["BTL9020"]));
        Assert.That(Codes(Good with { Supervise = null, Pipelock = Good.Pipelock! with { ResolvesOutside = false } }), Is.EqualTo(["BTL9003", "BTL9020"]));
    }

    [Test]
    public void An_empty_table_lets_no_real_name_pass() =>
        Assert.That(Codes(Good with { Pipelock = Good.Pipelock! with { Allowlist = ["example.com"] } }), Is.EqualTo(["BTL9011"]));

    [Test]
    public void Egress_follows_the_pipelock_that_runs() =>
        Assert.That(Codes(Good with { Revision = 3, Pipelock = Good.Pipelock! with { Instance = 3 } }), Is.Empty);

    private static ComposeFile Change(string service, Func<ComposeService, ComposeService> change)
    {
        var good = ComposeFile.From(Good);
        return good with { Services = [.. good.Services.Select(s => s.Name == service ? change(s) : s)] };
    }

    private static string[] Codes(BottlePlan plan) => [.. PlanLinter.Lint(plan).Select(d => d.Code).Distinct()];
}
