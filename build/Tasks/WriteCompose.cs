using Bottle.Core.Rendering.Compose;
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
internal sealed class WriteCompose : Stage
{
    protected override Task ExecuteAsync(BottleContext context)
    {
        context.Launch.Write(ComposeRenderer.Render(context.Launch.RequiredPlan));
        return Task.CompletedTask;
    }

    protected override IEnumerable<string> WouldDo(BottleContext context) =>
        ComposeRenderer.Render(context.Launch.RequiredPlan).Select(file => $"write {file.Path} ({file.Text.Length} characters)");
}
