using System.Text.Json;
using Bottle.Build.Doors;
using Bottle.Build.Runs;
using Bottle.Host.Manifests;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Lists agents and bottles that can be found, runs that exist, and the newest that are over; only looks.</summary>
[TaskDescription("Lists agents, bottles and runs")]
[Takes(null, "manifests")]
internal sealed class List : FrostingTask<BottleContext>
{
    private const int MostEnded = 10;

    public override void Run(BottleContext context)
    {
        var agents = context.Manifests.ListAgents();
        var bottles = context.Manifests.ListBottles();
        var runs = context.Store.ListIdentities().Select(identity => RunView.Read(context, identity)).ToList();
        var ended = EndedRun.Newest(context, MostEnded);
        if (context.Arguments.Json) WriteJson(context.Console.Data, agents, bottles, runs, ended);
        else WriteText(context.Console.Data, agents, bottles, runs, ended);
    }

    private static void WriteText(TextWriter data, IReadOnlyList<ListedManifest> agents, IReadOnlyList<ListedManifest> bottles, IReadOnlyList<RunView> runs, IReadOnlyList<EndedRun> ended)
    {
        Section(data, "agents", agents.Select(agent => (agent.Name, agent.Error ?? agent.Description, agent.Display)));
        Section(data, "bottles", bottles.Select(bottle => (bottle.Name, bottle.Error ?? bottle.Description, bottle.Display)));
        Section(data, "runs", runs.Select(run => (run.Identity, $"{run.State}{(run.Started is { } started ? $", since {started:u}" : "")}", run.Bottle)));
        if (ended.Count > 0) Section(data, ended.Count == MostEnded ? $"over, the newest {MostEnded}" : "over", ended.Select(run => (run.Receipt.Identity, run.Text, run.Receipt.Bottle)));
    }

    private static void Section(TextWriter data, string title, IEnumerable<(string Name, string What, string Where)> rows)
    {
        var all = rows.ToList();
        data.WriteLine(all.Count == 0 ? $"{title}: none" : title);
        var width = all.Select(row => row.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var (name, what, where) in all) data.WriteLine($"  {name.PadRight(width)}  {(what.Length > 0 ? $"{what}  " : "")}({where})");
    }

    private static void WriteJson(TextWriter data, IReadOnlyList<ListedManifest> agents, IReadOnlyList<ListedManifest> bottles, IReadOnlyList<RunView> runs, IReadOnlyList<EndedRun> ended)
    {
        data.WriteLine(RunJson.Document(json =>
        {
            Names(json, "agents", agents);
            Names(json, "bottles", bottles);
            json.WriteStartArray("runs");
            foreach (var run in runs)
            {
                json.WriteStartObject();
                RunJson.Write(json, run);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("over");
            foreach (var run in ended) run.Write(json);
            json.WriteEndArray();
        }));
    }

    private static void Names(Utf8JsonWriter json, string key, IReadOnlyList<ListedManifest> manifests)
    {
        json.WriteStartArray(key);
        foreach (var manifest in manifests)
        {
            json.WriteStartObject();
            json.WriteString("name", manifest.Name);
            if (manifest.Error is null) json.WriteString("description", manifest.Description);
            else json.WriteString("error", manifest.Error);
            json.WriteString("file", manifest.Display);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
