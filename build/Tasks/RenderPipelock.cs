using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes pipelock's configuration.</summary>
[TaskDescription("Writes pipelock.yaml")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class RenderPipelock : RenderStage
{
    protected override IReadOnlyList<RenderedFile> Files(BottlePlan plan) => PipelockRenderer.Render(plan);

    protected override IEnumerable<StageInput> Sources(BottlePlan plan) => plan.Pipelock is null ? [] : PlanSources.Routes(plan);
}
