using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Shows one run, running or over: agent, routes in force, containers, requests, who waits, what is kept. Only looks.</summary>
[TaskDescription("Shows one run: agent, routes, containers, requests, records (--bottle)")]
[Takes("bottle")]
internal sealed class Info : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var identity = context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", nameof(Info), "dotnet cake --target=Info --bottle=demo-k3x9a"));
        var info = await RunInfo.ReadAsync(context, identity);
        context.Console.Data.WriteLine(context.Arguments.Json ? info.Json() : context.Door.Spoken(info.Text()));
    }
}
