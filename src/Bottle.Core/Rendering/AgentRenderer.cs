using System.Globalization;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>Writes what is mounted into the agent (SPEC D5): its prompt, what stands in its home, the script that leads Node to egress, how its MCP clients find supervise, and a passwd where its user is none of the image's.</summary>
public static class AgentRenderer
{
    /// <summary>The agent's files.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) => [.. Files(plan)];

    private static IEnumerable<RenderedFile> Files(BottlePlan plan)
    {
        yield return new RenderedFile(StateLayout.AgentPrompt, plan.Agent.Prompt.Length == 0 ? "" : plan.Agent.Prompt.TrimEnd('\n') + "\n");
        if (plan.Egress is not null)
            yield return new RenderedFile(StateLayout.AgentNodeProxy, NodeProxy.Script);
        if (plan.Supervise is not null)
            yield return new RenderedFile(StateLayout.AgentMcp, McpConfig.Plain());
        if (plan.Agent.Request is { } request)
            yield return new RenderedFile(StateLayout.AgentRequest, request.TrimEnd('\n') + "\n");
        foreach (var file in plan.Agent.HomeFiles)
            yield return new RenderedFile(StateLayout.AgentHomeFile(file.Path), HomeFileRenderer.Render(file));
        if (plan.Agent.NeedsPasswdEntry)
            yield return new RenderedFile(StateLayout.AgentPasswd, Passwd(plan.RunAs));
    }

    // ssh, git and Node ask who they are by number and fail when nobody has it.
    private static string Passwd(RunAs user) => string.Create(CultureInfo.InvariantCulture, $"""
        root:x:0:0:root:/root:/bin/sh
        agent:x:{user.Uid}:{user.Gid}:agent:/home/agent:/bin/sh
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin

        """);
}
