using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes pipelock's configuration.</summary>
[TaskDescription("Writes pipelock.yaml")]
[IsDependentOn(typeof(MintIdentity))]
internal sealed class RenderPipelock : Stage
{
    protected override Task ExecuteAsync(BottleContext context)
    {
        context.Launch.Write(PipelockRenderer.Render(context.Launch.RequiredPlan));
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) =>
        PipelockRenderer.Render(context.Launch.RequiredPlan).Select(file => $"write {file.Path} ({file.Text.Length} characters)");
}
