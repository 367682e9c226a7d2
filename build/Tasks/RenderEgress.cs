using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes egress's route table.</summary>
[TaskDescription("Writes routes.yaml")]
[IsDependentOn(typeof(MintIdentity))]
internal sealed class RenderEgress : Stage
{
    protected override Task ExecuteAsync(BottleContext context)
    {
        if (context.Launch.RequiredPlan.Egress is not null) context.Launch.Writer.CreateDirectory(StateLayout.EgressLogDirectory);
        context.Launch.Write(RoutesRenderer.Render(context.Launch.RequiredPlan));
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) =>
        RoutesRenderer.Render(context.Launch.RequiredPlan).Select(file => $"write {file.Path} ({file.Text.Length} characters)");
}
