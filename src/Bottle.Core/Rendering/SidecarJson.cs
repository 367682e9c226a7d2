using System.Text.Json;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>Pipelock and supervise in the plan's JSON document; null where the bottle has none.</summary>
internal static class SidecarJson
{
    public static void Pipelock(Utf8JsonWriter json, PipelockPlan? pipelock)
    {
        if (pipelock is null)
        {
            json.WriteNull("pipelock");
            return;
        }
        PlanJson.Object(json, "pipelock", () =>
        {
            json.WriteString("image", pipelock.Image);
            json.WriteBoolean("stand_in", pipelock.IsStandIn);
            PlanJson.Texts(json, "api_allowlist", pipelock.Allowlist);
            PlanJson.Texts(json, "passthrough_domains", pipelock.Passthrough);
            PlanJson.Texts(json, "ip_allowlist", pipelock.AllowedAddresses);
            json.WriteBoolean("own_roots", pipelock.HasOwnRoots);
            json.WriteBoolean("resolves_outside", pipelock.ResolvesOutside);
            PlanJson.Limits(json, pipelock.Limits);
        });
    }

    public static void Supervise(Utf8JsonWriter json, BottlePlan plan)
    {
        if (plan.Supervise is not { } supervise)
        {
            json.WriteNull("supervise");
            return;
        }
        PlanJson.Object(json, "supervise", () =>
        {
            json.WriteString("image", supervise.Image);
            json.WriteString("container", plan.Names.Container("supervise"));
            json.WriteString("mcp_url", McpConfig.Url);
            PlanJson.Limits(json, supervise.Limits);
        });
    }
}
