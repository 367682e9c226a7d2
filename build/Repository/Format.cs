using Bottle.Build.Doors;
using Bottle.Host.Processes;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>Fails when a file is not formatted as <c>.editorconfig</c> says.</summary>
[TaskDescription("Checks the formatting of the repository's own code")]
[Takes(null)]
internal sealed class Format : AsyncFrostingTask<BottleContext>
{
    public override Task RunAsync(BottleContext context) =>
        context.Runner.RunCheckedAsync(
            new Command("dotnet", "format", "Bottle.slnx", "--verify-no-changes", "--verbosity", "quiet") { WorkingDirectory = context.Clone },
            context.Cancellation);
}
