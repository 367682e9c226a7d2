using System.Collections.Immutable;
using System.Reflection;
using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Dashboard;
using Bottle.Dashboard.Model;
using Bottle.Host.Processes;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>The operator's full-screen view of all runs of this home (SPEC J1): who runs, what they request, what they ask; approve, edit, reject, stop.</summary>
[TaskDescription("Full-screen view of all running bottles: traffic, logs, proposals to answer")]
[Takes(null)]
internal sealed class Dashboard : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        if (System.Console.IsInputRedirected || System.Console.IsOutputRedirected) throw new BottleException(ViewErrors.NoTerminal());
        using (context.Console.HandOver()) await DashboardProgram.RunAsync(Settings(context), context.Cancellation);
    }

    private static DashboardSettings Settings(BottleContext context) => new()
    {
        Services = context.Apply,
        Runner = context.Runner,
        Stages = [.. Stages.Launch.Select(name => new StageFacts(name, Before(name)))],
        LeaveKeys = context.LeaveKeys,
        StopCommand = (identity, keep) => Stop(context, identity, keep),
        Spoken = context.Door.Spoken,
        Colour = context.Console.Colour,
    };

    private static ImmutableArray<string> Before(string stage) =>
        [.. TaskRegistration.TaskTypes.Single(type => TaskRegistration.NameOf(type) == stage).GetCustomAttributes<IsDependentOnAttribute>().Select(edge => TaskRegistration.NameOf(edge.Task))];

    private static Command Stop(BottleContext context, string identity, bool keep)
    {
        var again = context.Door.Again(nameof(Tasks.Stop), [$"--bottle={identity}", .. keep ? ["--keep"] : Array.Empty<string>()]);
        return new Command(again.Program, again.Words) { WorkingDirectory = again.Folder, Environment = new Dictionary<string, string?> { ["PWD"] = context.TypedDirectory, ["NO_COLOR"] = "1" } };
    }
}
