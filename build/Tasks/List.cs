using System.Text.Json;
using Bottle.Build.Doors;
using Bottle.Host.Manifests;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Lists agents and bottles that can be found, and runs that exist; only looks.</summary>
[TaskDescription("Lists agents, bottles and runs")]
[Takes(null, "manifests")]
internal sealed class List : FrostingTask<BottleContext>
{
    private sealed record RunRow(string Identity, string Agent, string Bottle, DateTimeOffset? Started, string State);

    public override void Run(BottleContext context)
    {
        var agents = context.Manifests.ListAgents();
        var bottles = context.Manifests.ListBottles();
        var runs = context.Store.ListIdentities().Select(identity => Look(context, identity)).ToList();
        if (context.Arguments.Json) WriteJson(context.Console.Data, agents, bottles, runs);
        else WriteText(context.Console.Data, agents, bottles, runs);
    }

    private static RunRow Look(BottleContext context, string identity)
    {
        var metadata = context.Store.Open(identity)?.ReadMetadata();
        return new RunRow(identity, metadata?.AgentName ?? "", metadata?.Bottle ?? "", metadata?.StartedAt, context.Store.IsHeld(identity) ? "running" : context.Store.Open(identity) is { IsPreserved: true } ? "left up on purpose" : "killed");
    }

    private static void WriteText(TextWriter data, IReadOnlyList<ListedManifest> agents, IReadOnlyList<ListedManifest> bottles, IReadOnlyList<RunRow> runs)
    {
        Section(data, "agents", agents.Select(agent => (agent.Name, agent.Description, agent.Display)));
        Section(data, "bottles", bottles.Select(bottle => (bottle.Name, bottle.Description, bottle.Display)));
        Section(data, "runs", runs.Select(run => (run.Identity, $"{run.State}, since {run.Started:u}", run.Bottle)));
    }

    private static void Section(TextWriter data, string title, IEnumerable<(string Name, string What, string Where)> rows)
    {
        var all = rows.ToList();
        data.WriteLine(all.Count == 0 ? $"{title}: none" : title);
        var width = all.Select(row => row.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var (name, what, where) in all) data.WriteLine($"  {name.PadRight(width)}  {(what.Length > 0 ? $"{what}  " : "")}({where})");
    }

    private static void WriteJson(TextWriter data, IReadOnlyList<ListedManifest> agents, IReadOnlyList<ListedManifest> bottles, IReadOnlyList<RunRow> runs)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            Names(json, "agents", agents);
            Names(json, "bottles", bottles);
            json.WriteStartArray("runs");
            foreach (var run in runs)
            {
                json.WriteStartObject();
                json.WriteString("identity", run.Identity);
                json.WriteString("agent", run.Agent);
                json.WriteString("bottle", run.Bottle);
                if (run.Started is { } started) json.WriteString("started_at", started);
                json.WriteString("state", run.State);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        data.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Names(Utf8JsonWriter json, string key, IReadOnlyList<ListedManifest> manifests)
    {
        json.WriteStartArray(key);
        foreach (var manifest in manifests)
        {
            json.WriteStartObject();
            json.WriteString("name", manifest.Name);
            json.WriteString("description", manifest.Description);
            json.WriteString("file", manifest.Display);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
