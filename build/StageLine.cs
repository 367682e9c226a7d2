using Bottle.Build.Console;

namespace Bottle.Build;

/// <summary>Runs a task with its line on the console: done, up to date, or failed. The first failure stops what runs beside it.</summary>
internal static class StageLine
{
    internal static Task RunAsync(BottleContext context, string task, Func<Task> run) =>
        RunAsync(context, Stages.IsStage(task) ? context.Console.Open(task) : null, run);

    internal static async Task RunAsync(BottleContext context, StageOutput? output, Func<Task> run)
    {
        context.Console.Enter(output);
        try
        {
            await run();
        }
        catch (Exception)
        {
            context.Abandon();
            if (output is not null) context.Console.Failed(output);
            throw;
        }
        finally
        {
            context.Console.Enter(null);
        }
        if (output is null) return;
        if (context.Launch.UpToDate.Contains(output.Stage)) context.Console.Skipped(output);
        else context.Console.Done(output);
    }
}
