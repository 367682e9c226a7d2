using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>A whole launch: from manifest to agent, and back to nothing.</summary>
[TaskDescription("Starts an agent in its bottle and tears everything down when it ends")]
[IsDependentOn(typeof(Attach))]
[IsDependentOn(typeof(SaveWork))]
[IsDependentOn(typeof(DumpLogs))]
[IsDependentOn(typeof(ComposeDown))]
[IsDependentOn(typeof(Cleanup))]
internal sealed class Start : AsyncFrostingTask<BottleContext>;
