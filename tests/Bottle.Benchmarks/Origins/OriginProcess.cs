using Bottle.Benchmarks.Contestants;
using Bottle.Benchmarks.Machine;

namespace Bottle.Benchmarks.Origins;

/// <summary>The running origin, and the rig that contestants are set up with.</summary>
internal sealed class OriginProcess : IDisposable
{
    private readonly Child _child;
    private readonly string _log;

    private OriginProcess(Child child, Rig rig, string log)
    {
        _child = child;
        Rig = rig;
        _log = log;
    }

    internal Rig Rig { get; }

    /// <summary>Mints the run's authorities and starts the origin on its core.</summary>
    internal static OriginProcess Start(Workspace workspace, CpuLayout layout)
    {
        var folder = workspace.Folder("origin");
        var rig = new Rig(Workspace.FreeAddress(), new Authority(folder, "origin-authority"), new Authority(folder, "proxy-authority"), workspace, layout);
        var (certificate, key) = rig.OriginAuthority.Issue(Rig.Host);
        var log = Path.Combine(folder, "output.log");
        var child = Child.Start(layout.Origin, log, new Dictionary<string, string> { ["DOTNET_TieredPGO"] = "0" },
            Environment.ProcessPath!, [.. Self(), "origin", rig.Origin.ToString(), rig.OriginName, Rig.Credential, certificate, key]);
        return new OriginProcess(child, rig, log);
    }

    /// <summary>Requests that reached the origin although the policy does not allow them.</summary>
    internal IReadOnlyList<string> Violations() =>
        [.. File.ReadLines(_log).Where(line => line.StartsWith("violation:", StringComparison.Ordinal))];

    public void Dispose() => _child.Dispose();

    private static string[] Self() => Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [typeof(OriginProcess).Assembly.Location] : [];
}
