using System.Diagnostics;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>One step of a launch: file = class = target. Records its result in the run's metadata; with <c>--dry-run</c> it says what it would do and does nothing.</summary>
internal abstract class Stage : AsyncFrostingTask<BottleContext>
{
    internal string Name => GetType().Name;

    public sealed override async Task RunAsync(BottleContext context)
    {
        if (context.Arguments.DryRun && !IsPure)
        {
            foreach (var line in WouldDo(context)) context.Console.Line($"  {Name,-18}would {line}");
            return;
        }
        context.Launch.HasBegun |= Stages.Launch.Contains(Name);
        var clock = Stopwatch.StartNew();
        try
        {
            await ExecuteAsync(context);
            context.Launch.Record(Name, "succeeded", clock.Elapsed);
        }
        catch (Exception)
        {
            context.Launch.FailedStage = Name;
            context.Launch.Record(Name, "failed", clock.Elapsed);
            throw;
        }
        context.Launch.Finished.Add(Name);
    }

    /// <summary>Whether the stage reads and decides only, so that a dry run may run it.</summary>
    protected virtual bool IsPure => false;

    /// <summary>Does the work.</summary>
    protected abstract Task ExecuteAsync(BottleContext context);

    /// <summary>What a dry run prints: the rest of a sentence that begins with "would".</summary>
    protected abstract IEnumerable<string> WouldDo(BottleContext context);
}
