using Bottle.Core.Planning;
using Bottle.Core.Rendering;

namespace Bottle.Core.Tests.Rendering;

/// <summary>Everything that a plan renders to, in one text.</summary>
internal static class AllText
{
    public static string Of(BottlePlan plan) => string.Join('\n',
        [.. Renderer.Render(plan).Select(f => $"=== {f.Path}\n{f.Text}"), PlanText.Render(plan), PlanJson.Render(plan, []), PreflightText.Render(plan)]);
}
