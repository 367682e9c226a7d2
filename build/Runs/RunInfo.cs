using System.Globalization;
using System.Text;
using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Budgets;
using Bottle.Host.Docker;
using Bottle.Host.State;
using Bottle.Host.Supervision;
using Bottle.Host.Traffic;

namespace Bottle.Build.Runs;

/// <summary>One run with everything that can be seen of it from outside; for people and for programs.</summary>
internal sealed class RunInfo
{
    private const int Label = 12;

    private readonly List<string> notes = [];
    private readonly TrafficSummary traffic = new();
    private RunView run = null!;
    private Metadata? metadata;
    private BottlePlan? plan;
    private IReadOnlyList<ContainerInfo> containers = [];
    private IReadOnlyList<string> records = [];
    private BudgetReport? budget;
    private IReadOnlyDictionary<string, int> usesLeft = new Dictionary<string, int>();
    private int waiting;

    /// <summary>Looks at a run; only looks. BTL5008 when neither state nor record of it is there.</summary>
    internal static async Task<RunInfo> ReadAsync(BottleContext context, string identity)
    {
        var info = new RunInfo();
        var state = context.Store.Open(identity);
        var kept = context.Home.Runs(identity);
        if (state is null && !Directory.Exists(kept)) throw new BottleException(LaunchErrors.NoSuchRun(identity));
        info.run = state is null ? new RunView(identity, "", "", null, "over", null, "") : RunView.Read(context, identity);
        info.records = Directory.Exists(kept) ? [.. Directory.EnumerateFiles(kept).Order(StringComparer.Ordinal)] : [];
        info.Try(() => TrafficReader.Open(context.Home, context.Store, identity).ReadOn(info.traffic.Add));
        info.Try(() => info.budget = RunBudget.Of(context.Home, context.Store, identity, TimeProvider.System.GetUtcNow()));
        if (state is null) return info;
        info.Try(() => info.metadata = state.ReadMetadata());
        info.Try(() => info.plan = PlanStore.Read(state));
        info.waiting = new ProposalFolder(state, null).Read().Proposals.Count;
        try
        {
            info.containers = await context.Engine.ContainersAsync(context.Home.Hash, identity, context.Cancellation);
            if (info.plan is not null && info.containers.Count > 0) info.usesLeft = await RunLeases.UsesLeftAsync(context.Engine, info.plan, context.Cancellation);
        }
        catch (BottleException e)
        {
            info.notes.Add($"the engine does not say what runs: {e.Diagnostics[0].Message}");
        }
        return info;
    }

    /// <summary>For people.</summary>
    internal string Text()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{run.Identity}: {run.State}{(run.Agent.Length > 0 ? $", agent {run.Agent}, bottle {run.Bottle}" : "")}{(run.Started is { } started ? $", started {started:u}" : "")}\n");
        Lines(text, "note", notes);
        Lines(text, "started in", metadata is null ? [] : [metadata.Cwd]);
        if (plan is not null)
        {
            Lines(text, "agent", [$"{string.Join(' ', plan.Agent.Command)}, in {plan.Agent.Image}, {plan.Agent.Runtime.Name}, as {plan.RunAs}"]);
            Lines(text, "revision", [plan.Revision == 1 ? "1, as it was launched" : string.Create(CultureInfo.InvariantCulture, $"{plan.Revision}, {plan.Revision - 1} since the launch")]);
            Lines(text, "routes", (plan.Egress?.Routes ?? []).Select(Of));
            Lines(text, "git", (plan.GitGate?.Remotes ?? []).Select(remote => $"{remote.Url} to {remote.Upstream.Url}"));
        }
        Lines(text, "containers", containers.OrderBy(container => container.Service, StringComparer.Ordinal).Select(container => $"{container.Service,-10} {container.Status}"));
        var total = traffic.Total;
        Lines(text, "requests", [string.Create(CultureInfo.InvariantCulture, $"{total.Requests}, {total.Denied} denied, {total.Failed} failed; {TrafficText.Exchanged(total.BytesIn, total.BytesOut)}")]);
        Lines(text, "budget", budget is null ? [] : [BudgetText.Used(budget)]);
        Lines(text, "waiting", waiting == 0 ? [] : [$"{waiting} proposals: dotnet cake --target=Proposals --bottle={run.Identity}"]);
        Lines(text, "records", records);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>For programs.</summary>
    internal string Json() => RunJson.Document(json =>
    {
        RunJson.Write(json, run);
        json.WriteString("cwd", metadata?.Cwd);
        if (plan is null) json.WriteNull("revision");
        else json.WriteNumber("revision", plan.Revision);
        json.WriteString("image", plan?.Agent.Image);
        json.WriteString("runtime", plan?.Agent.Runtime.Name);
        Array(json, "command", plan?.Agent.Command ?? []);
        Array(json, "routes", (plan?.Egress?.Routes ?? []).Select(Of));
        json.WriteStartArray("containers");
        foreach (var container in containers)
        {
            json.WriteStartObject();
            json.WriteString("service", container.Service);
            json.WriteString("name", container.Name);
            json.WriteString("image", container.Image);
            json.WriteString("state", container.State);
            json.WriteString("status", container.Status);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("proposals", waiting);
        json.WriteStartObject("traffic");
        TrafficText.Write(json, traffic);
        json.WriteEndObject();
        RunJson.Budget(json, budget);
        Array(json, "records", records);
        Array(json, "notes", notes);
    });

    private string Of(Route route) =>
        $"{string.Join(' ', route.Methods ?? ["any method"])} {route.Host}{(route.Ports is [443] ? "" : $":{string.Join(',', route.Ports)}")} {string.Join(' ', route.PathAllowlist ?? ["every path"])}{Of(route.Lease)} ({route.Source})";

    private string Of(RouteLease? lease) => lease is null ? "" : $", {RunLeases.Text(lease, TimeProvider.System.GetUtcNow(), usesLeft.TryGetValue(lease.Id, out var left) ? left : null)}";

    private void Try(Action look)
    {
        try
        {
            look();
        }
        catch (BottleException e)
        {
            // A run that could ask for nothing has no request log.
            if (e.Diagnostics[0].Code != "BTL5401") notes.Add(e.Diagnostics[0].Message);
        }
    }

    private static void Lines(StringBuilder text, string label, IEnumerable<string> lines)
    {
        foreach (var (line, index) in lines.Select((line, index) => (line, index)))
            text.Append(CultureInfo.InvariantCulture, $"  {(index == 0 ? label : "").PadRight(Label)}{InertText.Line(line)}\n");
    }

    private static void Array(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
