using Bottle.Build.Launching;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Ends and removes the run's containers and networks, found by their labels.</summary>
[TaskDescription("Removes the run's containers and networks")]
internal sealed class ComposeDown : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (context.OwnedByTeardown() is null && context.Arguments.Bottle is null) return;
        if (context.Launch.Canaries is { } canaries) await canaries.DisposeAsync();
        // Not cancelled by the signal that brought us here: what is left behind is worse than a second's wait.
        await context.Compose.DownAsync(context.Console.Verbose ? context.Console.Progress : null, CancellationToken.None);
        context.Launch.ForgetContainers();
        // What was left up on purpose is not up any more, and stays to be gone on with.
        if (context.Launch.Claim is { IsPreserved: true } kept && context.Arguments.Targets.Contains(Name, StringComparer.OrdinalIgnoreCase)) kept.Preserve($"{Name} was asked for");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => ["remove the run's containers and networks"];
}
