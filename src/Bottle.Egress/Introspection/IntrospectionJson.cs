using System.Buffers;
using System.Text.Json;
using Bottle.Contracts.Denials;
using Bottle.Contracts.Routes;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Introspection;

/// <summary>The documents of introspection.</summary>
internal static class IntrospectionJson
{
    /// <summary>The table in force.</summary>
    public static byte[] Allowlist(PolicyGeneration generation, LeaseBook leases, bool withSource) => Write(json =>
    {
        json.WriteNumber("generation", generation.File.Generation);
        json.WriteString("pipelock", generation.Clients.Pipelock.Host);
        json.WriteStartArray("routes");
        foreach (var route in generation.File.Routes)
        {
            WriteRoute(json, route, leases, withSource);
        }
        json.WriteEndArray();
    });

    /// <summary>
    /// Generation and pipelock in force, how many requests they have under way, and how many older ones still have (<c>draining</c>, empty when none has); the last refused reload, empty slots, log, leases.
    /// <c>status</c> is ok as long as egress judges requests.
    /// </summary>
    public static byte[] Health(PolicyStore policy, string? logProblem) => Write(json =>
    {
        var generation = policy.Current;
        var load = policy.Load();
        json.WriteString("status", "ok");
        WriteLoad(json, load[0]);
        json.WriteStartArray("draining");
        foreach (var older in load.Skip(1))
        {
            json.WriteStartObject();
            WriteLoad(json, older);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("routes", generation.File.Routes.Count);
        json.WriteStartArray("missing_tokens");
        foreach (var slot in generation.MissingSlots)
        {
            json.WriteStringValue(slot);
        }
        json.WriteEndArray();
        WriteFailure(json, policy.LastFailure);
        json.WriteString("log_error", logProblem);
        json.WriteString("lease_error", policy.Leases.Problem);
    });

    /// <summary>What would happen to a request, and by which route.</summary>
    public static byte[] Explanation(PolicyGeneration generation, LeaseBook leases, (string Url, string Method) question, (RouteDecision Route, Refusal? Refusal) decision, bool withSource) => Write(json =>
    {
        WriteQuestion(json, generation, question.Url, question.Method, decision.Refusal is null ? "allowed" : "denied");
        WriteRefusal(json, decision.Refusal);
        if (decision.Route.Route is { } route)
        {
            json.WriteNumber("route_index", decision.Route.Index);
            json.WritePropertyName("route");
            WriteRoute(json, route, leases, withSource);
        }
    });

    /// <summary>The same for a URL that cannot be read.</summary>
    public static byte[] Unreadable(PolicyGeneration generation, string url, string method, string problem) => Write(json =>
    {
        WriteQuestion(json, generation, url, method, "denied");
        WriteRefusal(json, new Refusal(DenialCodes.Malformed, problem));
    });

    private static void WriteLoad(Utf8JsonWriter json, GenerationLoad load)
    {
        json.WriteNumber("generation", load.Generation);
        json.WriteString("pipelock", load.Pipelock);
        json.WriteNumber("requests", load.Requests);
    }

    private static void WriteFailure(Utf8JsonWriter json, ReloadFailure? failure)
    {
        if (failure is null)
        {
            json.WriteNull("reload_error");
            return;
        }
        json.WriteStartObject("reload_error");
        json.WriteString("time", failure.Time);
        json.WriteString("reason", failure.Reason);
        json.WriteEndObject();
    }

    private static void WriteLease(Utf8JsonWriter json, RouteLease lease, LeaseBook leases)
    {
        json.WriteStartObject("lease");
        json.WriteString("id", lease.Id);
        json.WriteString("state", leases.StateOf(lease) switch
        {
            LeaseState.InForce => "in force",
            LeaseState.Ended => "ended",
            LeaseState.UsedUp => "used up",
            _ => "uncounted",
        });
        if (lease.Until is { } until)
        {
            json.WriteString("until", until.UtcDateTime);
        }
        if (lease.Uses is { } uses)
        {
            json.WriteNumber("uses", uses);
            if (leases.UsesLeft(lease) is { } left)
            {
                json.WriteNumber("uses_left", left);
            }
        }
        json.WriteEndObject();
    }

    private static void WriteQuestion(Utf8JsonWriter json, PolicyGeneration generation, string url, string method, string decision)
    {
        json.WriteString("url", url);
        json.WriteString("method", method);
        json.WriteString("decision", decision);
        json.WriteNumber("generation", generation.File.Generation);
    }

    private static void WriteRefusal(Utf8JsonWriter json, Refusal? refusal)
    {
        if (refusal is not null)
        {
            json.WriteString("code", refusal.Code.Code);
            json.WriteString("layer", refusal.Code.Layer);
            json.WriteString("reason", refusal.Reason);
        }
    }

    private static void WriteRoute(Utf8JsonWriter json, Route route, LeaseBook leases, bool withSource)
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
        if (route.Lease is { } lease)
        {
            WriteLease(json, lease, leases);
        }
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
