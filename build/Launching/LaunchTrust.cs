using Bottle.Core.Diagnostics;
using Bottle.Host.Manifests;

namespace Bottle.Build.Launching;

/// <summary>Whether the manifests of a launch may start (SPEC A3).</summary>
internal sealed class LaunchTrust(BottleContext context)
{
    private readonly TrustStore store = new(
        Path.Combine(context.Home.Root, "trust"), context.Home.Bottles, context.UserDirectory, ShippedTrust.Load(Path.Combine(context.RepositoryRoot, "bottles")));

    /// <exception cref="BottleException">BTL1008 or BTL1009, with the difference: new or changed since it was last trusted. <c>--yes</c> does not help, <c>--trust=HASH</c> does.</exception>
    internal void Require()
    {
        var verdict = Evaluate();
        if (verdict.State != TrustState.Trusted && verdict.Hash is { } hash && context.Arguments.Trust == hash)
        {
            store.Record(verdict);
            return;
        }
        TrustStore.Require(verdict);
    }

    internal TrustVerdict Evaluate() => store.Evaluate(context.Launch.RequiredManifests);

    internal void Record(TrustVerdict verdict) => store.Record(verdict);
}
