using System.Net;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.Secrets;
using Bottle.Host.State;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Secrets;

[Parallelizable(ParallelScope.All)]
public sealed class HostProbeTests
{
    private static Located<SecretRef> FileSecret(string path) => new(new SecretRef.File(path), new SourceSpan("bottles/dev.md", 1, 1));

    [Test]
    public async Task Facts_hold_names_and_no_values()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "bottles"));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "bottles/token"), "value");
        var home = new BottleHome(folder.Path);
        var environment = new Dictionary<string, string> { ["A"] = "secret-value", ["EMPTY"] = "", ["TZ"] = "Europe/Berlin", ["LANG"] = "de_DE.UTF-8" };
        var facts = await new HostProbe(home, environment, folder.Path).ProbeAsync("demo-k3x9a", [FileSecret("token"), FileSecret("absent"), new(new SecretRef.Environment("A"), new SourceSpan("x", 1, 1))]);
        Assert.That(facts.Variables, Is.EquivalentTo(new[] { "A", "TZ", "LANG" }));
        Assert.That(facts.ReadableFiles, Is.EquivalentTo(new[] { "token" }));
        Assert.That((facts.TimeZone, facts.Language, facts.Terminal, facts.Rootless, facts.HomeHash), Is.EqualTo(("Europe/Berlin", "de_DE.UTF-8", (string?)null, false, home.Hash)));
        Assert.That(facts.TokensDirectory, Is.EqualTo(new TokenDirectory(home, "demo-k3x9a").FullPath));
        var id = await new CommandRunner().RunAsync(new Command("sh", "-c", "id -u; id -g"));
        Assert.That(id.Output, Is.EqualTo($"{facts.Uid}\n{facts.Gid}\n"));
    }

    [Test]
    public async Task Networks_of_the_engine_are_taken()
    {
        var runner = new RecordingCommandRunner().Answer("network ls", "n\n").Answer("network inspect", """[{"Subnet":"198.51.100.0/28"}]""");
        var facts = await new HostProbe(new BottleHome("/srv/none"), new Dictionary<string, string>(), "/srv").ProbeAsync("demo-k3x9a", [], new DockerEngine(runner), new EngineInfo { ServerVersion = "26", ComposeVersion = "2", Rootless = true });
        Assert.That(facts.TakenSubnets, Does.Contain("198.51.100.0/28"));
        Assert.That(facts.Rootless);
    }

    [Test]
    public void Host_routes_are_taken_but_for_the_default_route() => Assert.That(HostProbe.HostRoutes([
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
        "eth0\t00000000\t0102000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
        "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
        "docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
        "broken"]), Is.EqualTo(new[] { "10.0.2.0/24", "172.17.0.0/16" }));
}
