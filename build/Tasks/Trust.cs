using Bottle.Build.Doors;
using Bottle.Host.Manifests;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Records that the operator trusts an agent's manifests, and every file that they name, as they are now.</summary>
[TaskDescription("Records that you trust an agent's manifests as they are now")]
[IsDependentOn(typeof(ResolveManifest))]
[Takes("agent", "manifests")]
internal sealed class Trust : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        var verdict = context.Trust.Evaluate();
        var agent = context.Launch.RequiredManifests.Agent.Name;
        if (verdict.State == TrustState.Trusted)
        {
            context.Console.Say($"agent '{agent}' is trusted already, unchanged");
            return;
        }
        context.Console.Line(verdict.Difference);
        context.Trust.Record(verdict);
        context.Console.Say($"agent '{agent}' is trusted from now on, as shown above (SHA-256 {verdict.Hash})");
    }
}
