using Bottle.Build.Doors;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>Stops the engine that <c>--setup</c> started; one that somebody else started is left alone.</summary>
[TaskDescription("Stops the engine that --setup started, and no other")]
[Takes(null)]
internal sealed class StopEngine : AsyncFrostingTask<BottleContext>
{
    public override Task RunAsync(BottleContext context) => context.Installer.StopAsync(context.Cancellation);
}
