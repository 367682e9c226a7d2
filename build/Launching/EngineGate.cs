using System.Net;
using Bottle.Host.Docker;
using Bottle.Host.Setup;

namespace Bottle.Build.Launching;

/// <summary>An engine that can be used: the one that answers, or with <c>--setup</c> one that is installed and started.</summary>
internal sealed class EngineGate(DockerEngine engine, EngineInstaller installer, CancellationToken cancellation)
{
    private Task<EngineProbe>? begun;

    /// <summary>The subnets of the engine's networks, asked ahead; null when nobody did, or when the engine was not there yet.</summary>
    internal Task<IReadOnlyList<IPNetwork>>? Subnets { get; private set; }

    /// <summary>Begins to ask the engine, while manifests are still being read.</summary>
    internal void Begin()
    {
        begun ??= engine.ProbeAsync(cancellation);
        Subnets ??= engine.NetworkSubnetsAsync(cancellation);
    }

    /// <exception cref="Core.Diagnostics.BottleException">BTL4001 when none answers and <c>--setup</c> is not given; BTL40xx and BTL41xx for all else.</exception>
    internal async Task<EngineInfo> RequireAsync()
    {
        var probe = await (begun ?? engine.ProbeAsync(cancellation));
        if (probe.Problem is EngineProblem.NoClient or EngineProblem.NoDaemon or EngineProblem.ComposeMissing)
        {
            Subnets = null;
            await installer.EnsureAsync(probe.Detail, cancellation);
            probe = await engine.ProbeAsync(cancellation);
        }
        return probe.Require();
    }
}
