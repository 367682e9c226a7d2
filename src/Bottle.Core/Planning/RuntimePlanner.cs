using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Decides the agent's container runtime (SPEC M1): gVisor where it works and nobody says otherwise.</summary>
internal static class RuntimePlanner
{
    /// <summary>The runtime, with its reason.</summary>
    public static RuntimePlan Plan(LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics)
    {
        switch (request.Bottle.Runtime)
        {
            case { Value: RuntimePlan.Runc }:
                return new RuntimePlan(RuntimePlan.Runc, "the manifest says so");
            case { Value: RuntimePlan.Runsc } wanted:
                if (!facts.Runsc.Works)
                    diagnostics.Add(PlanErrors.RunscUnavailable(facts.Runsc.Reason, wanted.Where, request.HostIsRequired));
                return new RuntimePlan(RuntimePlan.Runsc, $"the manifest says so; {facts.Runsc.Reason}");
            default:
                return new RuntimePlan(facts.Runsc.Works ? RuntimePlan.Runsc : RuntimePlan.Runc, facts.Runsc.Reason);
        }
    }
}
