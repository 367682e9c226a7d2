using System.Globalization;
using Bottle.Host.Docker;
using Bottle.Host.Processes;

namespace Bottle.Host.Sessions;

/// <summary>What the kernel counted of a container's limits: how many processes it killed for want of memory, and how often a new one was refused.</summary>
/// <param name="OutOfMemory">Processes killed.</param>
/// <param name="OutOfProcesses">Processes refused.</param>
public sealed record LimitEvents(long OutOfMemory, long OutOfProcesses)
{
    private const string Divider = "--";

    /// <summary>Whether no process at all could be started any more.</summary>
    public bool IsFull { get; init; }

    /// <summary>Whether the container itself has ended, which nobody asked for: gVisor's kernel ends whole, with all processes on it, when it gets no more memory or threads.</summary>
    public bool HasEnded { get; init; }

    // Version 2 of control groups and version 1: what is not there says nothing. The shell alone: where processes ran out there is none left for cat.
    private const string Script =
        $"cd /sys/fs/cgroup; for f in memory.events memory/memory.oom_control {Divider} pids.events pids/pids.events; do if [ $f = {Divider} ]; then echo {Divider}; elif [ -r $f ]; then while read -r l; do echo \"$l\"; done < $f; fi; done";

    /// <summary>Asks inside a container, and the engine where that is not possible any more; nothing when its runtime keeps no such account.</summary>
    public static async Task<LimitEvents> ReadAsync(DockerEngine engine, string container, CancellationToken cancellationToken = default)
    {
        var asked = await engine.ExecAsync(container, ["/bin/sh", "-c", Script], cancellationToken: cancellationToken).ConfigureAwait(false);
        if (asked.Succeeded)
            return Parse(asked.Output);
        var killed = await engine.Runner.RunAsync(new Command("docker", "inspect", "--type", "container", "--format", "{{.State.OOMKilled}}", container), cancellationToken).ConfigureAwait(false);
        if (killed.Output.Trim() == "true")
            return new LimitEvents(1, 0) { HasEnded = true };
        // Not even the shell could be started in a container that runs.
        return asked.Error.Contains("OCI runtime exec failed", StringComparison.Ordinal) ? new LimitEvents(0, 0) { IsFull = true } : new LimitEvents(0, 0) { HasEnded = true };
    }

    /// <summary>Reads what the files of both versions say: lines of a name and a number.</summary>
    internal static LimitEvents Parse(string text)
    {
        var parts = text.Split($"{Divider}\n", 2);
        return new LimitEvents(Value(parts[0], "oom_kill"), parts.Length > 1 ? Value(parts[1], "max") : 0);
    }

    private static long Value(string text, string name) =>
        text.Split('\n').Select(line => line.Split(' ')).Where(words => words is [var key, _] && key == name)
            .Select(words => long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0).DefaultIfEmpty(0).Max();
}
