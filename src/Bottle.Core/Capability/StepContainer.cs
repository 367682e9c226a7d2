using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Capability;

/// <summary>The container in which approved steps run: what the engine is told to make, and what of it becomes the image's.</summary>
public static class StepContainer
{
    /// <summary>Its service, in names and labels.</summary>
    public const string Service = "capability";

    // Sources in a Compose file begin with './'.
    private const int InState = 2;

    // What dpkg, apk and pip do as root: they give files away, read what others own, and become other users.
    private static readonly string[] Capabilities = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID"];

    /// <summary>Arguments of <c>docker create</c>: on the internal network alone, the agent's limits and runtime, its trust store; no variable, since those would stay in the image.</summary>
    /// <param name="plan">The plan in force.</param>
    /// <param name="hostPath">The full path of a file of the run's state.</param>
    public static IReadOnlyList<string> Create(BottlePlan plan, Func<string, string> hostPath)
    {
        var limits = plan.Agent.Limits;
        var memory = string.Create(CultureInfo.InvariantCulture, $"{limits.MemoryMiB}m");
        return
        [
            "--name", plan.Names.Container(Service), "--pull", "never", "--runtime", plan.Agent.Runtime.Name, "--network", plan.Networks.Internal.Name, "--init", "--user", "0:0",
            "--cap-drop", "ALL", .. Capabilities.SelectMany(name => new[] { "--cap-add", name }), "--security-opt", "no-new-privileges:true",
            "--memory", memory, "--memory-swap", memory, "--cpus", limits.Cpus.ToString(CultureInfo.InvariantCulture), "--pids-limit", limits.Pids.ToString(CultureInfo.InvariantCulture),
            .. ComposeServices.Labels(plan, Service).SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }),
            .. AgentService.TrustMounts(plan).SelectMany(mount => new[] { "--mount", $"type=bind,source={hostPath(mount.Source[InState..])},target={mount.Target},readonly" }),
            "--entrypoint", "sleep", plan.Agent.Image, "infinity",
        ];
    }

    /// <summary>What the steps find in their environment: what leads the agent to its sidecars, with root's own home; nothing of the operator's.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Environment(BottlePlan plan) =>
        [.. plan.Agent.Environment.Where(variable => AgentEnvironment.IsOurs(variable.Name) && variable.Literal is not null && variable.Name is not "HOME").Select(variable => KeyValuePair.Create(variable.Name, variable.Literal!)),
            KeyValuePair.Create("HOME", "/root"), KeyValuePair.Create("DEBIAN_FRONTEND", "noninteractive")];

    /// <summary>Instructions for <c>docker commit</c>: the image is one that an agent's container can be made of again, and belongs to the run.</summary>
    public static IReadOnlyList<string> Changes(BottlePlan plan, IEnumerable<CapabilityStep.Env> set) =>
        [$"USER {plan.RunAs}", "ENTRYPOINT []", "CMD [\"sleep\", \"infinity\"]", $"LABEL {BottleNames.IdentityLabel}=\"{plan.Identity}\" {BottleNames.HomeLabel}=\"{plan.HomeHash}\" bottle.image=\"run\"", .. set.Select(variable => variable.Line)];

    /// <summary>The run's own Dockerfile: a record for people, of the image that was started from and every step since. Nothing builds it.</summary>
    /// <param name="before">The Dockerfile so far; null when the image is one that manifests name.</param>
    /// <param name="plan">The plan in force.</param>
    /// <param name="proposal">The question that asked for the steps.</param>
    /// <param name="steps">The steps.</param>
    public static string Dockerfile(string? before, BottlePlan plan, string proposal, IEnumerable<CapabilityStep> steps) =>
        (before ?? $"# What this run's image is made of. Steps ran after approval, behind the bottle's own egress; nothing builds this file.\nFROM {plan.Agent.Image}\n")
        + $"# {InertText.Line(proposal)}\n" + string.Concat(steps.Select(step => step.Line + "\n"));
}
