using System.Buffers;
using System.Text.Json;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Policy;

namespace Bottle.Egress.Introspection;

/// <summary>The documents of introspection.</summary>
internal static class IntrospectionJson
{
    /// <summary>The table in force.</summary>
    public static byte[] Allowlist(PolicyGeneration generation, bool withSource) => Write(json =>
    {
        json.WriteNumber("generation", generation.File.Generation);
        json.WriteStartArray("routes");
        foreach (var route in generation.File.Routes)
        {
            WriteRoute(json, route, withSource);
        }
        json.WriteEndArray();
    });

    /// <summary>Generation, last refused reload, empty slots, log. <c>status</c> is ok as long as egress judges requests.</summary>
    public static byte[] Health(PolicyGeneration generation, ReloadFailure? failure, string? logProblem) => Write(json =>
    {
        json.WriteString("status", "ok");
        json.WriteNumber("generation", generation.File.Generation);
        json.WriteNumber("routes", generation.File.Routes.Count);
        json.WriteStartArray("missing_tokens");
        foreach (var slot in generation.MissingSlots)
        {
            json.WriteStringValue(slot);
        }
        json.WriteEndArray();
        if (failure is null)
        {
            json.WriteNull("reload_error");
        }
        else
        {
            json.WriteStartObject("reload_error");
            json.WriteString("time", failure.Time);
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }
        json.WriteString("log_error", logProblem);
    });

    /// <summary>What would happen to a request, and by which route.</summary>
    public static byte[] Explanation(PolicyGeneration generation, string url, string method, RouteDecision decision, bool withSource) => Write(json =>
    {
        WriteQuestion(json, generation, url, method, decision.IsAllowed ? "allowed" : "denied");
        WriteRefusal(json, decision.Refusal, decision.Reason);
        if (decision.Route is { } route)
        {
            json.WriteNumber("route_index", decision.Index);
            json.WritePropertyName("route");
            WriteRoute(json, route, withSource);
        }
    });

    /// <summary>The same for a URL that cannot be read.</summary>
    public static byte[] Unreadable(PolicyGeneration generation, string url, string method, string problem) => Write(json =>
    {
        WriteQuestion(json, generation, url, method, "denied");
        WriteRefusal(json, DenialCodes.Malformed, problem);
    });

    private static void WriteQuestion(Utf8JsonWriter json, PolicyGeneration generation, string url, string method, string decision)
    {
        json.WriteString("url", url);
        json.WriteString("method", method);
        json.WriteString("decision", decision);
        json.WriteNumber("generation", generation.File.Generation);
    }

    private static void WriteRefusal(Utf8JsonWriter json, DenialCode? refusal, string reason)
    {
        if (refusal is not null)
        {
            json.WriteString("code", refusal.Code);
            json.WriteString("layer", refusal.Layer);
            json.WriteString("reason", reason);
        }
    }

    private static void WriteRoute(Utf8JsonWriter json, Route route, bool withSource)
    {
        json.WriteStartObject();
        json.WriteString("host", route.Host);
        json.WriteStartArray("ports");
        foreach (var port in route.Ports)
        {
            json.WriteNumberValue(port);
        }
        json.WriteEndArray();
        WriteList(json, "methods", route.Methods);
        WriteList(json, "path_allowlist", route.PathAllowlist);
        json.WriteBoolean("inspect", route.Inspect);
        json.WriteBoolean("websocket", route.WebSocket);
        json.WriteString("client_auth", route.ClientAuthPasses ? "pass" : "strip");
        json.WriteString("auth_scheme", route.Auth?.Scheme.ToString());
        json.WriteString("token_env", route.Auth?.TokenEnv);
        if (withSource)
        {
            json.WriteString("source", route.Source);
        }
        json.WriteEndObject();
    }

    /// <summary>null means every one.</summary>
    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
