using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Sessions;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Claims the identity: its state directory, an exclusive lock that dies with this process, and its metadata.</summary>
[TaskDescription("Claims an identity and its state directory")]
[IsDependentOn(typeof(Preflight))]
internal sealed class MintIdentity : Stage
{
    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        var launch = context.Launch;
        var identity = launch.RequiredIdentity;
        launch.Claim = launch.Resumes
            ? context.Store.TryOwn(identity) ?? throw (context.Store.IsHeld(identity) ? context.IsAlive(identity) : context.IsMissing(identity))
            : context.Store.Create(identity);
        // Of a run whose Bottle was killed, Compose may still be at work.
        if (launch.Resumes) await new OrphanedCommands(context.Home).EndAsync(identity, context.Cancellation);
        launch.SayWorking();
        launch.Claim.ClearPreserve();
        if (launch.Claim.ReadMetadata() is null) launch.Claim.WriteMetadata(Describe(context));
        PlanStore.Write(launch.Claim, launch.RequiredPlan);
        context.Console.Note(identity);
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) => [$"create state/{context.Launch.RequiredIdentity}/ with its lock and {StateLayout.Metadata} and {StateLayout.Plan}"];

    private static Metadata Describe(BottleContext context)
    {
        var plan = context.Launch.RequiredPlan;
        return new Metadata
        {
            AgentName = plan.AgentName,
            Bottle = plan.BottleName,
            Cwd = context.UserDirectory,
            CopyCwd = plan.Workspace is { Kind: WorkspaceKind.Copy },
            StartedAt = TimeProvider.System.GetUtcNow(),
            ComposeProject = plan.Names.Project,
            Arguments = context.Arguments.Inheritable(context.UserPath),
            Versions = new Dictionary<string, string>
            {
                ["bottle"] = typeof(BottleBuild).Assembly.GetName().Version!.ToString(3),
                [LaunchImages.PipelockKey] = plan.Pipelock?.Image ?? "none",
            },
        };
    }
}
