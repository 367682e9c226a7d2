using System.Text.Json;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>The parts of <see cref="PlanJson"/> that say where the agent works, what stands beside it, and how long it may go on.</summary>
internal static class WorkspaceJson
{
    /// <summary>Writes <c>bounds</c> of the agent.</summary>
    public static void Bounds(Utf8JsonWriter json, AgentPlan agent) => PlanJson.Object(json, "bounds", () =>
    {
        json.WriteNumber("disk_mib", agent.Bounds.DiskMiB);
        json.WriteNumber("minutes", agent.Bounds.Minutes);
        json.WriteString("source", agent.LimitsSource);
    });

    /// <summary>Writes <c>workspace</c>, an object or null.</summary>
    public static void Write(Utf8JsonWriter json, WorkspacePlan? workspace)
    {
        if (workspace is null)
        {
            json.WriteNull("workspace");
            return;
        }
        PlanJson.Object(json, "workspace", () =>
        {
            json.WriteString("kind", workspace.Kind == WorkspaceKind.Copy ? "copy" : "mount");
            json.WriteString("source", workspace.Source);
            json.WriteString("target", workspace.Target);
            PlanJson.Texts(json, "protected", workspace.Protected);
        });
    }

    /// <summary>Writes <c>services</c>.</summary>
    public static void Services(Utf8JsonWriter json, IReadOnlyList<ServicePlan> services) => PlanJson.Array(json, "services", () =>
    {
        foreach (var service in services)
        {
            PlanJson.Object(json, null, () =>
            {
                json.WriteString("name", service.Name);
                json.WriteString("image", service.Image);
                PlanJson.Texts(json, "environment", service.Environment.Select(variable => variable.Name));
                PlanJson.Texts(json, "healthcheck", service.Healthcheck?.Test ?? []);
                PlanJson.Limits(json, service.Limits);
                json.WriteString("source", service.Source);
            });
        }
    });
}
