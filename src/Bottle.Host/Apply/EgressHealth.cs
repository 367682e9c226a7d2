using System.Text.Json;
using Bottle.Host.Docker;

namespace Bottle.Host.Apply;

/// <summary>What egress says of itself (<c>egress introspect healthz</c>).</summary>
/// <param name="Generation">The table in force.</param>
/// <param name="Pipelock">The pipelock that its requests go through.</param>
/// <param name="ReloadError">The time and the reason of the last reload that it refused; null since a good one.</param>
/// <param name="Draining">The pipelocks through which requests of older tables are still under way.</param>
internal sealed record EgressHealth(int Generation, string Pipelock, (string Time, string Reason)? ReloadError, IReadOnlySet<string> Draining)
{
    /// <summary>Reads the answer; null when it is none.</summary>
    public static EgressHealth? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var error = root.Member("reload_error");
            return root.Member("generation").ValueKind == JsonValueKind.Number && root.Text("pipelock") is { } pipelock
                ? new(
                    root.GetProperty("generation").GetInt32(),
                    pipelock,
                    error.Text("time") is { } time ? (time, error.Text("reason") ?? "") : null,
                    root.Member("draining").Items().Where(old => old.Member("requests") is { ValueKind: JsonValueKind.Number } n && n.GetInt64() > 0)
                        .Select(old => old.Text("pipelock") ?? "").ToHashSet(StringComparer.Ordinal))
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }
}
