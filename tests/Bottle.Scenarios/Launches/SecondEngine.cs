using System.Diagnostics;
using Bottle.Host.Processes;

namespace Bottle.Scenarios.Launches;

/// <summary>An engine of the test's own, with its own data and socket, so that it can be restarted under a bottle while other tests use theirs. It has a network namespace of its own: an engine without a default bridge removes docker0, which is the other engine's.</summary>
internal sealed class SecondEngine : IAsyncDisposable
{
    private const int Grace = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bottle-engine-");
    private readonly CommandRunner runner = new();
    private Process? daemon;

    /// <summary>The variables that lead a client to it.</summary>
    internal Dictionary<string, string> Environment => new() { ["DOCKER_HOST"] = Host };

    private string Host => $"unix://{folder.FullName}/docker.sock";

    internal async Task StartAsync()
    {
        var path = folder.FullName;
        daemon = Process.Start(new ProcessStartInfo("setsid",
        [
            "sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", $"{path}/log", "unshare", "--net", "dockerd", "--host", Host, "--data-root", $"{path}/data", "--exec-root", $"{path}/run", "--pidfile", $"{path}/pid",
            "--bridge", "none", "--iptables=false",
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
    }

    /// <summary>Takes images over from the engine that all other tests use.</summary>
    internal Task CopyAsync(IEnumerable<string> tags) =>
        runner.RunCheckedAsync(new Command("sh", ["-c", "host=$1; shift; docker save \"$@\" | docker --host \"$host\" load", "sh", Host, .. tags]));

    internal Task<CommandResult> DockerAsync(params string[] words) => runner.RunAsync(new Command("docker", ["--host", Host, .. words]));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        daemon?.Dispose();
        foreach (var mount in (await File.ReadAllLinesAsync("/proc/self/mounts")).Select(line => line.Split(' ')[1]).Where(place => place.StartsWith(folder.FullName, StringComparison.Ordinal)).Reverse())
            await runner.RunAsync(new Command("umount", mount));
        folder.Delete(recursive: true);
    }
}
