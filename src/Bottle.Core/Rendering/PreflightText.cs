using System.Globalization;
using System.Text;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>What a person reads before saying yes (SPEC E5): what the agent will reach, as whom, with which credential, and what nobody looks at. Plain text; the question itself is the stage's.</summary>
public static class PreflightText
{
    private const int LongestPrompt = 80;

    /// <summary>The text, LF line ends.</summary>
    public static string Render(BottlePlan plan)
    {
        var text = new StringBuilder();
        text.Append(TextTable.Format("", Facts(plan)));
        text.Append('\n');
        Reach(text, plan);
        Git(text, plan);
        Services(text, plan);
        Ask(text, plan);
        Warnings(text, plan);
        return text.ToString();
    }

    private static List<string[]> Facts(BottlePlan plan)
    {
        var agent = plan.Agent;
        var hostVariables = PlanViews.HostVariables(plan).ToList();
        List<string[]> rows =
        [
            ["bottle", $"{plan.BottleName}, for agent {plan.AgentName}"],
            ["identity", plan.Identity],
            ["runs", string.Join(' ', agent.Command)],
            ["as", string.Create(CultureInfo.InvariantCulture, $"uid {plan.RunAs.Uid}, gid {plan.RunAs.Gid}, no capabilities")],
            ["image", agent.Image],
            ["Dockerfile", agent.Dockerfile ?? "none: the image is used as it is"],
            ["runtime", $"{agent.Runtime.Name}: {agent.Runtime.Reason}"],
            ["provider", agent.Provider ?? "none"],
            ["limits", string.Create(CultureInfo.InvariantCulture, $"{agent.Limits.MemoryMiB} MiB, {agent.Limits.Cpus} cpu, {agent.Limits.Pids} processes, {agent.Bounds.DiskMiB} MiB of disk, {agent.Bounds.Minutes} minutes")],
            ["from the host", hostVariables.Count == 0 ? "no variable enters the agent" : string.Join(", ", hostVariables)],
        ];
        if (plan.Egress?.Budget is { } budget)
            rows.Insert(9, ["budget", $"{BudgetText.Limits(budget.Limits)}; when one is used up, its way out is shut until you give more: Extend"]);
        if (agent.Request is { } request)
            rows.Insert(3, ["prompt", $"{InertText.Excerpt(request, LongestPrompt)} (without a terminal)"]);
        if (plan.Workspace is { Kind: WorkspaceKind.Copy } copy)
            rows.Add(["works in", $"{copy.Target}, a copy of {copy.Source}: what it changes comes home as a patch"]);
        if (agent.Skills.Count > 0)
            rows.Add(["skills", string.Join(", ", agent.Skills)]);
        return [.. rows.Select(row => row.Select(InertText.Line).ToArray())];
    }

    private static void Reach(StringBuilder text, BottlePlan plan)
    {
        if (plan.Egress is not { Routes.Count: > 0 } egress)
        {
            text.Append(plan.GitGate is null ? "The agent reaches nothing: no route is declared.\n" : "The agent reaches no host: no route is declared.\n");
            return;
        }
        text.Append("The agent will reach, and nothing else:\n");
        string[] header = ["HOST", "METHODS", "PATHS", "CREDENTIAL", "DECLARED AT"];
        text.Append(TextTable.Format("  ", [header, .. egress.Routes.Select(r => Row(egress, r))]));
    }

    private static string[] Row(EgressPlan egress, Route route) =>
        [.. new[]
        {
            PlanViews.HostAndPorts(route),
            string.Join(' ', route.Methods ?? ["any"]) + (route.WebSocket ? " +websocket" : ""),
            string.Join(' ', route.PathAllowlist ?? ["every path"]),
            (PlanViews.Credential(egress, route) ?? "none") + (route.ClientAuthPasses ? ", or the agent's own" : ""),
            route.Source ?? "",
        }.Select(InertText.Line)];

    private static void Services(StringBuilder text, BottlePlan plan)
    {
        if (plan.Services.Count == 0)
            return;
        text.Append("Beside the agent, on its network alone:\n");
        string[] header = ["NAME", "IMAGE", "HEALTH", "DECLARED AT"];
        text.Append(TextTable.Format("  ", [header, .. plan.Services.Select(s => new[] { s.Name, s.Image, s.Healthcheck is { } health ? string.Join(' ', health.Test) : "not checked", s.Source }.Select(InertText.Line).ToArray())]));
    }

    private static void Ask(StringBuilder text, BottlePlan plan)
    {
        if (plan.Supervise is null)
            return;
        text.Append("The agent may ask for more while it runs; nothing changes before you say so, from another terminal:\n");
        text.Append(TextTable.Format("  ",
        [
            ["see what it asks", $"dotnet cake --target=Proposals --bottle={plan.Identity}"],
            ["grant it", $"dotnet cake --target=Approve --bottle={plan.Identity} --proposal=ID"],
            ["refuse it", $"dotnet cake --target=Reject --bottle={plan.Identity} --proposal=ID --reason=\"…\""],
        ]));
    }

    private static void Git(StringBuilder text, BottlePlan plan)
    {
        if (plan.GitGate is not { } gate)
            return;
        text.Append("Git goes through the git-gate, which scans what is pushed and alone has the keys:\n");
        string[] header = ["AT THE GATE", "UPSTREAM", "MAY BE PUSHED", "KEY", "DECLARED AT"];
        text.Append(TextTable.Format("  ", [header, .. gate.Remotes.Select(r => new[] { r.Name, r.Upstream.Url, PlanViews.Push(r), PlanViews.Key(r), r.Source }.Select(InertText.Line).ToArray())]));
        text.Append(CultureInfo.InvariantCulture, $"  commits are by {InertText.Line(gate.Author.Name)} <{InertText.Line(gate.Author.Email)}>\n");
    }

    private static void Warnings(StringBuilder text, BottlePlan plan)
    {
        var lines = new List<string[]>();
        if (plan.Workspace is { Kind: WorkspaceKind.Mount } mount)
        {
            lines.Add(["MOUNTED READ-WRITE", $"{mount.Source} at {mount.Target}: what the agent writes or deletes there is written or deleted on your disk, at once"]);
            lines.Add(["", $"read-only there: {(mount.Protected.Count == 0 ? "nothing" : string.Join(", ", mount.Protected))}; look at what else it wrote before you build it or open it in an editor"]);
        }
        if (plan.Pipelock is { } pipelock)
        {
            var git = plan.GitGate?.Remotes.Select(r => r.Upstream.Host).ToHashSet(StringComparer.Ordinal) ?? [];
            foreach (var host in pipelock.Passthrough)
                lines.Add(["NOT INSPECTED", git.Contains(host) ? $"{host}: ssh, which pipelock cannot read; the gate scans pushes" : $"{host}: pipelock does not read what is sent there"]);
            if (pipelock.IsStandIn)
                lines.Add(["STAND-IN", $"{pipelock.Image} stands in for pipelock: fewer patterns, for demos and tests"]);
        }
        foreach (var route in plan.Egress?.Routes.Where(r => r.Auth is not null && (r.Methods is null || r.PathAllowlist is null)) ?? [])
            lines.Add(["UNRESTRICTED", $"{route.Host}: the credential goes with {Open(route)}"]);
        foreach (var route in plan.Egress?.Routes.Where(r => r.Provider is { } p && p.ServerTools.Count + p.Betas.Count > 0) ?? [])
            lines.Add(["PROVIDER FETCHES", $"{route.Host}: its servers may act for the agent: {string.Join(", ", route.Provider!.ServerTools.Concat(route.Provider.Betas))}"]);
        foreach (var upstream in plan.TestUpstreams)
            lines.Add(["TEST UPSTREAM", $"{upstream.Host} is answered by a container of {upstream.Image}, not by the real host"]);
        foreach (var remote in plan.GitGate?.Remotes.Where(r => r.Push.Force || r.Push.Delete || r.Push.AllowCi) ?? [])
            lines.Add(["UNUSUAL PUSH", $"{remote.Name}: {PlanViews.Push(remote)}"]);
        if (lines.Count > 0)
            text.Append('\n').Append(TextTable.Format("", [.. lines.Select(line => line.Select(InertText.Line).ToArray())]));
    }

    private static string Open(Route route) => (route.Methods, route.PathAllowlist) switch
    {
        (null, null) => "any method to every path",
        (null, _) => "any method",
        _ => "its methods to every path",
    };
}
