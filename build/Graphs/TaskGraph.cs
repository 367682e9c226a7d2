using Cake.Core;

namespace Bottle.Build.Graphs;

/// <summary>A task and what must run before it, in the order in which Cake runs them.</summary>
public sealed record GraphNode(string Name, string Description, IReadOnlyList<string> Dependencies);

/// <summary>The tasks that a target reaches, as Cake's engine has them registered, in an order in which they can run.</summary>
public sealed record TaskGraph(string Target, IReadOnlyList<GraphNode> Nodes)
{
    /// <summary>Reads the graph behind a target.</summary>
    public static TaskGraph Of(IReadOnlyList<ICakeTaskInfo> tasks, string target)
    {
        var byName = tasks.ToDictionary(task => task.Name, StringComparer.OrdinalIgnoreCase);
        var nodes = new List<GraphNode>();
        Visit(byName[target], byName, tasks, nodes, []);
        return new TaskGraph(byName[target].Name, nodes);
    }

    private static void Visit(ICakeTaskInfo task, Dictionary<string, ICakeTaskInfo> byName, IReadOnlyList<ICakeTaskInfo> tasks, List<GraphNode> nodes, HashSet<string> seen)
    {
        if (!seen.Add(task.Name)) return;
        List<string> dependencies =
        [
            .. task.Dependencies.Select(edge => byName[edge.Name].Name),
            .. tasks.Where(other => other.Dependees.Any(edge => edge.Name.Equals(task.Name, StringComparison.OrdinalIgnoreCase))).Select(other => other.Name),
        ];
        foreach (var dependency in dependencies) Visit(byName[dependency], byName, tasks, nodes, seen);
        nodes.Add(new GraphNode(task.Name, task.Description, dependencies));
    }
}
