using System.Globalization;
using Bottle.Host.Docker;

namespace Bottle.Host.Sessions;

/// <summary>What the kernel counted of a container's limits: how many processes it killed for want of memory, and how often a new one was refused.</summary>
/// <param name="OutOfMemory">Processes killed.</param>
/// <param name="OutOfProcesses">Processes refused.</param>
public sealed record LimitEvents(long OutOfMemory, long OutOfProcesses)
{
    private const string Divider = "--";

    // Version 2 of control groups, then version 1: what is not there says nothing.
    private const string Script = $"cd /sys/fs/cgroup; cat memory.events memory/memory.oom_control; echo {Divider}; cat pids.events pids/pids.events";

    /// <summary>Asks inside a container; nothing when it does not run, or its runtime keeps no such account.</summary>
    public static async Task<LimitEvents> ReadAsync(DockerEngine engine, string container, CancellationToken cancellationToken = default)
    {
        var asked = await engine.ExecAsync(container, ["/bin/sh", "-c", Script], cancellationToken: cancellationToken).ConfigureAwait(false);
        return Parse(asked.Output);
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
