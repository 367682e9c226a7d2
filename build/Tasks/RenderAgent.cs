using Bottle.Core.Rendering;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Writes what the agent reads: its prompt, its passwd entry.</summary>
[TaskDescription("Writes prompt, passwd and what else the agent reads")]
[IsDependentOn(typeof(MintIdentity))]
internal sealed class RenderAgent : Stage
{
    protected override Task ExecuteAsync(BottleContext context)
    {
        context.Launch.Write(AgentRenderer.Render(context.Launch.RequiredPlan));
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) =>
        AgentRenderer.Render(context.Launch.RequiredPlan).Select(file => $"write {file.Path} ({file.Text.Length} characters)");
}
