using Bottle.Build.Tasks;
using Cake.Frosting;

namespace Bottle.Build;

/// <summary>
/// Runs the teardown stages that have not run, once, however the run ends: after Start and Resume always, after any other target only on a
/// failure or a signal (SPEC E2, E4), and only where this process ran a stage of the launch: a run that was left up on purpose is not taken
/// down because its logs could not be read. Needs the identity that this process claimed, and nothing else.
/// </summary>
internal sealed class TeardownGuard(BottleContext context, StageStrategy strategy)
{
    private bool ran;

    /// <summary>What went wrong while tearing down, or null.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>What became of the run, in words; null when nothing was torn down.</summary>
    internal string? Outcome { get; private set; }

    internal void Run(Exception? cause)
    {
        // A stage that runs beside the one that failed may still write.
        if (cause is not null) context.Abandon();
        cause ??= strategy.Drain();
        var launch = context.Launch;
        if (ran || launch.Claim is null || !launch.HasBegun) return;
        var cutShort = cause is not null || context.Cancellation.IsCancellationRequested;
        if (!cutShort && !launch.EndsWithTeardown) return;
        ran = true;
        launch.Failed |= cutShort;
        var identity = launch.Claim.Identity;
        foreach (var stage in new Stage[] { new SaveWork(), new DumpLogs(), new ComposeDown(), new Cleanup() })
        {
            // Saving has just said why it failed, and the state is kept: the same files are not looked through a second time.
            if (launch.Finished.Contains(stage.Name) || (stage is SaveWork && launch.FailedStage == stage.Name)) continue;
            try
            {
                StageLine.RunAsync(context, stage.Name, () => ((IFrostingTask)stage).RunAsync(context)).GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                // The next stage may still take away what this one could not.
                Failure ??= exception;
            }
        }
        launch.Claim?.Dispose();
        Outcome = Failure is not null ? $"not everything of {identity} is removed" : context.Arguments.Keep || context.Store.Open(identity) is { IsPreserved: true } ? $"{identity}: containers and networks are removed, its state is kept" : $"{identity} is removed";
    }
}
