using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <summary>The logs of one run's containers as one, ordered by time (SPEC E7).</summary>
public sealed class BottleLogs(DockerEngine engine, string homeHash, string identity)
{
    // How soon a container that was started later (a pipelock that replaces another) is heard.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);
    private readonly Dictionary<string, string> newest = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    /// <summary>What all containers wrote so far, in the order of time: of each the last <paramref name="tail"/> lines, or everything. None when there is no container.</summary>
    public async Task<IReadOnlyList<LogLine>> ReadAsync(int? tail = null, CancellationToken cancellationToken = default)
    {
        var containers = await engine.ContainersAsync(homeHash, identity, cancellationToken).ConfigureAwait(false);
        var logs = await Task.WhenAll(containers.Select(container => ReadAsync(container, tail, cancellationToken))).ConfigureAwait(false);
        return [.. logs.SelectMany(lines => lines).OrderBy(line => line.Time, StringComparer.Ordinal)];
    }

    /// <summary>Gives every line that is written from now on, or since the last <see cref="ReadAsync(int?, CancellationToken)"/>, never two at once; ends when none of the containers runs any more.</summary>
    public async Task FollowAsync(Action<LogLine> onLine, CancellationToken cancellationToken)
    {
        var followed = new Dictionary<string, Task>(StringComparer.Ordinal);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = new PeriodicTimer(BetweenLooks);
        try
        {
            do
            {
                var running = await engine.RunningAsync(homeHash, identity, cancellationToken).ConfigureAwait(false);
                foreach (var container in running.Where(container => !followed.TryGetValue(container.Id, out var task) || task.IsCompleted))
                    followed[container.Id] = FollowAsync(container, onLine, end.Token);
                if (running.Count == 0)
                {
                    await Task.WhenAll(followed.Values).ConfigureAwait(false);
                    return;
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            // A command that is not waited for may outlive this process, which is about to end.
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(followed.Values).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<LogLine>> ReadAsync(ContainerInfo container, int? tail, CancellationToken cancellationToken)
    {
        var lines = new List<LogLine>();
        await engine.Runner.RunAsync(new Command("docker", ["logs", "--timestamps", .. tail is null ? Array.Empty<string>() : ["--tail", $"{tail}"], container.Id])
        {
            OnLine = (line, _) => lines.Add(LogLine.Of(container.Service, line)),
            OutputLimit = 0,
        }, cancellationToken).ConfigureAwait(false);
        if (lines.Count > 0)
            newest[container.Id] = lines.Select(line => line.Time).Max(StringComparer.Ordinal)!;
        return lines;
    }

    private async Task FollowAsync(ContainerInfo container, Action<LogLine> onLine, CancellationToken cancellationToken)
    {
        string? since;
        lock (gate)
            since = newest.GetValueOrDefault(container.Id);
        try
        {
            await engine.Runner.RunAsync(new Command("docker", ["logs", "--timestamps", "--follow", .. since is null ? Array.Empty<string>() : ["--since", since], container.Id])
            {
                OnLine = (text, _) =>
                {
                    var line = LogLine.Of(container.Service, text);
                    // The engine gives what was written at that very time once more.
                    if (since is not null && string.CompareOrdinal(line.Time, since) <= 0)
                        return;
                    lock (gate)
                    {
                        newest[container.Id] = line.Time;
                        onLine(line);
                    }
                },
                OutputLimit = 0,
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        catch (BottleException)
        {
            // The engine went away: the next look says so.
        }
    }
}
