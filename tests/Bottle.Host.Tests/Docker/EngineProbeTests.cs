using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Docker;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Docker;

[Parallelizable(ParallelScope.All)]
public sealed class EngineProbeTests
{
    private const string Healthy = """
        {"ServerVersion":"26.1.5+dfsg1","CgroupVersion":"2","SecurityOptions":["name=seccomp,profile=builtin"],"Runtimes":{"runc":{"path":"runc"},"runsc":{"path":"/usr/bin/runsc"}},
         "ClientInfo":{"Plugins":[{"Name":"buildx","Version":"0.13.1"},{"Name":"compose","Version":"v2.26.1-4"}]}}
        """;

    [Test]
    public async Task A_healthy_engine_is_described()
    {
        var probe = await Probe(Healthy);
        var info = probe.Require();
        Assert.That((info.ServerVersion, info.ComposeVersion, info.Rootless, info.CgroupVersion), Is.EqualTo(("26.1.5+dfsg1", "2.26.1-4", false, "2")));
        Assert.That(info.Runtimes, Is.EquivalentTo(new[] { "runc", "runsc" }));
    }

    [Test]
    public async Task A_rootless_engine_is_recognised() =>
        Assert.That((await Probe(Healthy.Replace("name=seccomp,profile=builtin", "name=rootless", StringComparison.Ordinal))).Require().Rootless);

    [TestCase("20.10.24+dfsg1", EngineProblem.EngineTooOld, "BTL4103")]
    [TestCase("23.0.0", null, null)]
    [TestCase("", EngineProblem.NoDaemon, "BTL4101")]
    public async Task The_engine_version_decides(string version, EngineProblem? problem, string? code)
    {
        var probe = await Probe(Healthy.Replace("26.1.5+dfsg1", version, StringComparison.Ordinal));
        Assert.That((probe.Problem, probe.Diagnostic?.Code), Is.EqualTo((problem, code)));
    }

    [TestCase("v2.19.9", EngineProblem.ComposeTooOld, "BTL4105")]
    [TestCase("v5.0.1", null, null)]
    public async Task The_Compose_version_decides(string version, EngineProblem? problem, string? code)
    {
        var probe = await Probe(Healthy.Replace("v2.26.1-4", version, StringComparison.Ordinal));
        Assert.That((probe.Problem, probe.Diagnostic?.Code), Is.EqualTo((problem, code)));
    }

    [Test]
    public async Task A_client_without_Compose_is_told_apart()
    {
        var probe = await Probe(Healthy.Replace("\"compose\"", "\"scout\"", StringComparison.Ordinal));
        Assert.That((probe.Problem, probe.Diagnostic?.Code), Is.EqualTo((EngineProblem.ComposeMissing, "BTL4104")));
    }

    [Test]
    public async Task A_silent_daemon_is_told_apart_from_a_refusing_one()
    {
        var silent = await Probe("{\"ServerVersion\":\"\"}", 1, "Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?\n");
        var refusing = await Probe("{\"ServerVersion\":\"\"}", 1, "permission denied while trying to connect to the Docker daemon socket\n");
        Assert.That((silent.Problem, silent.Detail), Is.EqualTo((EngineProblem.NoDaemon, "Cannot connect to the Docker daemon at unix:///nope. Is the docker daemon running?")));
        Assert.That((refusing.Problem, refusing.Diagnostic?.Code), Is.EqualTo((EngineProblem.PermissionDenied, "BTL4102")));
    }

    [Test]
    public async Task An_answer_that_is_no_JSON_is_no_engine() =>
        Assert.That((await Probe("hello")).Problem, Is.EqualTo(EngineProblem.NoDaemon));

    [Test]
    public async Task A_missing_client_is_told_apart()
    {
        var runner = new RecordingCommandRunner().Answer("docker info", _ => throw new BottleException(EngineErrors.ExecutableMissing("docker")));
        var probe = await new DockerEngine(runner).ProbeAsync();
        Assert.That((probe.Problem, probe.Diagnostic?.Code), Is.EqualTo((EngineProblem.NoClient, "BTL4101")));
    }

    private static Task<EngineProbe> Probe(string output, int exitCode = 0, string error = "") =>
        new DockerEngine(new RecordingCommandRunner().Answer("docker info", output, exitCode, error)).ProbeAsync();
}
