using System.Buffers;
using System.Text;
using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>A plan as one JSON document (SPEC E6; <c>schemas/plan.schema.json</c>): every key is always there, null or empty where the bottle has no such part.</summary>
public static class PlanJson
{
    /// <summary>The format's version.</summary>
    public const int Version = 1;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>The document with its final line break; <paramref name="diagnostics"/> are what planning had to say.</summary>
    public static string Render(BottlePlan plan, IReadOnlyList<Diagnostic> diagnostics)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
            Write(json, plan, diagnostics);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>Writes the document's object as a value, for a caller that embeds it.</summary>
    public static void Write(Utf8JsonWriter json, BottlePlan plan, IReadOnlyList<Diagnostic> diagnostics)
    {
        json.WriteStartObject();
        json.WriteNumber("version", Version);
        json.WriteString("identity", plan.Identity);
        json.WriteNumber("revision", plan.Revision);
        json.WriteString("bottle", plan.BottleName);
        json.WriteString("compose_project", plan.Names.Project);
        json.WriteString("home", plan.HomeHash);
        Object(json, "run_as", () =>
        {
            json.WriteNumber("uid", plan.RunAs.Uid);
            json.WriteNumber("gid", plan.RunAs.Gid);
        });
        Agent(json, plan);
        Egress(json, plan.Egress);
        SidecarJson.Pipelock(json, plan.Pipelock);
        GitJson.Write(json, plan.GitGate);
        SidecarJson.Supervise(json, plan);
        WorkspaceJson.Write(json, plan.Workspace);
        WorkspaceJson.Services(json, plan.Services);
        Upstreams(json, plan);
        Networks(json, plan);
        Object(json, "images", () =>
        {
            foreach (var (role, image) in PlanViews.Images(plan))
                json.WriteString(role, image);
        });
        Texts(json, "host_variables", PlanViews.HostVariables(plan));
        Texts(json, "uninspected_hosts", plan.Pipelock?.Passthrough ?? []);
        Texts(json, "stand_ins", plan.Pipelock is { IsStandIn: true } ? ["pipelock"] : []);
        Diagnostics(json, diagnostics);
        json.WriteEndObject();
    }

    private static void Agent(Utf8JsonWriter json, BottlePlan plan) => Object(json, "agent", () =>
    {
        var agent = plan.Agent;
        json.WriteString("name", plan.AgentName);
        json.WriteString("container", plan.Names.Container("agent"));
        json.WriteString("image", agent.Image);
        json.WriteString("dockerfile", agent.Dockerfile);
        json.WriteString("runtime", agent.Runtime.Name);
        json.WriteString("runtime_reason", agent.Runtime.Reason);
        json.WriteString("provider", agent.Provider);
        Texts(json, "command", agent.Command);
        json.WriteString("prompt", agent.Prompt);
        json.WriteString("request", agent.Request);
        Texts(json, "home_files", agent.HomeFiles.Select(file => file.Path));
        Texts(json, "skills", agent.Skills);
        Limits(json, agent.Limits);
        WorkspaceJson.Bounds(json, agent);
        Array(json, "environment", () =>
        {
            foreach (var variable in agent.Environment)
            {
                Object(json, null, () =>
                {
                    json.WriteString("name", variable.Name);
                    if (variable.FromHost is { } host)
                        json.WriteString("from", host);
                    else
                        json.WriteString("literal", variable.Literal);
                    json.WriteString("source", variable.Source);
                });
            }
        });
    });

    private static void Egress(Utf8JsonWriter json, EgressPlan? egress)
    {
        if (egress is null)
        {
            json.WriteNull("egress");
            return;
        }
        Object(json, "egress", () =>
        {
            json.WriteString("image", egress.Image);
            Array(json, "routes", () =>
            {
                foreach (var route in egress.Routes)
                    Object(json, null, () => Route(json, route));
            });
            BudgetJson.Write(json, egress.Budget);
            Array(json, "tokens", () =>
            {
                foreach (var slot in egress.Tokens)
                {
                    Object(json, null, () =>
                    {
                        json.WriteString("slot", slot.Name);
                        json.WriteString("secret", slot.Secret.ToString());
                        json.WriteString("source", slot.Source);
                    });
                }
            });
            Limits(json, egress.Limits);
        });
    }

    private static void Route(Utf8JsonWriter json, Route route)
    {
        json.WriteString("host", route.Host);
        Array(json, "ports", () => route.Ports.ToList().ForEach(json.WriteNumberValue));
        Texts(json, "methods", route.Methods ?? ["any"]);
        if (route.PathAllowlist is { } paths)
            Texts(json, "path_allowlist", paths);
        else
            json.WriteNull("path_allowlist");
        json.WriteBoolean("inspect", route.Inspect);
        json.WriteBoolean("websocket", route.WebSocket);
        json.WriteString("client_auth", route.ClientAuthPasses ? "pass" : "strip");
        if (route.Auth is { } auth)
        {
            Object(json, "auth", () =>
            {
                json.WriteString("scheme", RoutesRenderer.Scheme(auth.Scheme));
                json.WriteString("header", auth.Header);
                json.WriteString("token_env", auth.TokenEnv);
            });
        }
        else
            json.WriteNull("auth");
        if (route.Provider is { } provider)
        {
            Object(json, "model_api", () =>
            {
                Texts(json, "server_tools", provider.ServerTools);
                Texts(json, "betas", provider.Betas);
            });
        }
        else
            json.WriteNull("model_api");
        json.WriteString("source", route.Source);
    }

    private static void Upstreams(Utf8JsonWriter json, BottlePlan plan) => Array(json, "test_upstreams", () =>
    {
        foreach (var upstream in plan.TestUpstreams)
        {
            Object(json, null, () =>
            {
                json.WriteString("host", upstream.Host);
                json.WriteString("service", upstream.Service);
                json.WriteString("image", upstream.Image);
                json.WriteString("address", upstream.Address);
            });
        }
    });

    private static void Networks(Utf8JsonWriter json, BottlePlan plan) => Array(json, "networks", () =>
    {
        foreach (var (key, network) in PlanViews.Networks(plan))
        {
            Object(json, null, () =>
            {
                json.WriteString("key", key);
                json.WriteString("name", network.Name);
                json.WriteString("subnet", network.Subnet);
                json.WriteBoolean("internal", network.Internal);
            });
        }
    });

    internal static void Limits(Utf8JsonWriter json, Limits limits) => Object(json, "limits", () =>
    {
        json.WriteNumber("memory_mib", limits.MemoryMiB);
        json.WriteNumber("cpus", limits.Cpus);
        json.WriteNumber("pids", limits.Pids);
    });

    private static void Diagnostics(Utf8JsonWriter json, IReadOnlyList<Diagnostic> diagnostics) => Array(json, "diagnostics", () =>
    {
        foreach (var diagnostic in diagnostics)
        {
            Object(json, null, () =>
            {
                json.WriteString("code", diagnostic.Code);
                json.WriteString("severity", diagnostic.Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" });
                json.WriteString("message", diagnostic.Message);
                json.WriteString("where", diagnostic.Where?.ToString());
                json.WriteString("why", diagnostic.Why);
                json.WriteString("fix", diagnostic.Fix);
            });
        }
    });

    internal static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> values) =>
        Array(json, name, () =>
        {
            foreach (var value in values)
                json.WriteStringValue(value);
        });

    internal static void Array(Utf8JsonWriter json, string name, Action body)
    {
        json.WriteStartArray(name);
        body();
        json.WriteEndArray();
    }

    internal static void Object(Utf8JsonWriter json, string? name, Action body)
    {
        if (name is null)
            json.WriteStartObject();
        else
            json.WriteStartObject(name);
        body();
        json.WriteEndObject();
    }
}
