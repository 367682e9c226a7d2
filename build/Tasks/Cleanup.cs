using Bottle.Host.Sessions;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Removes what a run keeps on this machine: state and token file. As a target without <c>--bottle</c> it finds every run that nobody owns, and removes it whole.</summary>
[TaskDescription("Removes state and tokens; alone, everything that killed runs left")]
internal sealed class Cleanup : Stage
{
    protected override async Task ExecuteAsync(BottleContext context)
    {
        if (context.OwnedByTeardown() is { } state)
        {
            await RemoveAsync(context, state);
            return;
        }
        var reaper = new Reaper(context.Home, context.Store, context.Engine);
        var left = (await reaper.FindAsync(context.Cancellation)).Where(run => !run.IsPreserved).ToList();
        foreach (var run in left)
        {
            context.Console.Line($"    {run.Identity}: {Describe(run)}");
            await reaper.ReapAsync(run.Identity, removeState: true, context.Console.Verbose ? context.Console.Progress : null, context.Cancellation);
        }
        context.Console.Note(left.Count == 0 ? "nothing was left" : $"removed {left.Count}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => ["remove state and token file"];

    private static string Describe(Leftover run) =>
        string.Join(", ", new[] { run.EngineObjects > 0 ? $"{run.EngineObjects} objects of the engine" : null, run.HasState ? "state" : null, run.HasTokens ? "tokens" : null }.OfType<string>());

    private static async Task RemoveAsync(BottleContext context, StateDirectory state)
    {
        new TokenDirectory(context.Home, state.Identity).Remove();
        if (context.Arguments.Keep || state.IsPreserved)
        {
            context.Console.Say($"    kept the state; go on with: dotnet cake --target=Attach --bottle={state.Identity}");
            state.Dispose();
        }
        else
        {
            await context.Store.RemoveAsync(state, CancellationToken.None);
        }
        context.Launch.Claim = null;
    }
}
