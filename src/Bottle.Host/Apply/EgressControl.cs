using System.Diagnostics;
using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;

namespace Bottle.Host.Apply;

/// <summary>Makes a running egress take its table, and hears from it that it has.</summary>
internal sealed class EgressControl(DockerEngine engine, BottlePlan plan, ApplyLimits limits)
{
    private const string Service = "egress";

    private readonly string container = plan.Names.Container(Service);

    /// <summary>What it says of itself; null when it does not answer.</summary>
    public async Task<EgressHealth?> LookAsync(CancellationToken cancellationToken)
    {
        var result = await engine.AskAsync(container, ["/egress", "introspect", "healthz"], cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? EgressHealth.Read(result.Output) : null;
    }

    /// <summary>Leases of its table that allow nothing any more, by their ids; null when it does not answer.</summary>
    public async Task<IReadOnlySet<string>?> EndedLeasesAsync(CancellationToken cancellationToken)
    {
        var result = await engine.AskAsync(container, ["/egress", "introspect", "allowlist"], cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            return null;
        try
        {
            using var document = JsonDocument.Parse(result.Output);
            return document.RootElement.Member("routes").Items().Select(route => route.Member("lease")).Where(lease => lease.Text("state") is "ended" or "used up")
                .Select(lease => lease.Text("id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Lets it read routes.yaml, and waits until that table is in force with its pipelock. <paramref name="before"/> is an earlier look: an error that it had then is not of this table.</summary>
    /// <exception cref="BottleException">BTL7205: it refused, or did not say so in time.</exception>
    public async Task ReloadAsync(BottlePlan wanted, EgressHealth? before, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var signalled = TimeSpan.Zero;
        await engine.SignalAsync(container, "HUP", cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var health = await LookAsync(cancellationToken).ConfigureAwait(false);
            if (health?.Generation == wanted.Revision && health.Pipelock == wanted.Pipelock!.Alias)
                return;
            if (health?.ReloadError is { } error && error.Time != before?.ReloadError?.Time)
                throw new BottleException(ApplyErrors.SidecarRefused(Service, error.Reason));
            if (clock.Elapsed > limits.Confirm)
                throw new BottleException(ApplyErrors.SidecarRefused(Service, health is null ? "it does not answer" : $"it did not say in time that revision {wanted.Revision} is in force"));
            // Only while it answers: a process that is just starting does not catch the signal yet, and would end.
            if (health is not null && clock.Elapsed - signalled > limits.Again)
            {
                signalled = clock.Elapsed;
                await engine.SignalAsync(container, "HUP", cancellationToken).ConfigureAwait(false);
            }
            await Task.Delay(limits.Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until no request goes through an old pipelock; false when some still do at the end of the patience.</summary>
    public async Task<bool> DrainAsync(string pipelock, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await LookAsync(cancellationToken).ConfigureAwait(false) is { } health && !health.Draining.Contains(pipelock))
                return true;
            if (clock.Elapsed > limits.Drain)
                return false;
            await Task.Delay(limits.Again / 4, cancellationToken).ConfigureAwait(false);
        }
    }
}
