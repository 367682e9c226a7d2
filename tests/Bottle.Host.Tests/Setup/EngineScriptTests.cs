using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using Bottle.Host.Setup;
using NUnit.Framework;

namespace Bottle.Host.Tests.Setup;

/// <summary>The real script in a real shell, on a machine whose docker, dockerd and systemctl are small scripts: what it starts and stops is only ever ours.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineScriptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> said = [];

    public EngineScriptTests()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "bin"));
        Tool("id", "echo 0");
        Tool("iptables", "exit 0");
        Tool("docker", """
            case "$*" in
            version*) [ -e "$HERE/up" ] && echo 26.1.5 ;;
            "compose version"*) [ ! -e "$HERE/no-compose" ] && echo 2.26.1 ;;
            "buildx version") echo v0.13 ;;
            *) exit 1 ;;
            esac
            """);
        Tool("dockerd", "echo \"$@\" > \"$HERE/dockerd-arguments\"; touch \"$HERE/up\"; trap 'rm -f \"$HERE/up\"; exit 0' TERM; while :; do sleep 0.05; done");
        // Where the tests run under systemd, the script rightly asks it instead.
        Tool("systemctl", "case $1 in start) touch \"$HERE/up\" ;; stop) rm -f \"$HERE/up\" ;; esac");
    }

    private string State => Path.Combine(folder.Path, "state");

    private bool IsUp => File.Exists(Path.Combine(folder.Path, "up"));

    private EngineInstaller Installer => new(new OnFakeMachine(folder.Path), new SetupContext { MayInstall = true, IsRoot = true, CommandLine = "x", Say = said.Add }, State);

    public void Dispose() => folder.Dispose();

    private void Tool(string name, string script)
    {
        var file = Path.Combine(folder.Path, "bin", name);
        File.WriteAllText(file, $"#!/bin/sh\nHERE={folder.Path}\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Test]
    public async Task An_engine_that_answers_is_left_alone_and_not_stopped_later()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "up"), "");
        await Installer.EnsureAsync();
        await Installer.StopAsync();
        Assert.That(said, Is.EqualTo((string[])["engine 26.1.5 with Compose 2.26.1 is there", "Bottle started no engine here; nothing is stopped"]));
        Assert.That(IsUp);
    }

    [Test]
    public async Task An_engine_that_is_installed_and_down_is_started_and_then_stopped()
    {
        await Installer.EnsureAsync();
        Assert.That(IsUp);
        Assert.That(said[0], Does.StartWith("starting "), "it is said before it is done");
        await Installer.StopAsync();
        Assert.That(IsUp, Is.False);
        Assert.That(said[^1], Does.EndWith("which Bottle started"));
    }

    [Test]
    public async Task Two_that_start_at_once_start_one_engine()
    {
        await Task.WhenAll(Installer.EnsureAsync(), Installer.EnsureAsync());
        Assert.That(said.Count(line => line.StartsWith("starting ", StringComparison.Ordinal)), Is.EqualTo(1));
        await Installer.StopAsync();
    }

    [Test]
    public async Task An_engine_that_dies_is_an_error_with_its_last_words()
    {
        if (Directory.Exists("/run/systemd/system"))
            Assert.Ignore("systemd would report this");
        Tool("dockerd", "echo 'failed to mount cgroup' >&2; exit 1");
        var error = (await Assert.ThrowsAsync<BottleException>(() => Installer.EnsureAsync()))!.Diagnostics[0];
        Assert.That(error.Code, Is.EqualTo("BTL4005"));
        Assert.That(error.Why, Does.Contain("failed to mount cgroup"));
    }

    [Test]
    public async Task Compose_that_stays_missing_on_another_system_than_Debian_is_an_error()
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "up"), "");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "no-compose"), "");
        Tool("apt-get", "echo \"$@\" >> \"$HERE/apt\"; case \"$*\" in *' update') ;; *-s*) echo 'Inst docker-compose (2.26)' ;; *) echo 'E: broken' >&2; exit 100 ;; esac");
        var error = (await Assert.ThrowsAsync<BottleException>(() => Installer.EnsureAsync()))!.Diagnostics[0];
        if (!IsDebian)
        {
            Assert.That(error.Code, Is.EqualTo("BTL4003"));
            return;
        }
        Assert.That(error.Code, Is.EqualTo("BTL4004"));
        Assert.That(error.Why, Does.Contain("E: broken"));
        Assert.That(said, Does.Contain("installing with apt: docker-compose "));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(folder.Path, "apt")), Does.Contain("Dir::Etc::sourcelist=/dev/null").And.Not.Contain("docker.io"));
    }

    private static bool IsDebian => File.Exists("/etc/os-release") && File.ReadAllLines("/etc/os-release").Contains("ID=debian");

    /// <summary>The real runner with the small scripts first on PATH.</summary>
    private sealed class OnFakeMachine(string folder) : ICommandRunner
    {
        private readonly CommandRunner inner = new();

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default) => inner.RunAsync(
            command with { Environment = new Dictionary<string, string?> { ["PATH"] = $"{folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin" } }, cancellationToken);

        public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => inner.AttachAsync(command, cancellationToken);
    }
}
