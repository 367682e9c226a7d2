using Bottle.Build.Doors;
using Bottle.Build.Runs;
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
        }
        else
        {
            context.Console.Line(verdict.Difference);
            context.Trust.Record(verdict);
            context.Console.Say($"agent '{agent}' is trusted from now on, as shown above (SHA-256 {verdict.Hash})");
        }
        if (context.Arguments.Json) context.Console.Data.WriteLine(Json(agent, verdict));
    }

    // {"agent", "hash", "was_trusted"}; home's own manifests have no hash.
    private static string Json(string agent, TrustVerdict verdict) => RunJson.Document(json =>
    {
        json.WriteString("agent", agent);
        if (verdict.Hash is { } hash) json.WriteString("hash", hash);
        json.WriteBoolean("was_trusted", verdict.State == TrustState.Trusted);
    });
}
