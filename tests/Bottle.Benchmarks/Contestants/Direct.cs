using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Contestants;

/// <summary>No proxy: the client talks to the origin, and brings the credential itself.</summary>
internal sealed class Direct : IContestant
{
    public string Name => "direct";

    public RunningContestant Start(Rig rig) =>
        new(new Target(rig.Origin, Rig.Host, rig.Origin.Port, rig.OriginAuthority.CertificateFile, IsForwardProxy: false, Rig.Credential), null, "");
}
