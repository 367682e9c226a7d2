using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Rendering;

/// <summary>Renders a whole plan: every file that Bottle writes for it but keys, certificates and secrets.</summary>
public static class Renderer
{
    /// <summary>The files in a fixed order; equal plans give equal bytes.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) =>
    [
        .. ComposeRenderer.Render(plan),
        .. RoutesRenderer.Render(plan),
        .. PipelockRenderer.Render(plan),
        .. GitGateRenderer.Render(plan),
        .. AgentRenderer.Render(plan),
        .. GitConfigRenderer.Render(plan),
    ];
}
