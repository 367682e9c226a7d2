using System.Text;
using System.Text.Json;

namespace Bottle.Build.Graphs;

/// <summary>A graph in the forms that people and programs draw it from.</summary>
public static class GraphText
{
    /// <summary>What <c>--format</c> may be for a graph.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["text", "json", "dot", "mermaid"];

    /// <summary>One line a task, in the order in which they run, each with what it waits for.</summary>
    public static string Lines(TaskGraph graph)
    {
        var text = new StringBuilder();
        var width = graph.Nodes.Max(node => node.Name.Length);
        foreach (var node in graph.Nodes)
            text.Append($"  {node.Name.PadRight(width)}  {(node.Dependencies.Count == 0 ? "" : $"after {string.Join(", ", node.Dependencies)}")}".TrimEnd()).Append('\n');
        return text.ToString();
    }

    /// <summary>Graphviz.</summary>
    public static string Dot(TaskGraph graph)
    {
        var text = new StringBuilder($"digraph \"{graph.Target}\" {{\n  rankdir=LR;\n  node [shape=box];\n");
        foreach (var node in graph.Nodes) text.Append($"  \"{node.Name}\" [tooltip=\"{node.Description.Replace("\"", "\\\"", StringComparison.Ordinal)}\"];\n");
        foreach (var (from, to) in Edges(graph)) text.Append($"  \"{from}\" -> \"{to}\";\n");
        return text.Append("}\n").ToString();
    }

    /// <summary>Mermaid, as forges draw it in Markdown.</summary>
    public static string Mermaid(TaskGraph graph)
    {
        var text = new StringBuilder("flowchart LR\n");
        // One without an edge must be named by itself.
        foreach (var node in graph.Nodes) text.Append($"  {node.Name}\n");
        foreach (var (from, to) in Edges(graph)) text.Append($"  {from} --> {to}\n");
        return text.ToString();
    }

    /// <summary><c>{target, tasks: [{name, description, depends_on}]}</c>, tasks in the order in which they run.</summary>
    public static string Json(TaskGraph graph)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("target", graph.Target);
            json.WriteStartArray("tasks");
            foreach (var node in graph.Nodes)
            {
                json.WriteStartObject();
                json.WriteString("name", node.Name);
                json.WriteString("description", node.Description);
                json.WriteStartArray("depends_on");
                foreach (var dependency in node.Dependencies) json.WriteStringValue(dependency);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static IEnumerable<(string From, string To)> Edges(TaskGraph graph) =>
        graph.Nodes.SelectMany(node => node.Dependencies.Select(dependency => (dependency, node.Name)));
}
