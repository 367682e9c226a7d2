using System.Collections.Immutable;
using Bottle.Core.Diagnostics;
using Bottle.Dashboard.Model;
using Bottle.Host.Docker;

namespace Bottle.Dashboard.Shell;

/// <summary>Asks the engine what runs and what it uses: when it tells of a change, and every ten seconds. An engine that hangs makes its facts old, and holds nothing up.</summary>
internal sealed class EngineWatch(DashboardSettings settings, Action<DashboardEvent> post) : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim changed = new(0);
    private readonly Dictionary<string, long?> memory = new(StringComparer.Ordinal);
    private string? problem;

    private string HomeHash => settings.Services.Home.Hash;

    private DockerEngine Engine => settings.Services.Engine;

    /// <summary>Looks until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(ListenAsync(cancellationToken), LookAsync(cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => changed.Dispose();

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(AfterFailure, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await Engine.WatchAsync(HomeHash, () => changed.Release(), cancellationToken).ConfigureAwait(false);
            }
            catch (BottleException)
            {
                // Whoever looks says it.
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        for (; ; await AwaitChangeAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                var containers = await Engine.ContainersAsync(HomeHash, cancellationToken: cancellationToken).ConfigureAwait(false);
                Post(containers);
                var agents = containers.Where(container => container is { Service: "agent", State: "running" }).ToList();
                foreach (var usage in await Engine.UsageAsync([.. agents.Select(agent => agent.Name)], cancellationToken).ConfigureAwait(false))
                {
                    if (agents.Find(agent => agent.Name == usage.Name) is { } agent)
                        memory[agent.Identity] = usage.Memory;
                }
                Post(containers);
                problem = null;
            }
            catch (BottleException e)
            {
                if (problem != e.Diagnostics[0].Code)
                    post(new DashboardEvent.EngineLost(e.Diagnostics[0].Message.Split('\n')[0]));
                problem = e.Diagnostics[0].Code;
            }
        }
    }

    private async Task AwaitChangeAsync(CancellationToken cancellationToken)
    {
        if (!await changed.WaitAsync(Between, cancellationToken).ConfigureAwait(false))
            return;
        // A launch or a teardown tells of many at once.
        await Task.Delay(Gathering, cancellationToken).ConfigureAwait(false);
        while (changed.Wait(0, CancellationToken.None))
        {
        }
    }

    private void Post(IReadOnlyList<ContainerInfo> containers) => post(new DashboardEvent.EngineSeen(containers.GroupBy(container => container.Identity, StringComparer.Ordinal).ToImmutableDictionary(
        run => run.Key,
        run => new EngineFacts(
            run.Count(container => container.State == "running"),
            [.. run.Where(container => container.State != "running" || container.Status.Contains("unhealthy", StringComparison.Ordinal)).Select(container => $"{container.Service} {container.Status}")],
            memory.GetValueOrDefault(run.Key)),
        StringComparer.Ordinal)));
}
