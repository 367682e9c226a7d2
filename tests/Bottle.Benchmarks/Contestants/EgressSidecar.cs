using System.Net;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Contestants;

/// <summary>Our sidecar: the published executable with the container's environment, on loopback. Its host is on passthrough (<c>inspect: false</c>), as bulk and streaming hosts are.</summary>
/// <param name="name">Its name in tables; variants that are compared with it have others.</param>
/// <param name="executable">The published executable.</param>
/// <param name="extraEnvironment">Settings on top of the container's.</param>
internal sealed class EgressSidecar(string name, string executable, IReadOnlyDictionary<string, string> extraEnvironment) : IContestant
{
    /// <summary>The name of the sidecar whose figures count.</summary>
    internal const string DefaultName = "egress";

    public string Name => name;

    public RunningContestant Start(Rig rig)
    {
        var folder = rig.NewFolder(Name);
        var address = Workspace.FreeAddress();
        Workspace.Write(folder, "routes.yaml", Routes(rig.Origin, generation: 1));
        Workspace.Write(folder, "tokens.json", $$"""{"EGRESS_TOKEN_0": "{{Rig.Token}}"}""");
        var environment = new Dictionary<string, string>(extraEnvironment)
        {
            ["EGRESS_LISTEN"] = address.ToString(),
            ["EGRESS_CONTROL_SOCKET"] = Path.Combine(folder, "control.sock"),
            ["EGRESS_ROUTES"] = RoutesFile(folder),
            ["EGRESS_TOKENS"] = Path.Combine(folder, "tokens.json"),
            ["EGRESS_CA"] = rig.ProxyAuthority.CertificateFile,
            ["EGRESS_CA_KEY"] = rig.ProxyAuthority.KeyFile,
            ["EGRESS_UPSTREAM_PROXY"] = $"http://{rig.Origin}",
            ["EGRESS_UPSTREAM_CA"] = rig.ProxyAuthority.CertificateFile,
            ["EGRESS_UPSTREAM_ROOTS"] = rig.OriginAuthority.CertificateFile,
            ["EGRESS_LOG"] = Path.Combine(folder, "requests.jsonl"),
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_GCgen0size"] = "0x400000",
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
            ["MALLOC_ARENA_MAX"] = "1",
            ["SSL_CERT_DIR"] = "/nonexistent",
            ["SSL_CERT_FILE"] = "/dev/null",
            ["TMPDIR"] = folder,
        };
        var child = Child.Start(rig.Layout.Proxy, Path.Combine(folder, "output.log"), environment, executable);
        return new RunningContestant(TargetAt(address, rig), child, folder);
    }

    /// <summary>The route table that is in force; a rewritten one is read after SIGHUP.</summary>
    internal static string RoutesFile(string folder) => Path.Combine(folder, "routes.yaml");

    /// <summary>The benchmark's policy as routes.yaml.</summary>
    internal static string Routes(IPEndPoint origin, int generation) => $"""
        version: 1
        generation: {generation}
        routes:
          - host: "{Rig.Host}"
            ports: [{origin.Port}]
            methods: ["GET", "POST"]
            path_allowlist: ["/v1/*"]
            inspect: false
            auth:
              scheme: "Bearer"
              header: "authorization"
              token_env: "EGRESS_TOKEN_0"

        """;

    private static Target TargetAt(IPEndPoint address, Rig rig) =>
        new(address, Rig.Host, rig.Origin.Port, rig.ProxyAuthority.CertificateFile, IsForwardProxy: true, Credential: null);
}
