using Bottle.Build.Launching;
using Bottle.Core.Rendering;
using Bottle.Host.Docker;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Reads the secrets, hands them to egress's token file and to Compose's environment, and brings the containers up. A subnet that turns out to be taken moves the plan on to the next.</summary>
[TaskDescription("Brings the containers up")]
[IsDependentOn(typeof(WriteCompose))]
[IsDependentOn(typeof(BuildImages))]
internal sealed class ComposeUp : Stage
{
    private const int MostSubnets = 16;

    protected override async Task ExecuteAsync(BottleContext context)
    {
        var environment = await new SecretHandover(context).RunAsync();
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await context.Compose.UpAsync(environment, context.Console.Verbose ? context.Console.Progress : null, context.Cancellation);
            if (outcome.Failure != ComposeFailure.PoolOverlaps)
            {
                outcome.ThrowIfFailed();
                break;
            }
            if (attempt == MostSubnets) outcome.ThrowIfFailed();
            await context.Compose.DownAsync(cancellationToken: context.Cancellation);
            context.Console.Progress($"the engine has {outcome.Subject} already; taking the next subnet");
            var next = context.Planner.NextSubnet();
            context.Launch.Write(Renderer.Render(next));
            PlanStore.Write(context.Launch.RequiredClaim, next);
        }
        context.Console.Note($"{string.Join(", ", ServicesOf(context))} up");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        if (plan.Egress is { Tokens.Count: > 0 } egress) yield return $"read {string.Join(", ", egress.Tokens.Select(token => token.Secret))} and hand the values to egress";
        yield return $"run docker compose --project-name {plan.Names.Project} up --detach --wait ({string.Join(", ", ServicesOf(context))})";
    }

    private static IEnumerable<string> ServicesOf(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        foreach (var upstream in plan.TestUpstreams) yield return upstream.Service;
        if (plan.Pipelock is { } pipelock) yield return pipelock.Service;
        if (plan.Egress is not null) yield return "egress";
        if (plan.GitGate is not null) yield return "git-gate";
        if (plan.Supervise is not null) yield return "supervise";
        yield return "agent";
    }
}
