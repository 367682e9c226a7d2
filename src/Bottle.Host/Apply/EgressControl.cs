using System.Diagnostics;
using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;

namespace Bottle.Host.Apply;

/// <summary>Makes a running egress take its table, and hears from it that it has.</summary>
internal sealed class EgressControl(DockerEngine engine, BottlePlan plan, ApplyLimits limits)
{
    /// <summary>Its service.</summary>
    public const string Service = "egress";

    // Of "introspect await".
    private const int Refused = 3;

    private readonly string container = plan.Names.Container(Service);

    /// <summary>What it says of itself; null when it does not answer.</summary>
    public async Task<EgressHealth?> LookAsync(CancellationToken cancellationToken)
    {
        var result = await engine.AskAsync(container, ["/egress", "introspect", "healthz"], cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? EgressHealth.Read(result.Output) : null;
    }

    /// <summary>Leases of its table that allow nothing any more, by their ids; null when it does not answer.</summary>
    public async Task<IReadOnlySet<string>?> EndedLeasesAsync(CancellationToken cancellationToken) =>
        (await RunLeases.AskAsync(engine, plan, cancellationToken).ConfigureAwait(false))?.Where(lease => lease.HasEnded).Select(lease => lease.Id).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether it runs and answers; by its health check where that says so, because asking itself takes as long as a whole change.</summary>
    public async Task<bool> IsThereAsync(CancellationToken cancellationToken) =>
        await engine.IsHealthyAsync(container, cancellationToken).ConfigureAwait(false) || await LookAsync(cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>A program in its container that ends as soon as a table is in force, or refused: started before the reload, so that the reload does not wait for its start.</summary>
    public Task<CommandResult> BeginWaiting(BottlePlan wanted, CancellationToken cancellationToken) =>
        engine.AskAsync(container, ["/egress", "introspect", "await", Text(wanted.Revision), Text((int)Math.Ceiling(limits.Confirm.TotalSeconds))], cancellationToken);

    /// <summary>Lets it read routes.yaml, and waits until that table is in force with its pipelock. <paramref name="waiting"/> is the program that looks for it; null where none does.</summary>
    /// <exception cref="BottleException">BTL7205: it refused, or did not say so in time.</exception>
    public async Task ReloadAsync(BottlePlan wanted, Task<CommandResult>? waiting, CancellationToken cancellationToken)
    {
        var before = waiting is null ? await LookAsync(cancellationToken).ConfigureAwait(false) : null;
        await engine.SignalAsync(container, "HUP", cancellationToken).ConfigureAwait(false);
        if (waiting is not null)
        {
            var said = await waiting.ConfigureAwait(false);
            var health = said.ExitCode is 0 or Refused ? EgressHealth.Read(said.Output) : null;
            if (IsInForce(health, wanted))
                return;
            if (said.ExitCode == Refused && health?.ReloadError is { } error)
                throw new BottleException(ApplyErrors.SidecarRefused(Service, error.Reason));
            // It ended with its container, or never began: what is so now counts, and is asked for below.
            before = null;
        }
        await PollAsync(wanted, before?.ReloadError?.Time, isKnown: waiting is null, cancellationToken).ConfigureAwait(false);
    }

    private async Task PollAsync(BottlePlan wanted, string? earlier, bool isKnown, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var signalled = TimeSpan.Zero;
        while (true)
        {
            var health = await LookAsync(cancellationToken).ConfigureAwait(false);
            if (IsInForce(health, wanted))
                return;
            // An error of which nobody knows whether it was there before is this table's when it comes again after the next signal.
            if (health?.ReloadError is { } error && error.Time != earlier)
                (earlier, isKnown) = isKnown ? throw new BottleException(ApplyErrors.SidecarRefused(Service, error.Reason)) : (error.Time, true);
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

    private static bool IsInForce(EgressHealth? health, BottlePlan wanted) => health?.Generation == wanted.Revision && health.Pipelock == wanted.Pipelock!.Alias;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

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
