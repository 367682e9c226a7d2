using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes egress's route table.</summary>
[TaskDescription("Writes routes.yaml")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class RenderEgress : RenderStage
{
    protected override IReadOnlyList<RenderedFile> Files(BottlePlan plan) => RoutesRenderer.Render(plan);

    protected override IEnumerable<StageInput> Sources(BottlePlan plan) => PlanSources.Routes(plan);

    protected override Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (context.Launch.RequiredPlan.Egress is not null) context.Launch.Writer.CreateDirectory(StateLayout.EgressLogDirectory);
        return base.ExecuteAsync(context, run);
    }
}
