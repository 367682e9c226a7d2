using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Expectations;
using Bottle.Core.Linting;

namespace Bottle.Core.Planning;

/// <summary>Decides a launch: manifest and facts in, plan out, everything wrong said at once. Pure.</summary>
public static class Planner
{
    /// <summary>Plans one launch. The plan is null when any diagnostic is an error; it has passed <see cref="PlanLinter"/> otherwise.</summary>
    public static PlanResult Plan(LaunchRequest request, HostFacts facts)
    {
        var diagnostics = new List<Diagnostic>();
        if (!Identity.TryParse(request.Identity, out var identity) || identity.Agent != request.Agent.Name)
            diagnostics.Add(PlanErrors.IdentityMismatch(request.Identity, request.Agent.Name));

        var names = new BottleNames(request.Identity);
        var provider = ProviderPlanner.Choose(request, facts, diagnostics);
        var egress = EgressPlanner.Plan(request, facts, provider, diagnostics);
        diagnostics.AddRange(ExpectationCheck.Check(request, egress));
        var git = GitGatePlanner.Plan(request, facts, egress, diagnostics);
        var networks = NetworkPlanner.Plan(request, facts, names, egress is not null || git is not null, diagnostics);
        var upstreams = TestUpstreamPlanner.Plan(request, facts, egress, networks?.Egress, diagnostics);
        var pipelock = PipelockPlanner.Plan(request, facts, egress, git, upstreams, diagnostics);
        var runAs = RunAsOf(facts);
        var agent = AgentPlanner.Plan(request, facts, provider, new AgentNeighbours(egress is not null, git is not null, request.Bottle.Supervise) { Services = [.. request.Bottle.Services.Select(s => s.Name.Value)] }, runAs, diagnostics);

        var workspace = WorkspacePlanner.Plan(request, facts, runAs, diagnostics);
        var services = ServicePlanner.Plan(request, facts, diagnostics);
        if (networks is null || HasError(diagnostics))
            return new PlanResult(null, diagnostics);
        var plan = new BottlePlan
        {
            Revision = request.Revision,
            Identity = request.Identity,
            AgentName = request.Agent.Name,
            BottleName = request.Bottle.Name,
            Names = names,
            HomeHash = facts.HomeHash,
            RunAs = runAs,
            Networks = networks,
            Agent = agent,
            Egress = egress,
            GitGate = git,
            Supervise = request.Bottle.Supervise ? new SupervisePlan(facts.Images.Supervise, Limits.Supervise.Within(facts.Cpus)) : null,
            Pipelock = pipelock,
            Services = services,
            Workspace = workspace,
            TestUpstreams = upstreams,
            Expectations = [.. request.Bottle.Expectations.Select(e => new ExpectationPlan(e.Text, e.IsAllowed, e.Where))],
        };
        diagnostics.AddRange(PlanLinter.Lint(plan));
        return new PlanResult(HasError(diagnostics) ? null : plan, diagnostics);
    }

    // SPEC D13. A rootless engine maps the operator to 0 inside; root's own files are given to 1000.
    private static RunAs RunAsOf(HostFacts facts) => facts switch
    {
        { Rootless: true } => new RunAs(0, 0),
        { Uid: 0 } => new RunAs(1000, 1000),
        _ => new RunAs(facts.Uid, facts.Gid),
    };

    private static bool HasError(List<Diagnostic> diagnostics) => diagnostics.Exists(d => d.Severity == Severity.Error);
}
