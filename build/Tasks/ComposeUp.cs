using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Docker;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Reads the secrets, hands them to egress's token file and to Compose's environment, and brings the containers up. A subnet that turns out to be taken moves the plan on to the next.</summary>
[TaskDescription("Brings the containers up")]
[IsDependentOn(typeof(WriteCompose))]
[IsDependentOn(typeof(CopyWorkspace))]
[IsDependentOn(typeof(BuildImages))]
internal sealed class ComposeUp : Stage
{
    protected override Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context) => Task.FromResult<IReadOnlyList<StageInput>?>(Inputs(context));

    protected override async Task<IReadOnlyDictionary<string, string>> ObjectsAsync(BottleContext context) =>
        (await context.ContainersAsync()).ToDictionary(container => RunContainers.Key(container.Service), container => container.Id);

    protected override async Task<string?> LiveReasonAsync(BottleContext context, StageRecord record)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Egress is { Tokens.Count: > 0 } && !new TokenDirectory(context.Home, plan.Identity).Exists) return "egress's token file is gone";
        return RunContainers.Missing(record, ServicesOf(context), await context.ContainersAsync());
    }

    // Of a later revision the sidecars were told when it was applied; they confirmed it before it counted.
    protected override bool IsInForce(BottleContext context, StageRecord record, IReadOnlyList<StageInput> inputs) =>
        context.Launch.RequiredPlan is { Revision: > 1 } plan
        && StageFreshness.Changed(record.Inputs!, inputs).All(RunFiles.IsOfRevision)
        && RunFiles.AreAsRendered(context.StateToRead!, RunFiles.OfRevision(plan));

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var plan = context.Launch.RequiredPlan;
        // Compose does not see that a mounted file has changed; of a later revision's files the containers were told when it was applied.
        var isStale = run is { Previous.Outputs: not null, InputsChanged: true } && (plan.Revision == 1 || !context.Launch.UpToDate.Contains(nameof(MintCertificates)));
        var compose = context.ComposeFor(recreatesAll: isStale);
        var environment = await new SecretHandover(context).RunAsync();
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await compose.UpAsync(environment, context.Console.Verbose ? context.Console.Progress : null, plan.Revision > 1 && !isStale, context.Cancellation);
            if (outcome.Failure != ComposeFailure.PoolOverlaps)
            {
                outcome.ThrowIfFailed();
                break;
            }
            if (attempt == LaunchPlanner.MostSubnets) outcome.ThrowIfFailed();
            await context.Compose.DownAsync(cancellationToken: context.Cancellation);
            context.Console.Progress($"the engine has {outcome.Subject} already; taking the next subnet");
            var next = context.Planner.NextSubnet();
            context.Launch.Write(Renderer.Render(next));
            PlanStore.Write(context.Launch.RequiredClaim, next);
        }
        context.Launch.ForgetContainers();
        context.Launch.IsUp = true;
        context.Launch.Confinement = new ConfinementCheck(context.Engine).RunAsync(context.Launch.RequiredPlan, context.Cancellation);
        run.Inputs = Inputs(context);
        context.Console.Note($"{string.Join(", ", ServicesOf(context))} up");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Egress is { Tokens.Count: > 0 } egress) yield return $"read {string.Join(", ", egress.Tokens.Select(token => token.Secret))} and hand the values to egress";
        yield return $"run docker compose --project-name {plan.Names.Project} up --detach --wait ({string.Join(", ", ServicesOf(context))})";
    }

    // What the containers see: the files that earlier stages made, as they lie there now. The agent's own folder is mounted as a whole and read again by every command: no container is made anew for it.
    private static List<StageInput> Inputs(BottleContext context) =>
        [.. (context.Metadata()?.Stages ?? []).Where(record => Stages.Files.Contains(record.Name))
            .SelectMany(record => record.Outputs?.Keys ?? [])
            .Where(file => !file.StartsWith(StateLayout.AgentInputDirectory + "/", StringComparison.Ordinal))
            .Select(file => new StageInput(file, ContentDigest.OfFile(context.StateToRead![file]) ?? "none"))];

    private static IEnumerable<string> ServicesOf(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        foreach (var upstream in plan.TestUpstreams) yield return upstream.Service;
        if (plan.Pipelock is { } pipelock) yield return pipelock.Service;
        if (plan.Egress is not null) yield return "egress";
        if (plan.GitGate is not null) yield return "git-gate";
        if (plan.Supervise is not null) yield return "supervise";
        foreach (var service in plan.Services) yield return service.Name;
        yield return "agent";
    }
}
