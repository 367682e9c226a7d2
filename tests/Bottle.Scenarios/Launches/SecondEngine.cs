using System.Diagnostics;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Launches;

/// <summary>
/// An engine of the test's own, with its own data, socket and configuration, so that it can be restarted under a bottle, or given another runtime, while other tests use theirs. It has a network namespace of its own,
/// where its bridges are and where nothing leads out; a Bottle that is started <see cref="Inside"/> it is on the same host as that engine, whose addresses its canaries take.
/// </summary>
internal sealed class SecondEngine : IAsyncDisposable
{
    private const int Grace = 60;

    // A new namespace has a loopback that is down. Perl is on every Debian machine: SIOCSIFFLAGS, IFF_UP.
    private const string Daemon = """exec >>"$0" 2>&1 </dev/null; perl -e '$i = pack("a16sx22", "lo", 1); socket(S, 2, 2, 0) && ioctl(S, 0x8914, $i) or die $!' && exec dockerd "$@" """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bottle-engine-");
    private readonly CommandRunner runner = new();
    private Process? daemon;
    private string? running;

    /// <summary>The variables that lead a client to it.</summary>
    internal Dictionary<string, string> Environment => new() { ["DOCKER_HOST"] = Host };

    /// <summary>Words before a command that is to have the engine's network.</summary>
    internal string[] Inside => ["nsenter", $"--net=/proc/{daemon!.Id}/ns/net", "--"];

    private string Host => $"unix://{folder.FullName}/docker.sock";

    /// <summary>A runner whose docker commands go to it.</summary>
    internal ICommandRunner Client => new ClientRunner(runner, Environment);

    /// <summary>Starts it, anew where it runs with another configuration.</summary>
    /// <param name="configuration">Its daemon.json.</param>
    internal async Task StartAsync(string configuration = "{}")
    {
        if (daemon is { HasExited: false } && running == configuration) return;
        await StopAsync();
        running = configuration;
        var path = folder.FullName;
        await File.WriteAllTextAsync($"{path}/daemon.json", configuration);
        daemon = Process.Start(new ProcessStartInfo("setsid",
        [
            "unshare", "--net", "sh", "-c", Daemon, $"{path}/log", "--config-file", $"{path}/daemon.json", "--host", Host, "--data-root", $"{path}/data", "--exec-root", $"{path}/run", "--pidfile", $"{path}/pid",
        ]))!;
        for (var end = DateTime.UtcNow + Patience; !(await DockerAsync("version")).Succeeded; await Task.Delay(100))
            if (daemon.HasExited || DateTime.UtcNow > end) Assert.Fail($"a second engine does not start:\n{await File.ReadAllTextAsync($"{path}/log")}");
    }

    /// <summary>Ends it as a machine does that is shut down: with its containers.</summary>
    internal async Task StopAsync()
    {
        if (daemon is not { HasExited: false }) return;
        await runner.RunAsync(new Command("kill", "-s", "TERM", $"{daemon.Id}"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(Grace));
        await daemon.WaitForExitAsync(patience.Token);
        daemon.Dispose();
        daemon = null;
    }

    /// <summary>Takes images over from the engine that all other tests use.</summary>
    internal Task CopyAsync(IEnumerable<string> tags) =>
        runner.RunCheckedAsync(new Command("sh", ["-c", "host=$1; shift; docker save \"$@\" | docker --host \"$host\" load", "sh", Host, .. tags]));

    internal Task<CommandResult> DockerAsync(params string[] words) => Client.RunAsync(new Command("docker", words));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var mount in (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(line => line.Split(' ')[1]).Where(place => place.StartsWith(folder.FullName, StringComparison.Ordinal)).Reverse())
            await runner.RunAsync(new Command("umount", mount));
        folder.Delete(recursive: true);
    }

    private sealed class ClientRunner(ICommandRunner inner, Dictionary<string, string> variables) : ICommandRunner
    {
        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default) => inner.RunAsync(There(command), cancellationToken);

        public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => inner.AttachAsync(There(command), cancellationToken);

        private Command There(Command command) => command with { Environment = command.Environment.Concat(variables.Select(variable => KeyValuePair.Create(variable.Key, (string?)variable.Value))).ToDictionary() };
    }
}
