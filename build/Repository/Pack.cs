using Bottle.Build.Doors;
using Bottle.Host.Processes;
using Cake.Frosting;

namespace Bottle.Build.Repository;

/// <summary>Packs the <c>bottle</c> tool into <c>artifacts/package</c>: one package that names the others, one compiled beforehand for linux-x64, one for every other machine.</summary>
[TaskDescription("Packs the bottle tool into artifacts/package")]
[Takes(null)]
internal sealed class Pack : AsyncFrostingTask<BottleContext>
{
    public override async Task RunAsync(BottleContext context)
    {
        var folder = Path.Combine(context.Clone, "artifacts", "package");
        await context.Runner.RunCheckedAsync(
            new Command("dotnet", "pack", "src/Bottle.Cli", "--configuration", "Release", "--output", folder, "-p:BottlePacking=true", "-v:q", "-nologo", "-tl:off") { WorkingDirectory = context.Clone },
            context.Cancellation);
        context.Console.Say($"install it: dotnet tool install Bottle.Tool --tool-path DIR --source {folder}");
    }
}
