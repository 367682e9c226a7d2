using System.Globalization;
using Bottle.Benchmarks.Machine;
using Bottle.Benchmarks.Wire;

namespace Bottle.Benchmarks.Contestants;

/// <summary>mitmdump (Debian's mitmproxy) with an addon that does what the sidecar does, as a careful operator would write it.</summary>
internal sealed class Mitmproxy : IContestant
{
    public string Name => "mitmproxy";

    public RunningContestant Start(Rig rig)
    {
        var folder = rig.NewFolder(Name);
        var address = Workspace.FreeAddress();
        File.Copy(rig.ProxyAuthority.BothFile, Path.Combine(folder, "mitmproxy-ca.pem"));
        File.Copy(rig.ProxyAuthority.CertificateFile, Path.Combine(folder, "mitmproxy-ca-cert.pem"));
        var environment = new Dictionary<string, string>
        {
            ["BENCH_HOST"] = Rig.Host,
            ["BENCH_PORT"] = rig.Origin.Port.ToString(CultureInfo.InvariantCulture),
            ["BENCH_ADDRESS"] = rig.Origin.Address.ToString(),
            ["BENCH_CREDENTIAL"] = Rig.Credential,
            ["BENCH_LOG"] = Path.Combine(folder, "requests.jsonl"),
        };
        var child = Child.Start(rig.Layout.Proxy, Path.Combine(folder, "output.log"), environment, "mitmdump",
            "--quiet", "--listen-host", $"{address.Address}", "--listen-port", address.Port.ToString(CultureInfo.InvariantCulture),
            "--scripts", Path.Combine(AppContext.BaseDirectory, "Contestants", "mitmproxy_policy.py"),
            "--set", $"confdir={folder}", "--set", "connection_strategy=lazy", "--set", "upstream_cert=false",
            "--set", $"ssl_verify_upstream_trusted_ca={rig.OriginAuthority.CertificateFile}");
        var target = new Target(address, Rig.Host, rig.Origin.Port, rig.ProxyAuthority.CertificateFile, IsForwardProxy: true, Credential: null);
        return new RunningContestant(target, child, folder);
    }
}
