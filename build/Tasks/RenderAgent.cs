using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes what the agent reads: its prompt, its passwd entry, its git configuration.</summary>
[TaskDescription("Writes prompt, passwd, gitconfig and what else the agent reads")]
[IsDependentOn(typeof(MintIdentity))]
internal sealed class RenderAgent : Stage
{
    protected override Task ExecuteAsync(BottleContext context)
    {
        context.Launch.Write(Files(context.Launch.RequiredPlan));
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) =>
        Files(context.Launch.RequiredPlan).Select(file => $"write {file.Path} ({file.Text.Length} characters)");

    private static RenderedFile[] Files(BottlePlan plan) => [.. AgentRenderer.Render(plan), .. GitConfigRenderer.Render(plan)];
}
