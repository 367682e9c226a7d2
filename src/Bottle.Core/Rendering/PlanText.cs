using System.Globalization;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;

namespace Bottle.Core.Rendering;

/// <summary>A plan as stable text: what is created, where it goes, what it is allowed. Tests compare it whole; <c>--target=Plan</c> prints it.</summary>
public static class PlanText
{
    /// <summary>The text, LF line ends; equal plans give equal text.</summary>
    public static string Render(BottlePlan plan)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{plan.Identity}, plan revision {plan.Revision}: agent {plan.AgentName} in bottle {plan.BottleName}, as {plan.RunAs}\n");
        Section(text, "networks", PlanViews.Networks(plan).Select(n =>
            new[] { n.Key, n.Network.Subnet, n.Network.Internal ? "closed" : "leads out", n.Network.Name }));
        Section(text, "services", Compose.ComposeFile.From(plan).Services.Select(s => new[]
        {
            s.Name, s.Image, string.Join(" + ", s.Networks.Select(n => n.Network)),
            string.Create(CultureInfo.InvariantCulture, $"{s.Limits.MemoryMiB} MiB, {s.Limits.Cpus} cpu, {s.Limits.Pids} pids"),
        }));
        if (plan.Egress is { } egress)
        {
            Section(text, "routes", egress.Routes.Select(r => new[]
            {
                PlanViews.HostAndPorts(r),
                string.Join(' ', r.Methods ?? ["any method"]),
                string.Join(' ', r.PathAllowlist ?? ["every path"]),
                (r.Inspect ? "inspected" : "passthrough") + PlanViews.ModelApi(r),
                r.Auth is { } auth ? $"{RoutesRenderer.Scheme(auth.Scheme)} {auth.Header}={auth.TokenEnv}" : "no credential",
                r.Source ?? "",
            }));
            Section(text, "budget", egress.Budget is { } budget ? [[BudgetText.Limits(budget.Limits), budget.Source ?? ""]] : []);
            Section(text, "tokens", egress.Tokens.Select(t => new[] { t.Name, t.Secret.ToString(), t.Source }));
        }
        Section(text, "git remotes", (plan.GitGate?.Remotes ?? []).Select(r => new[]
        {
            r.Url, r.Upstream.Url, $"push {PlanViews.Push(r)}", string.Create(CultureInfo.InvariantCulture, $"up to {r.Push.MaxSize} bytes"),
            $"{r.Scan.AllowFingerprints.Count} accepted findings", $"key {PlanViews.Key(r)}", r.HostIp ?? "", r.Cache ? "copy kept" : "", r.Source,
        }));
        if (plan.GitGate is { Author: var author })
            Section(text, "git author", [[author.Name, author.Email]]);
        Section(text, "test upstreams", plan.TestUpstreams.Select(u => new[] { u.Host, u.Address, u.Image }));
        Section(text, "agent environment", plan.Agent.Environment.Select(v => new[]
        {
            v.Name, v.FromHost is { } host ? $"from the host's {host}" : $"\"{v.Literal}\"", v.Source ?? "",
        }));
        if (plan.Workspace is { } workspace)
            Section(text, "workspace", [[workspace.Target, workspace.Kind == WorkspaceKind.Copy ? "a copy of" : "mounted from", workspace.Source], .. workspace.Protected.Select(path => new[] { $"{workspace.Target}/{path}", "read-only", "" })]);
        Section(text, "agent bounds", [[string.Create(CultureInfo.InvariantCulture, $"{plan.Agent.Bounds.DiskMiB} MiB of disk"), string.Create(CultureInfo.InvariantCulture, $"{plan.Agent.Bounds.Minutes} minutes"), plan.Agent.LimitsSource ?? ""]]);
        Section(text, "own services", plan.Services.Select(s => new[] { s.Name, s.Image, s.Healthcheck is { } health ? string.Join(' ', health.Test) : "no health check", string.Join(' ', s.Environment.Select(v => v.Name)), s.Source }));
        Section(text, "agent command", [[.. plan.Agent.Command]]);
        Section(text, "agent runtime", [[plan.Agent.Runtime.Name, plan.Agent.Runtime.Reason]]);
        Section(text, "agent request", plan.Agent.Request is { } request ? [[InertText.Excerpt(request, 100)]] : []);
        Section(text, "agent home", plan.Agent.HomeFiles.Select(f => new[] { f.Path }));
        Section(text, "skills", plan.Agent.Skills.Select(s => new[] { s }));
        return text.ToString();
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string[]> rows)
    {
        var inert = rows.Select(row => row.Select(InertText.Line).ToArray()).ToList();
        if (inert.Count == 0)
            return;
        text.Append(title).Append('\n').Append(TextTable.Format("  ", inert));
    }
}
