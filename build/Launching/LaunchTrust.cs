using Bottle.Core.Diagnostics;
using Bottle.Host.Manifests;

namespace Bottle.Build.Launching;

/// <summary>Whether the manifests of a launch may start (SPEC A3).</summary>
internal sealed class LaunchTrust(BottleContext context)
{
    // Read when it is first asked for: most targets start nothing.
    private readonly Lazy<TrustStore> store = new(() => new TrustStore(
        Path.Combine(context.Home.Root, "trust"), context.Home.Bottles, context.UserDirectory, ShippedTrust.Load(Path.Combine(context.RepositoryRoot, "bottles"))));

    private TrustVerdict? accepted;

    /// <summary>What to type to trust these manifests: without the folders that this command line names they would not be found again.</summary>
    private string Command => context.Door.Command(
        nameof(Tasks.Trust), [.. context.Arguments.Manifests.Select(folder => $"--manifests={folder}"), $"--agent={context.Launch.RequiredManifests.Agent.Name}"]);

    /// <summary>Lets the launch go on with exactly what was looked at: the agent's image and skills are taken from the bytes that the hash covers, not from the disk once more.</summary>
    /// <exception cref="BottleException">BTL1008 or BTL1009, with the difference: new or changed since it was last trusted. <c>--yes</c> does not help, <c>--trust=HASH</c> does.</exception>
    internal void Require()
    {
        var verdict = Evaluate();
        if (verdict.State != TrustState.Trusted && verdict.Hash is { } hash && context.Arguments.Trust == hash) store.Value.Record(verdict);
        else TrustStore.Require(verdict, Command);
        accepted = verdict;
        context.PinImages(verdict.Content);
    }

    /// <summary>Ends the launch when a file that trust covers has changed since <see cref="Require"/>: what runs next on the host, a token's command, reads the disk again.</summary>
    internal void RequireUnchanged()
    {
        if (accepted?.Hash is not { } hash) return;
        var now = Evaluate();
        if (now.Hash != hash) TrustStore.Require(now with { State = TrustState.Changed }, Command);
    }

    /// <summary>The agent's skills as an archive: from what was accepted, or from home, where nobody else writes.</summary>
    internal ReadOnlyMemory<byte> SkillArchive() =>
        accepted?.Content is { } content ? Host.Manifests.SkillArchive.Create(content, context.Launch.RequiredManifests.Skills) : Host.Manifests.SkillArchive.Create(context.Launch.RequiredManifests.Skills);

    /// <summary>What changes when a file of a skill does.</summary>
    internal string SkillDigest() => Host.Manifests.SkillArchive.Digest(context.Launch.RequiredManifests.Skills);

    /// <summary>Whether what was accepted came with Bottle, and is as it came.</summary>
    internal bool IsShipped => accepted is { IsShipped: true };

    internal TrustVerdict Evaluate() => store.Value.Evaluate(context.Launch.RequiredManifests);

    internal void Record(TrustVerdict verdict) => store.Value.Record(verdict);
}
