using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Claims the identity: its state directory, an exclusive lock that dies with this process, and its metadata.</summary>
[TaskDescription("Claims an identity and its state directory")]
[IsDependentOn(typeof(Preflight))]
internal sealed class MintIdentity : Stage
{
    protected override Task ExecuteAsync(BottleContext context)
    {
        var launch = context.Launch;
        var identity = launch.RequiredIdentity;
        launch.Claim = launch.Resumes
            ? context.Store.TryOwn(identity) ?? throw new BottleException(LaunchErrors.NoSuchRun(identity))
            : context.Store.Create(identity);
        launch.Claim.ClearPreserve();
        if (launch.Claim.ReadMetadata() is null) launch.Claim.WriteMetadata(Describe(context));
        // What was granted since the launch stays granted: the stages go on with the plan in force, not with the manifest's.
        if (PlanStore.Read(launch.Claim) is { Revision: > 1 } inForce) launch.Plan = inForce;
        PlanStore.Write(launch.Claim, launch.RequiredPlan);
        context.Console.Note(identity);
        return Task.CompletedTask;
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
            StartedAt = TimeProvider.System.GetUtcNow(),
            ComposeProject = plan.Names.Project,
            Versions = new Dictionary<string, string>
            {
                ["bottle"] = typeof(BottleBuild).Assembly.GetName().Version!.ToString(3),
                [LaunchImages.PipelockKey] = plan.Pipelock?.Image ?? "none",
            },
        };
    }
}
