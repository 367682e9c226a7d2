using Bottle.Build.Launching;
using Bottle.Host.Capability;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>
/// Removes what a run keeps on this machine: state and token file. As a target of its own it removes everything of one run (<c>--bottle</c>), or of every
/// run that nobody owns; what was left up on purpose is named and stays.
/// </summary>
[TaskDescription("Removes state and tokens; as a target, everything that killed runs left")]
internal sealed class Cleanup : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (context.Launch.Claim is { } state) await RemoveAsync(context, state);
        else await ReapAsync(context);
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => ["remove state and token file"];

    private static async Task RemoveAsync(BottleContext context, StateDirectory state)
    {
        new TokenDirectory(context.Home, state.Identity).Remove();
        if (!context.Launch.Finished.Contains(nameof(ComposeDown)))
        {
            // While a container may still run, its files are in use, and the state is how it is found again; without a mark the next command takes it for what it is.
            context.Console.Say($"    kept the state, because its containers may be there still; go on with: dotnet cake --target=Resume --bottle={state.Identity}; remove it with: dotnet cake --target=Cleanup --bottle={state.Identity}");
            state.ClearPreserve();
            state.Dispose();
            context.Launch.Claim = null;
            return;
        }
        if (context.Arguments.Keep || (state.IsPreserved && !context.Arguments.Targets.Contains(nameof(Cleanup), StringComparer.OrdinalIgnoreCase)))
        {
            state.Preserve("--keep");
            context.Console.Say($"    kept the state; go on with: dotnet cake --target=Resume --bottle={state.Identity}");
            state.Dispose();
        }
        else
        {
            // Nobody writes into them any more.
            await new GitCache(context.Home, context.Runner, TimeProvider.System).GiveBackAsync(state);
            if (RunImage.Read(state) is not null) await new Reaper(context.Home, context.Store, context.Engine).RemoveImagesAsync(state.Identity, CancellationToken.None);
            await context.Store.RemoveAsync(state, CancellationToken.None);
        }
        context.Launch.Claim = null;
    }

    private static async Task ReapAsync(BottleContext context)
    {
        var reaper = new Reaper(context.Home, context.Store, context.Engine);
        var asked = context.Arguments.Bottle;
        if (asked is not null && context.Store.IsHeld(asked)) throw context.IsAlive(asked);
        var left = (await reaper.FindAsync(context.Cancellation)).Where(run => asked is null || run.Identity == asked).ToList();
        foreach (var kept in left.Where(run => run.IsPreserved && asked is null))
            context.Console.Say($"    {kept.Identity}: left on purpose; remove it with: dotnet cake --target=Cleanup --bottle={kept.Identity}");
        var reaped = left.Where(run => !run.IsPreserved || asked is not null).ToList();
        foreach (var run in reaped)
        {
            context.Console.Progress($"{run.Identity}: {Describe(run)}");
            await reaper.ReapAsync(run.Identity, removeState: true, beforeRemoval: state => LeftoverWork.SaveAsync(context, state), cancellationToken: context.Cancellation);
        }
        await context.Store.RemoveRubbishAsync(context.Cancellation);
        context.Console.Note(reaped.Count == 0 ? "nothing to remove" : $"removed what was left of {reaped.Count} {(reaped.Count == 1 ? "run" : "runs")}");
    }

    private static string Describe(Leftover run) =>
        string.Join(", ", new[] { run.EngineObjects > 0 ? $"{run.EngineObjects} containers, networks and images" : null, run.HasState ? "state" : null, run.HasTokens ? "tokens" : null }.OfType<string>());
}
