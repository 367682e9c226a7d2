using Bottle.Contracts.Git;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>Writes the gate's configuration (SPEC D3): <c>gate.json</c>, and the host keys that stand in the manifest. Those in files, and minted ones, are copied by the stage.</summary>
public static class GitGateRenderer
{
    /// <summary>The gate's files; nothing without it.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) =>
        plan.GitGate is { } gate
            ? [new RenderedFile(StateLayout.GitGateFile, GateFileFormat.Write(ToFile(gate))), .. gate.Remotes.Where(r => r.KnownHosts is not null).Select(r => new RenderedFile(StateLayout.GitGateKnownHosts(r.Name), r.KnownHosts!))]
            : [];

    private static GateFile ToFile(GitGatePlan gate) => new()
    {
        Repositories = [.. gate.Remotes.Select(remote => new GateRepository { Name = remote.Name, Upstream = remote.Upstream.Url, Push = remote.Push, Scan = remote.Scan })],
    };
}
