using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Receipts;
using Bottle.Host.State;

namespace Bottle.Host.Sessions;

/// <summary>A run that nobody owns, and what is left of it.</summary>
public sealed record Leftover
{
    /// <summary>The run.</summary>
    public required string Identity { get; init; }

    /// <summary>Whether it has a state folder.</summary>
    public bool HasState { get; init; }

    /// <summary>Whether its state is kept on purpose (SPEC B4): a reaper that was not asked for this run leaves it alone.</summary>
    public bool IsPreserved { get; init; }

    /// <summary>How many containers, networks and images the engine has of it.</summary>
    public int EngineObjects { get; init; }

    /// <summary>Whether its token file is still in memory.</summary>
    public bool HasTokens { get; init; }

    /// <summary>Whether a Compose command that its Bottle has left works on.</summary>
    public bool HasCommands { get; init; }

    /// <summary>Whether there is something that the next launch removes without being asked; the state alone stays, resumable.</summary>
    public bool NeedsReaping => !IsPreserved && (EngineObjects > 0 || HasTokens || HasCommands);
}

/// <summary>
/// Finds and removes what runs left that ended without cleaning up (SPEC E4, B4). A run whose lock is held is alive and never touched; nothing of another home is looked at.
/// </summary>
public sealed class Reaper(BottleHome home, StateStore store, DockerEngine engine)
{
    private readonly OrphanedCommands orphans = new(home);
    private readonly TimeProvider time = TimeProvider.System;

    /// <summary>Every run of this home that nobody owns, in ordinal order; only looks.</summary>
    public async Task<IReadOnlyList<Leftover>> FindAsync(CancellationToken cancellationToken = default)
    {
        // The engine first: a launch makes its state before its containers, so what is seen here has had a state, held by a live owner if there is one.
        var objects = await ObjectsAsync(null, cancellationToken).ConfigureAwait(false);
        var states = store.ListIdentities();
        // An image is left over where no state goes on with it.
        var counts = objects.Living.Concat(objects.Images.Select(i => i.Labels.GetValueOrDefault(BottleNames.IdentityLabel, "")).Where(identity => !states.Contains(identity)))
            .CountBy(o => o, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var commands = orphans.Identities();
        var tokens = TokenDirectory.ListIdentities(home);
        return [.. counts.Keys.Concat(tokens).Concat(states).Concat(commands).Where(Identity.IsValid).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(identity => !store.IsHeld(identity))
            .Select(identity => new Leftover
            {
                Identity = identity,
                HasState = states.Contains(identity),
                IsPreserved = store.Open(identity)?.IsPreserved ?? false,
                EngineObjects = counts.GetValueOrDefault(identity),
                HasTokens = tokens.Contains(identity),
                HasCommands = commands.Contains(identity),
            })];
    }

    /// <summary>
    /// Removes the engine's objects and the token file of a run, and its state when <paramref name="removeState"/>. Idempotent. BTL3104 when somebody owns the run. With several failures all are reported, and each step is tried.
    /// </summary>
    /// <param name="identity">The run.</param>
    /// <param name="removeState">Whether its state goes too.</param>
    /// <param name="onLine">Told what Compose says.</param>
    /// <param name="beforeRemoval">What must succeed before the state is removed; by then no container is there any more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ReapAsync(string identity, bool removeState, Action<string>? onLine = null, Func<StateDirectory, Task>? beforeRemoval = null, CancellationToken cancellationToken = default)
    {
        using var state = store.TryOwn(identity);
        if (state is null && store.Open(identity) is not null)
            throw new BottleException(StateErrors.RunIsAlive(identity, RunLock.Holder(home.State(identity))));
        var problems = new List<Diagnostic>();
        await orphans.EndAsync(identity, cancellationToken).ConfigureAwait(false);
        var unkept = new List<Diagnostic>();
        if (state is not null)
            await TryAsync(unkept, () => KeepRecordsAsync(state, cancellationToken)).ConfigureAwait(false);
        await TryAsync(problems, () => RemoveObjectsAsync(identity, onLine, cancellationToken)).ConfigureAwait(false);
        // An image of the run's own (SPEC B7) is what its state goes on with.
        if (removeState || state is null)
            await TryAsync(problems, () => RemoveImagesAsync(identity, cancellationToken)).ConfigureAwait(false);
        await TryAsync(problems, () =>
        {
            new TokenDirectory(home, identity).Remove();
            return Task.CompletedTask;
        }).ConfigureAwait(false);
        if (removeState && state is not null && problems.Count == 0 && beforeRemoval is not null)
            await TryAsync(problems, () => beforeRemoval(state)).ConfigureAwait(false);
        // While a container may still run, its files are in use, and the state is how it is found again.
        if (removeState && state is not null && problems.Count == 0)
            await TryAsync(problems, () => store.RemoveAsync(state, cancellationToken)).ConfigureAwait(false);
        if (problems.Count + unkept.Count > 0)
            throw new BottleException([.. problems, .. unkept]);
    }

    /// <summary>Removes what the next launch removes without being asked, and returns the identities.</summary>
    public async Task<IReadOnlyList<string>> ReapLeftoversAsync(Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        var reaped = new List<string>();
        foreach (var leftover in (await FindAsync(cancellationToken).ConfigureAwait(false)).Where(l => l.NeedsReaping))
        {
            await ReapAsync(leftover.Identity, removeState: false, onLine, cancellationToken: cancellationToken).ConfigureAwait(false);
            reaped.Add(leftover.Identity);
        }
        return reaped;
    }

    /// <summary>Removes the engine's objects of a run by Compose, then by our labels what Compose does not know.</summary>
    public async Task RemoveObjectsAsync(string identity, Action<string>? onLine = null, CancellationToken cancellationToken = default)
    {
        await new ComposeProject(engine, home.State(identity), new BottleNames(identity).Project, home.Hash).DownAsync(onLine, cancellationToken).ConfigureAwait(false);
        var rest = await ObjectsAsync(identity, cancellationToken).ConfigureAwait(false);
        await engine.RemoveContainersAsync([.. rest.Containers.Select(c => c.Id)], cancellationToken).ConfigureAwait(false);
        await engine.RemoveNetworksAsync([.. rest.Networks.Select(n => n.Id)], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the images that belong to a run alone.</summary>
    public async Task RemoveImagesAsync(string identity, CancellationToken cancellationToken = default) =>
        await engine.RemoveImagesAsync([.. (await ObjectsAsync(identity, cancellationToken).ConfigureAwait(false)).Images.Select(i => i.Id)], cancellationToken).ConfigureAwait(false);

    // What a killed Bottle did not come to: its request log and its receipt, while the containers are there to be asked. What cannot be kept is said, and costs the removal nothing.
    private async Task KeepRecordsAsync(StateDirectory state, CancellationToken cancellationToken)
    {
        try
        {
            new RunRecords(home, time).CopyRequests(state);
        }
        finally
        {
            await new ReceiptWriter(home, engine, time).WriteAsync(state, agentExit: null, state.IsPreserved ? null : ReceiptWriter.Killed, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<EngineObjects> ObjectsAsync(string? identity, CancellationToken cancellationToken)
    {
        var containers = engine.ContainersAsync(home.Hash, identity, cancellationToken);
        var networks = engine.NetworksAsync(home.Hash, identity, cancellationToken);
        var images = engine.ImagesAsync([$"{BottleNames.HomeLabel}={home.Hash}", identity is null ? BottleNames.IdentityLabel : $"{BottleNames.IdentityLabel}={identity}"], cancellationToken);
        return new(await containers.ConfigureAwait(false), await networks.ConfigureAwait(false), await images.ConfigureAwait(false));
    }

    private static async Task TryAsync(List<Diagnostic> problems, Func<Task> step)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (BottleException e)
        {
            problems.AddRange(e.Diagnostics);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(TeardownErrors.StepFailed(e.Message));
        }
    }

    private sealed record EngineObjects(IReadOnlyList<ContainerInfo> Containers, IReadOnlyList<NetworkInfo> Networks, IReadOnlyList<ImageInfo> Images)
    {
        public IEnumerable<string> Living => [.. Containers.Select(c => c.Identity), .. Networks.Select(n => n.Identity)];
    }
}
