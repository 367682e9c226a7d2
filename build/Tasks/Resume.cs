using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Goes on with a run that exists, under its identity and in its directory, and tears it down when the agent ends (SPEC B5). Without an identity it lists what can be gone on with.</summary>
[TaskDescription("Goes on with a run (--bottle); without a name it lists those that can be")]
[IsDependentOn(typeof(Attach))]
[IsDependentOn(typeof(SaveWork))]
[IsDependentOn(typeof(DumpLogs))]
[IsDependentOn(typeof(ComposeDown))]
[IsDependentOn(typeof(Cleanup))]
[Takes("bottle", "yes", "setup", "prompt", "detach", "force", "keep", "trust")]
internal sealed class Resume : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        if (context.Arguments.Bottle is not null) return;
        var runs = context.Store.ListIdentities().Where(identity => !context.Store.IsHeld(identity)).Select(identity => RunView.Read(context, identity)).ToList();
        context.Console.Data.WriteLine(context.Arguments.Json ? RunJson.List(runs) : context.Door.Spoken(RunText.Resumable(runs)));
    }
}
