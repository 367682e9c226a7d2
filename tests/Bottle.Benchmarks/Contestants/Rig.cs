using System.Net;
using Bottle.Benchmarks.Machine;

namespace Bottle.Benchmarks.Contestants;

/// <summary>What every contestant is set up with: the same origin, the same policy (GET and POST on <c>/v1/*</c> of one host, deny the rest), the same credential to inject.</summary>
/// <param name="Origin">Where the origin listens.</param>
/// <param name="OriginAuthority">Who signed the origin's certificate: the only authority that a contestant trusts upstream.</param>
/// <param name="ProxyAuthority">What a contestant signs with towards the client.</param>
/// <param name="Workspace">Where files go.</param>
/// <param name="Layout">Who runs on which cores.</param>
internal sealed record Rig(IPEndPoint Origin, Authority OriginAuthority, Authority ProxyAuthority, Workspace Workspace, CpuLayout Layout)
{
    /// <summary>The origin's name; it is in no DNS, contestants are told its address.</summary>
    internal const string Host = "origin.bench.test";

    /// <summary>The Authorization value that contestants inject and the origin requires: made up, worth nothing.</summary>
    internal const string Credential = "Bearer " + Token;

    /// <summary>The credential without its scheme.</summary>
    internal const string Token = "bench-0123456789abcdef0123456789abcdef";

    /// <summary><c>host:port</c> as clients name the origin.</summary>
    internal string OriginName => $"{Host}:{Origin.Port}";

    /// <summary>A new folder for one start of a contestant.</summary>
    internal string NewFolder(string name) => Workspace.Folder($"{name}-{Guid.NewGuid():N}");
}
