using Bottle.Host.State;
using Bottle.Host.Workspaces;

namespace Bottle.Build.Launching;

/// <summary>What an agent changed in its copy, of a run whose own process did not come to save it.</summary>
internal static class LeftoverWork
{
    /// <summary>Saves it before the state goes; <c>--force=SaveWork</c> lets go what cannot be saved.</summary>
    internal static async Task SaveAsync(BottleContext context, StateDirectory state)
    {
        if (context.Arguments.Forced.Contains(nameof(Tasks.SaveWork), StringComparer.OrdinalIgnoreCase)) return;
        if (await new WorkSaver(context.Home, context.Engine, TimeProvider.System).SaveAsync(state, context.Cancellation) is not { } saved) return;
        Say(context, state.Identity, saved);
        WorkSaver.RequireWhole(state, saved);
    }

    /// <summary>Says how much it is and how it is read, unless it is nothing.</summary>
    internal static void Say(BottleContext context, string identity, WorkRecord saved)
    {
        if (saved.Files.Count > 0) context.Console.Say($"    {identity}: {WorkSummary.Headline(saved)}; read it: dotnet cake --target=Changes --bottle={identity}");
    }
}
