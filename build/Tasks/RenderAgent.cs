using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes what the agent reads: its prompt, its passwd entry, its git configuration.</summary>
[TaskDescription("Writes prompt, passwd, gitconfig and what else the agent reads")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class RenderAgent : RenderStage
{
    protected override IReadOnlyList<RenderedFile> Files(BottlePlan plan) => [.. AgentRenderer.Render(plan), .. GitConfigRenderer.Render(plan)];
}
