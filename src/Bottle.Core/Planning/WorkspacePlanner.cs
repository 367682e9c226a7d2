using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Decides where an agent sees the operator's directory: below <c>/work</c>, under the directory's own name.</summary>
internal static class WorkspacePlanner
{
    private const string Root = "/work";
    private const string Nameless = "project";
    private const int Longest = 60;

    /// <summary>The directory of a launch, or null.</summary>
    public static WorkspacePlan? Plan(LaunchRequest request, HostFacts facts, RunAs runAs, List<Diagnostic> diagnostics)
    {
        if (request.Workspace is not { } workspace)
            return null;
        var isMount = workspace.Kind == WorkspaceKind.Mount;
        // A rootless engine's root is the operator.
        if (isMount && facts is { Rootless: false, MountOwner: { } owner } && owner != runAs.Uid)
            diagnostics.Add(ServiceErrors.MountNotWritable(workspace.Source, owner, runAs.Uid));
        return new WorkspacePlan(workspace.Kind, workspace.Source, $"{Root}/{Name(workspace.Source)}") { Protected = isMount ? facts.ProtectedPaths : [] };
    }

    // A path in a container, and in messages: nothing that any tool reads otherwise.
    private static string Name(string source)
    {
        var last = source.TrimEnd('/').Split('/')[^1];
        var name = string.Concat(last.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).Trim('.', '-');
        return name.Length == 0 ? Nameless : name[..Math.Min(name.Length, Longest)];
    }
}
