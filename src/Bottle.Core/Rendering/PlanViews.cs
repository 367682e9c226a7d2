using Bottle.Contracts.Routes;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>Lists that several renderings of a plan show.</summary>
internal static class PlanViews
{
    /// <summary>The networks under their keys, inwards out.</summary>
    public static IEnumerable<(string Key, NetworkPlan Network)> Networks(BottlePlan plan)
    {
        yield return ("internal", plan.Networks.Internal);
        if (plan.Networks.Relay is { } relay)
            yield return ("relay", relay);
        if (plan.Networks.Egress is { } egress)
            yield return ("egress", egress);
    }

    /// <summary>The images by service.</summary>
    public static IEnumerable<(string Service, string Image)> Images(BottlePlan plan)
    {
        yield return ("agent", plan.Agent.Image);
        if (plan.Egress is { } egress)
            yield return ("egress", egress.Image);
        if (plan.GitGate is { } gate)
            yield return ("git-gate", gate.Image);
        if (plan.Supervise is { } supervise)
            yield return ("supervise", supervise.Image);
        if (plan.Pipelock is { } pipelock)
            yield return ("pipelock", pipelock.Image);
        foreach (var service in plan.Services)
            yield return (service.Name, service.Image);
        foreach (var upstream in plan.TestUpstreams)
            yield return (upstream.Service, upstream.Image);
    }

    /// <summary>The operator's variables whose values enter the agent, or a service beside it (SPEC A5); those of egress's slots do not.</summary>
    public static IEnumerable<string> HostVariables(BottlePlan plan) =>
        plan.Agent.Environment.Concat(plan.Services.SelectMany(service => service.Environment)).Select(v => v.FromHost).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>A host with its ports, as people write them: <c>api.example.com</c>, <c>api.example.com:8443</c>.</summary>
    public static string HostAndPorts(Route route) =>
        route.Ports is [443] ? route.Host : $"{route.Host}:{string.Join(',', route.Ports)}";

    /// <summary>What is said of a model provider's API whose requests egress reads (SPEC F11): <c> +model_api</c>, with what the provider may do; empty for other routes.</summary>
    public static string ModelApi(Route route) => route.Provider is not { } policy ? ""
        : policy.ServerTools.Count + policy.Betas.Count == 0 ? " +model_api"
        : $" +model_api({string.Join(' ', policy.ServerTools.Concat(policy.Betas))})";

    /// <summary>What may be pushed to a remote, in one phrase.</summary>
    public static string Push(GitRemotePlan remote)
    {
        var push = remote.Push;
        var more = new[] { (push.Force, "force"), (push.Delete, "delete"), (push.Tags, "tags"), (push.AllowCi, "CI files") }.Where(flag => flag.Item1).Select(flag => flag.Item2);
        var branches = push.Branches.Count == 0 ? "nothing" : string.Join(' ', push.Branches);
        var except = push.Protected.Count == 0 ? "" : $" but never {string.Join(' ', push.Protected)}";
        return string.Join(", ", more.Prepend(branches + except));
    }

    /// <summary>Where a remote's key is.</summary>
    public static string Key(GitRemotePlan remote) => remote.IdentityFile ?? "minted for the run";

    /// <summary>The secret of a route by its name, or null.</summary>
    public static string? Credential(EgressPlan egress, Route route) =>
        route.Auth is { } auth ? egress.Tokens.FirstOrDefault(t => t.Name == auth.TokenEnv)?.Secret.ToString() ?? auth.TokenEnv : null;
}
