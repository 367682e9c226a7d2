using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Capability;
using Bottle.Host.Docker;
using Bottle.Host.Images;
using Bottle.Host.Manifests;
using Bottle.Host.Registries;
using Bottle.Host.Secrets;
using Bottle.Host.State;
using Bottle.Host.Workspaces;

namespace Bottle.Build.Launching;

/// <summary>Gathers the facts that a plan needs, and plans. Says warnings; throws everything that is an error.</summary>
internal sealed class LaunchPlanner(BottleContext context)
{
    /// <summary>How many choices of subnets are tried.</summary>
    internal const int MostSubnets = 16;

    private const string GoOn = "The change of your image that you asked for is made: you run on the new image. Go on with your task.";

    // Asked once: a launch plans more than once, and the engine and the clients of registries take their time.
    private HostFacts? facts;
    private IReadOnlyList<Diagnostic> warned = [];

    /// <summary>Plans with this host's facts.</summary>
    /// <param name="hostIsRequired">Whether what is missing on the host is an error (Start, <c>--strict</c>).</param>
    /// <param name="engine">The engine that answered the preflight; null when none is needed.</param>
    /// <param name="pipelock">The pipelock image, once it is resolved.</param>
    /// <param name="standInIsAccepted">Whether a person has accepted the stand-in for this run before.</param>
    internal async Task<BottlePlan> PlanAsync(bool hostIsRequired, EngineInfo? engine, PipelockReference? pipelock = null, bool standInIsAccepted = false)
    {
        var launch = context.Launch;
        facts ??= await ProbeAsync(engine);
        launch.Facts = facts with { Images = Images(pipelock) };
        var request = Request(hostIsRequired) with { AllowStandIn = context.Arguments.AllowStandIn || standInIsAccepted };
        if (launch.Resumes && context.StateToRead is { } state && PlanStore.Read(state) is { } before)
        {
            launch.Facts = KeepPlace(launch.Facts, before);
            request = KeepNetworks(request, before.Networks);
        }
        return launch.Plan = Require(Planner.Plan(request, launch.Facts));
    }

    /// <summary>Plans a run with its images: as the manifests say, or the plan in force where something was granted since the launch.</summary>
    internal async Task<BottlePlan> PlanForRunAsync(bool hostIsRequired, EngineInfo engine)
    {
        var launch = context.Launch;
        using var inVain = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        // Asked while the host's facts are gathered, wherever it is certain that pipelock will be there.
        var pipelock = launch.RequiredManifests.Bottle is { Routes.Count: > 0 } or { Git.Count: > 0 } or { Supervise: true } ? context.Images.ResolvePipelockAsync(inVain.Token) : null;
        var plan = await PlanWithoutPipelockAsync();
        if (plan.Pipelock is not null) plan = await PlanAsync(hostIsRequired, engine, await (pipelock ?? context.Images.ResolvePipelockAsync(context.Cancellation)), launch.Resumes);
        return launch.Plan = launch.Resumes && context.StateToRead is { } state && PlanStore.Read(state) is { Revision: > 1 } inForce ? WithAgent(inForce, plan.Agent) : plan;

        async Task<BottlePlan> PlanWithoutPipelockAsync()
        {
            try
            {
                return await PlanAsync(hostIsRequired, engine);
            }
            catch (Exception)
            {
                // What was asked ahead must not outlive the run that has no use for it.
                await inVain.CancelAsync();
                if (pipelock is not null) await ((Task)pipelock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }
        }
    }

    // What was granted says nothing of what the agent shall do next, and of its image.
    private static BottlePlan WithAgent(BottlePlan inForce, AgentPlan now) =>
        inForce with { Agent = inForce.Agent with { Command = now.Command, Request = now.Request, Image = now.Image, Dockerfile = now.Dockerfile } };

    /// <summary>Plans with <see cref="RenderFacts"/>, so that the files are the same on every machine (SPEC D7); what is missing on this one is said.</summary>
    internal BottlePlan PlanForRender()
    {
        var launch = context.Launch;
        launch.Identity = context.Arguments.Bottle ?? Identity.ForRender(launch.RequiredManifests.Agent.Name).ToString();
        var here = new HostFacts { Images = Images(null), Variables = HostProbe.OperatorEnvironment().Keys.ToHashSet() };
        Require(Planner.Plan(Request(context.Arguments.Strict), here));
        launch.Facts = RenderFacts.For(launch.RequiredManifests.Bottle, launch.RequiredManifests.PlannedProviders, here.Images);
        return launch.Plan = Planner.Plan(Request(hostIsRequired: false), launch.Facts).Require();
    }

    /// <summary>Plans again with the next choice of subnets.</summary>
    internal BottlePlan NextSubnet()
    {
        context.Launch.SubnetAttempt++;
        return context.Launch.Plan = Require(Planner.Plan(Request(hostIsRequired: true), context.Launch.Facts!));
    }

    private async Task<HostFacts> ProbeAsync(EngineInfo? engine)
    {
        var manifests = context.Launch.RequiredManifests;
        var probe = new HostProbe(context.Home, HostProbe.OperatorEnvironment(), context.UserDirectory) { EngineSubnets = context.EngineGate.Subnets };
        var runsc = RunscAsync(manifests.Bottle, engine);
        var found = await probe.ProbeAsync(context.Launch.RequiredIdentity, Secrets(manifests), engine is null ? null : context.Engine, engine, context.Cancellation);
        var remotes = manifests.Bottle.Git;
        if (Workspace is { } workspace && !(context.Launch.Resumes && workspace.Kind == WorkspaceKind.Copy)) WorkspaceDirectory.Check(workspace.Source);
        return found with
        {
            ProtectedPaths = Workspace is { Kind: WorkspaceKind.Mount } mount ? WorkspaceDirectory.ProtectedPaths(mount.Source) : [],
            MountOwner = Workspace is { Kind: WorkspaceKind.Mount } mounted ? WorkspaceDirectory.Owner(mounted.Source) : null,
            LocalImages = engine is null ? null : await LocalImagesAsync(manifests.Bottle.Services),
            Registries = await new RegistryProbe(context.Runner, HostProbe.OperatorEnvironment()).ProbeAsync(manifests.Bottle.Presets.Select(preset => preset.Value), context.Cancellation),
            SubnetPool = context.HomeConfiguration.Subnets?.Value ?? found.SubnetPool,
            Runsc = await runsc,
            GitFileProblems = new GitCredentials(context.UserDirectory).Problems(remotes),
            GitAuthor = remotes.Count == 0 ? null : await GitAuthorProbe.ReadAsync(context.Runner, context.Cancellation),
        };
    }

    // A run that is gone on with is looked at and resumed from other terminals: what they are does not make its files stale.
    private static HostFacts KeepPlace(HostFacts facts, BottlePlan before)
    {
        string? Recorded(string name) => before.Agent.Environment.FirstOrDefault(variable => variable.Name == name && variable.Source is null)?.Literal;
        return facts with
        {
            TimeZone = Recorded("TZ") ?? facts.TimeZone,
            Language = Recorded("LANG") ?? facts.Language,
            Terminal = Recorded("TERM") ?? facts.Terminal,
        };
    }

    // Only where it matters: trying costs a container.
    private Task<RunscFacts> RunscAsync(BottleManifest bottle, EngineInfo? engine) => engine is null || bottle.Runtime is { Value: RuntimePlan.Runc }
        ? Task.FromResult(new HostFacts().Runsc)
        : new RunscProbe(context.Runner).RunAsync(engine, context.Cancellation);

    // A run that is gone on with keeps its subnets, which are taken: by its own networks.
    private LaunchRequest KeepNetworks(LaunchRequest request, NetworksPlan before)
    {
        var own = new[] { before.Internal, before.Relay, before.Egress }.OfType<NetworkPlan>().Select(network => network.Subnet).ToHashSet(StringComparer.Ordinal);
        var free = context.Launch.Facts = context.Launch.Facts! with { TakenSubnets = [.. context.Launch.Facts.TakenSubnets.Where(subnet => !own.Contains(subnet))] };
        for (var attempt = 0; attempt < MostSubnets; attempt++)
        {
            var tried = request with { SubnetAttempt = attempt };
            if (Planner.Plan(tried, free).Plan?.Networks.Internal != before.Internal) continue;
            context.Launch.SubnetAttempt = attempt;
            return tried;
        }
        return request;
    }

    private static IEnumerable<Located<SecretRef>> Secrets(LoadedManifests manifests) =>
        manifests.Bottle.Routes.Select(route => route.Auth?.Token)
            .Concat(manifests.PlannedProviders.SelectMany(provider => provider.Credentials).Select(credential => credential.Auth.Token))
            .OfType<Located<SecretRef>>();

    private ImageFacts Images(PipelockReference? pipelock)
    {
        var manifests = context.Launch.RequiredManifests;
        var facts = context.Catalogue.Facts(manifests.ImageName, manifests.Bottle.TestUpstreams.Select(upstream => upstream.Image.Value), pipelock, manifests.Bottle.Supervise);
        // What approved steps have made stays, whatever the manifests say now.
        return RunState() is { } state && RunImage.Read(state) is { } own ? facts with { Agent = own.Image, AgentDockerfile = state[StateLayout.RunDockerfile] } : facts;
    }

    private LaunchRequest Request(bool hostIsRequired) => new()
    {
        Identity = context.Launch.RequiredIdentity,
        Agent = context.Launch.RequiredManifests.Agent,
        Bottle = context.Launch.RequiredManifests.Bottle,
        Providers = context.Launch.RequiredManifests.PlannedProviders,
        AllowedTestUpstreams = context.Arguments.AllowedTestUpstreams,
        AllowStandIn = context.Arguments.AllowStandIn,
        HasUpstreamCa = context.UpstreamCaFile is not null,
        SubnetAttempt = context.Launch.SubnetAttempt,
        HostIsRequired = hostIsRequired,
        Prompt = Prompt,
        Continues = RunState() is { } state && Transcript.Exists(state),
        Workspace = Workspace,
    };

    private WorkspaceRequest? Workspace =>
        context.Arguments.Cwd is { } copied ? new(WorkspaceKind.Copy, Folder(copied)) : context.Arguments.Mount is { } mounted ? new(WorkspaceKind.Mount, Folder(mounted)) : null;

    private string Folder(string typed) => Path.TrimEndingDirectorySeparator(context.UserPath(typed));

    private async Task<IReadOnlySet<string>> LocalImagesAsync(IReadOnlyList<ServiceManifest> services)
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in services.Select(service => service.Image.Value).Distinct())
            if (await context.Engine.ImageExistsAsync(image, context.Cancellation)) there.Add(image);
        return there;
    }

    // A task that was given once is not given again to an agent that remembers it.
    private string? Prompt => context.Arguments.Prompt is not null && context.TypedPrompt is null && RunState() is { } state && Transcript.Exists(state) ? GoOn : context.Arguments.Prompt;

    private StateDirectory? RunState() => context.Launch.Resumes ? context.StateToRead : null;

    private BottlePlan Require(PlanResult result)
    {
        context.Launch.Diagnostics = result.Diagnostics;
        if (result.Plan is not null && !warned.SequenceEqual(result.Diagnostics)) context.Warn(warned = result.Diagnostics);
        return result.Require();
    }
}
