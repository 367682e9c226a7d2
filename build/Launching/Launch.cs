using System.Collections.Concurrent;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Docker;
using Bottle.Host.Manifests;
using Bottle.Host.State;
using Bottle.Host.Terminals;

namespace Bottle.Build.Launching;

/// <summary>What the stages of one launch hand on to each other. Each value is set by the one stage that its comment names.</summary>
internal sealed class Launch
{
    private readonly Lock gate = new();
    private readonly List<StageRecord> pending = [];
    private readonly List<string> working = [];

    /// <summary>ResolveManifest.</summary>
    internal LoadedManifests? Manifests { get; set; }

    /// <summary>ResolveManifest: the identity asked for, or a fresh one; nothing exists under it until <see cref="Claim"/>.</summary>
    internal string? Identity { get; set; }

    /// <summary>Preflight: the agent's image folder as it was accepted.</summary>
    internal StagedImages? Staging { get; set; }

    /// <summary>Preflight, Plan or Render.</summary>
    internal HostFacts? Facts { get; set; }

    /// <summary>Preflight, Plan or Render; ComposeUp again when a subnet turns out to be taken.</summary>
    internal BottlePlan? Plan { get; set; }

    /// <summary>MintIdentity: what makes this process the owner of the run.</summary>
    internal StateDirectory? Claim { get; set; }

    /// <summary>ComposeUp: whether this process brought the containers up.</summary>
    internal bool IsUp { get; set; }

    /// <summary>ComposeUp: Prove's look at the agent's container, begun while the containers are written down.</summary>
    internal Task<IReadOnlyList<string>>? Confinement { get; set; }

    /// <summary>Prove: listeners on the host that would answer if isolation were missing.</summary>
    internal CanarySet? Canaries { get; set; }

    /// <summary>Attach.</summary>
    internal int? AgentExit { get; set; }

    /// <summary>Whether teardown follows a success too: Start says so.</summary>
    internal bool EndsWithTeardown { get; set; }

    /// <summary>Whether this process ran a stage from manifest to agent, and not only stages of the teardown of what another one left up.</summary>
    internal bool HasBegun { get; set; }

    /// <summary>Attach: whether a keeper of its own owns the run from now on, so that this process has nothing to tear down.</summary>
    internal bool IsHandedOver { get; set; }

    /// <summary>Keep: the agent's terminal. Who is attached stays until all is torn down.</summary>
    internal TerminalKeeper? Keeper { get; set; }

    /// <summary>Whether a stage failed or a signal came: the logs are kept then.</summary>
    internal bool Failed { get; set; }

    /// <summary>The stage that failed, or null.</summary>
    internal string? FailedStage { get; set; }

    /// <summary>Stages that came to their end in this process, those that had nothing to do among them.</summary>
    internal ConcurrentBag<string> Finished { get; } = [];

    /// <summary>Stages whose result was up to date.</summary>
    internal ConcurrentBag<string> UpToDate { get; } = [];

    /// <summary>The run's containers, once somebody asked the engine.</summary>
    internal Task<IReadOnlyList<ContainerInfo>>? Containers { get; set; }

    /// <summary>ResolveManifest: whether the run of <see cref="Identity"/> exists already and is gone on with.</summary>
    internal bool Resumes { get; set; }

    /// <summary>How many choices of subnets the engine has refused.</summary>
    internal int SubnetAttempt { get; set; }

    /// <summary>What planning had to say.</summary>
    internal IReadOnlyList<Diagnostic> Diagnostics { get; set; } = [];

    internal LoadedManifests RequiredManifests => Manifests ?? throw Missing(nameof(Tasks.ResolveManifest));

    internal string RequiredIdentity => Identity ?? throw Missing(nameof(Tasks.ResolveManifest));

    internal BottlePlan RequiredPlan => Plan ?? throw Missing(nameof(Tasks.Preflight));

    internal StateDirectory RequiredClaim => Claim ?? throw Missing(nameof(Tasks.MintIdentity));

    /// <summary>The writer of the run's files; what it writes belongs to the containers' user where the operator is root.</summary>
    internal StateWriter Writer => RequiredClaim.Writer(Owner);

    /// <summary>The owner of what is written for containers; null when the operator's own user is theirs.</summary>
    internal RunAs? Owner => Facts is { Uid: 0, Rootless: false } ? RequiredPlan.RunAs : null;

    /// <summary>Writes rendered files into the run's state.</summary>
    internal void Write(IReadOnlyList<RenderedFile> files) => Writer.Write(files);

    /// <summary>Forgets what the engine said of the run's containers: they have changed.</summary>
    internal void ForgetContainers() => Containers = null;

    /// <summary>A stage begins: whoever looks at the run is told so, also when this process is killed in it.</summary>
    internal void Begin(string stage)
    {
        lock (gate) working.Add(stage);
        SayWorking();
    }

    /// <summary>A stage has ended, and its result is recorded.</summary>
    internal void End(string stage)
    {
        lock (gate) working.Remove(stage);
        SayWorking();
    }

    /// <summary>Tells what runs now to whoever looks at the run; before it has an owner there is nobody to tell.</summary>
    internal void SayWorking()
    {
        lock (gate) Claim?.Say(string.Join(' ', working));
    }

    /// <summary>Adds a stage's result to the run's metadata (SPEC B3); what comes before the run has any is added with the first that comes after.</summary>
    internal void Record(StageRecord record)
    {
        lock (gate)
        {
            pending.Add(record);
            if (Claim?.ReadMetadata() is not { } metadata) return;
            Claim.WriteMetadata(pending.Aggregate(metadata, (all, one) => all.With(one)));
            pending.Clear();
        }
    }

    // Only --exclusive can leave out what a stage depends on.
    private static BottleException Missing(string stage) => new(CommandLineErrors.StageLeftOut(stage));
}
