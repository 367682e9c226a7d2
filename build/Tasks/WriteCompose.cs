using Bottle.Build.Launching;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Rendering.Compose;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes the Compose file.</summary>
[TaskDescription("Writes docker-compose.yml")]
[IsDependentOn(typeof(MintCertificates))]
[IsDependentOn(typeof(RenderPipelock))]
[IsDependentOn(typeof(RenderEgress))]
[IsDependentOn(typeof(RenderGitGate))]
[IsDependentOn(typeof(RenderSupervise))]
[IsDependentOn(typeof(RenderAgent))]
internal sealed class WriteCompose : RenderStage
{
    protected override IReadOnlyList<RenderedFile> Files(BottlePlan plan) => ComposeRenderer.Render(plan);

    protected override IEnumerable<StageInput> Sources(BottlePlan plan) => PlanSources.Environment(plan);
}
