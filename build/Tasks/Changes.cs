using System.Text;
using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.State;
using Bottle.Host.Workspaces;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Prints what an agent changed in its copied directory, as a patch; of a run that goes on, what it has changed until now. Inert on a terminal, the patch's own bytes elsewhere.</summary>
[TaskDescription("Prints what an agent changed in its copy of the folder, as a patch (--bottle)")]
[Takes("bottle")]
internal sealed class Changes : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var identity = new Operator(context).Bottle(nameof(Changes));
        if (context.Store.Open(identity) is { } state) await new WorkSaver(context.Home, context.Engine, TimeProvider.System).SaveAsync(state, context.Cancellation);
        var work = new WorkBringer(context.Home, context.Runner, TimeProvider.System).Read(identity);
        var patch = Path.Combine(context.Home.Runs(identity), RunRecords.WorkPatch);
        if (context.Arguments.Json)
        {
            context.Console.Data.WriteLine(WorkJson.Render(identity, patch, work));
            return;
        }
        context.Console.Error($"{identity}: {WorkSummary.Headline(work)}, since {InertText.Line(work.Directory)} was copied");
        foreach (var line in WorkSummary.Lines(work, int.MaxValue)) context.Console.Error($"  {line}");
        if (System.Console.IsOutputRedirected) await CopyAsync(context, patch);
        else await ShowAsync(context, patch);
    }

    private static async Task CopyAsync(BottleContext context, string patch)
    {
        await using var source = File.OpenRead(patch);
        await using var target = System.Console.OpenStandardOutput();
        await source.CopyToAsync(target, context.Cancellation);
    }

    private static async Task ShowAsync(BottleContext context, string patch)
    {
        using var reader = new StreamReader(patch, new UTF8Encoding(false));
        while (await reader.ReadLineAsync(context.Cancellation) is { } line)
        {
            if (line.StartsWith("diff --git ", StringComparison.Ordinal)) context.Console.Data.WriteLine();
            context.Console.Data.WriteLine(InertText.Line(line));
        }
    }
}
