using System.Reflection;
using Cake.Frosting;

namespace Bottle.Build.Doors;

/// <summary>Every target, read from the task classes that are registered in Cake's engine: help, completion and verbs have no list of their own.</summary>
public static class TargetCatalogue
{
    // Taken by all.
    private static readonly string[] Common = ["format"];

    // Stages that a person types on an ordinary day.
    private static readonly string[] Everyday = [nameof(Tasks.Attach), nameof(Tasks.Cleanup)];

    private static readonly TakesAttribute OfLaunch = new(
        "agent", "bottle", "prompt", "cwd", "mount", "manifests", "yes", "setup", "keep", "strict", "trust", "allow-stand-in", "allow-test-upstream", "upstream-ca", "force", "dry-run");

    // Only a whole launch can leave its agent to a keeper.
    private static readonly TakesAttribute OfStart = new("agent", [.. OfLaunch.Arguments.Skip(1), "detach"]);

    private static readonly TakesAttribute OfTeardown = new("bottle", "force", "dry-run");

    /// <summary>All, by name.</summary>
    public static IReadOnlyList<TargetInfo> All { get; } = [.. TaskRegistration.TaskTypes.Select(Read)];

    /// <summary>The stages of a launch in their order: what <c>--force</c> takes.</summary>
    public static IReadOnlyList<string> LaunchStages => Stages.Launch;

    /// <summary>The target of a name, in any case of letters, or null.</summary>
    public static TargetInfo? Find(string name) => All.FirstOrDefault(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static TargetInfo Read(Type task)
    {
        var name = TaskRegistration.NameOf(task);
        var takes = task.GetCustomAttribute<TakesAttribute>() ?? (task == typeof(Tasks.Start) ? OfStart : DependsOnManifests(task, []) ? OfLaunch : Stages.IsStage(name) ? OfTeardown : null);
        return new TargetInfo(
            name,
            task.GetCustomAttribute<TaskDescriptionAttribute>()?.Description ?? "",
            GroupOf(task, name),
            [.. task.GetCustomAttributes<IsDependentOnAttribute>().Select(edge => TaskRegistration.NameOf(edge.Task))],
            takes is null ? "bottle" : takes.First,
            [.. BottleArguments.Known.Where(argument => takes is null || takes.Arguments.Contains(argument.Name) || Common.Contains(argument.Name))]);
    }

    private static TargetGroup GroupOf(Type task, string name) =>
        task.Namespace!.EndsWith(".Repository", StringComparison.Ordinal) ? TargetGroup.Repository
        : Stages.IsStage(name) && !Everyday.Contains(name) ? TargetGroup.Stage : TargetGroup.Command;

    private static bool DependsOnManifests(Type task, HashSet<Type> seen) =>
        seen.Add(task) && (task == typeof(Tasks.ResolveManifest) || task.GetCustomAttributes<IsDependentOnAttribute>().Any(edge => DependsOnManifests(edge.Task, seen)));
}
