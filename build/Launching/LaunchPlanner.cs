using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Images;
using Bottle.Host.Manifests;
using Bottle.Host.Registries;
using Bottle.Host.Secrets;

namespace Bottle.Build.Launching;

/// <summary>Gathers the facts that a plan needs, and plans. Says warnings; throws everything that is an error.</summary>
internal sealed class LaunchPlanner(BottleContext context)
{
    // Asked once: a launch plans more than once, and clients take their time.
    private IReadOnlyDictionary<string, IReadOnlyList<string>>? registries;

    /// <summary>Plans with this host's facts.</summary>
    /// <param name="hostIsRequired">Whether what is missing on the host is an error (Start, <c>--strict</c>).</param>
    /// <param name="engine">The engine that answered the preflight; null when none is needed.</param>
    /// <param name="pipelock">The pipelock image, once it is resolved.</param>
    /// <param name="standInIsAccepted">Whether a person has accepted the stand-in for this run before.</param>
    internal async Task<BottlePlan> PlanAsync(bool hostIsRequired, EngineInfo? engine, PipelockReference? pipelock = null, bool standInIsAccepted = false)
    {
        var launch = context.Launch;
        var manifests = launch.RequiredManifests;
        var probe = new HostProbe(context.Home, HostProbe.OperatorEnvironment(), context.UserDirectory);
        var facts = await probe.ProbeAsync(launch.RequiredIdentity, Secrets(manifests), engine is null ? null : context.Engine, engine, context.Cancellation);
        registries ??= await new RegistryProbe(context.Runner, HostProbe.OperatorEnvironment())
            .ProbeAsync(manifests.Bottle.Presets.Select(preset => preset.Value), context.Cancellation);
        var remotes = manifests.Bottle.Git;
        launch.Facts = facts with
        {
            Images = Images(pipelock),
            Registries = registries,
            SubnetPool = context.HomeConfiguration.Subnets?.Value ?? facts.SubnetPool,
            GitFileProblems = new GitCredentials(context.UserDirectory).Problems(remotes),
            GitAuthor = remotes.Count == 0 ? null : await GitAuthorProbe.ReadAsync(context.Runner, context.Cancellation),
        };
        return launch.Plan = Require(Planner.Plan(Request(hostIsRequired) with { AllowStandIn = context.Arguments.AllowStandIn || standInIsAccepted }, launch.Facts));
    }

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

    private static IEnumerable<Located<SecretRef>> Secrets(LoadedManifests manifests) =>
        manifests.Bottle.Routes.Select(route => route.Auth?.Token)
            .Concat(manifests.PlannedProviders.SelectMany(provider => provider.Credentials).Select(credential => credential.Auth.Token))
            .OfType<Located<SecretRef>>();

    private ImageFacts Images(PipelockReference? pipelock)
    {
        var manifests = context.Launch.RequiredManifests;
        return context.Catalogue.Facts(manifests.Agent.Name, manifests.Bottle.TestUpstreams.Select(upstream => upstream.Image.Value), pipelock, manifests.Bottle.Supervise);
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
    };

    private BottlePlan Require(PlanResult result)
    {
        context.Launch.Diagnostics = result.Diagnostics;
        if (result.Plan is not null) context.Warn(result.Diagnostics);
        return result.Require();
    }
}
