using System.Text.Json;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Processes;

namespace Bottle.Host.Sessions;

/// <summary>Holds the engine's own account of the running agent against the plan: what a Compose override, a plugin or a daemon option changed is found before the agent's first command.</summary>
public sealed class ConfinementCheck(DockerEngine engine)
{
    /// <summary>What is not as planned, a phrase each; empty when the agent is confined.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(BottlePlan plan, CancellationToken cancellationToken = default)
    {
        var container = InspectAsync(["inspect", "--type", "container"], plan.Names.Container("agent"), cancellationToken);
        var network = InspectAsync(["network", "inspect"], plan.Networks.Internal.Name, cancellationToken);
        return [.. Findings(await container.ConfigureAwait(false), await network.ConfigureAwait(false), plan)];
    }

    /// <summary>The findings of one account of a container and its network, as <c>docker inspect</c> gives them.</summary>
    internal static IEnumerable<string> Findings(JsonElement container, JsonElement network, BottlePlan plan)
    {
        var host = container.GetProperty("HostConfig");
        var networks = container.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Select(n => n.Name).ToList();
        if (networks is not [var only] || only != plan.Networks.Internal.Name) yield return $"the agent's networks are {string.Join(", ", networks)}, planned is {plan.Networks.Internal.Name} alone";
        if (!network.GetProperty("Internal").GetBoolean()) yield return $"network {plan.Networks.Internal.Name} is not internal";
        if (network.GetProperty("EnableIPv6").GetBoolean()) yield return $"network {plan.Networks.Internal.Name} has IPv6";
        // A Compose override, or an engine that takes another one for it: under runc the agent's system calls reach the host's kernel, whatever the preflight has said.
        if (host.GetProperty("Runtime").GetString() is var runtime && runtime != plan.Agent.Runtime.Name) yield return $"the agent's container runs under '{runtime}', planned is {plan.Agent.Runtime.Name}";
        if (host.GetProperty("Privileged").GetBoolean()) yield return "the agent's container is privileged";
        if (Strings(host, "CapAdd").ToList() is { Count: > 0 } added) yield return $"the agent's container has capabilities {string.Join(", ", added)}";
        if (!Strings(host, "CapDrop").Contains("ALL")) yield return "the agent's container keeps the default capabilities";
        if (!Strings(host, "SecurityOpt").Any(o => o.StartsWith("no-new-privileges", StringComparison.Ordinal))) yield return "the agent's container may gain privileges";
        if (!host.GetProperty("ReadonlyRootfs").GetBoolean()) yield return "the agent's root file system can be written";
        foreach (var mode in (string[])["PidMode", "NetworkMode", "UsernsMode", "UTSMode", "IpcMode"])
            if (host.GetProperty(mode).GetString() == "host") yield return $"the agent's container shares the host's {mode}";
        if (container.GetProperty("Config").GetProperty("User").GetString() is var user && user != plan.RunAs.ToString()) yield return $"the agent runs as '{user}', planned is {plan.RunAs}";
        foreach (var finding in container.GetProperty("Mounts").EnumerateArray().Select(mount => OfMount(mount, plan)).OfType<string>()) yield return finding;
    }

    private static string? OfMount(JsonElement mount, BottlePlan plan) => mount.GetProperty("Type").GetString() switch
    {
        "bind" => mount.GetProperty("RW").GetBoolean() && !IsPlannedWritable(mount, plan) ? $"the agent can write to the host's {mount.GetProperty("Source").GetString()}" : null,
        "tmpfs" => null,
        // The plan mounts none: an image's VOLUME brings one by itself, writable, without a size, and with set-user-id programs in force.
        var type => $"the agent has a {type} at {mount.GetProperty("Destination").GetString()}, which the plan does not have (VOLUME in its image's Dockerfile?)",
    };

    // Its home, and the directory that it works in: what else it could write to is not the plan's.
    private static bool IsPlannedWritable(JsonElement mount, BottlePlan plan)
    {
        var (source, target) = (mount.GetProperty("Source").GetString() ?? "", mount.GetProperty("Destination").GetString());
        return (target == StateLayout.AgentHomeMount && source.EndsWith($"/{plan.Identity}/{StateLayout.AgentHome}", StringComparison.Ordinal))
            || (plan.Workspace is { } workspace && target == workspace.Target
                && (workspace.Kind == WorkspaceKind.Mount ? source == workspace.Source : source.EndsWith($"/{plan.Identity}/{StateLayout.AgentWork}", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Strings(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(e => e.GetString() ?? "") : [];

    private async Task<JsonElement> InspectAsync(string[] arguments, string name, CancellationToken cancellationToken)
    {
        var result = await engine.Runner.RunCheckedAsync(new Command("docker", [.. arguments, "--format", "{{json .}}", name]), cancellationToken).ConfigureAwait(false);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }
}
