using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Host.State;
using Bottle.Host.Workspaces;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Copies the operator's directory for the agent, and what its changes will be told by (SPEC B6). A run that is gone on with keeps its copy, and what the agent did there.</summary>
[TaskDescription("Copies the folder of --cwd for the agent")]
[IsDependentOn(typeof(MintIdentity))]
[SideBySide]
internal sealed class CopyWorkspace : Stage
{
    private const int MostNamed = 12;

    protected override Task<IReadOnlyList<StageInput>?> InputsAsync(BottleContext context) =>
        Task.FromResult<IReadOnlyList<StageInput>?>([StageInput.Of("the directory", Copied(context)?.Source ?? "none")]);

    protected override IEnumerable<string> Outputs(BottleContext context) => Copied(context) is null ? [] : [StateLayout.WorkIndex];

    protected override async Task ExecuteAsync(BottleContext context, StageRun run)
    {
        if (Copied(context) is not { } workspace)
        {
            context.Console.Note("none: no folder is to be copied");
            return;
        }
        var state = context.Launch.RequiredClaim;
        if (run.Previous is not null && File.Exists(state[StateLayout.WorkIndex]) && !context.Arguments.Forced.Contains(Name, StringComparer.OrdinalIgnoreCase))
        {
            context.Console.Note("the agent's copy stays as it is; a new Start copies anew");
            return;
        }
        var most = context.Launch.RequiredPlan.Agent.Bounds.DiskMiB * 1024L * 1024;
        var copied = await new WorkspaceCopy(context.Runner, context.Console.Progress).RunAsync(workspace.Source, state, context.Launch.Owner, most, context.Cancellation);
        foreach (var left in copied.LeftOut.Take(MostNamed)) context.Console.Progress($"left out: {InertText.Line(left.Path)} ({left.Reason})");
        if (copied.LeftOut.Count > MostNamed) context.Console.Progress($"left out: {copied.LeftOut.Count - MostNamed} more of the kind");
        if (copied.TrackedSecrets.Count > 0)
            context.Console.Say($"    {copied.TrackedSecrets.Count} of these {(copied.TrackedSecrets.Count == 1 ? "is" : "are")} committed: what was committed is in the history, which the agent gets");
        context.Console.Note($"{copied.Files} files, {(copied.Bytes + 1023) / 1024} KiB{(copied.HasHistory ? ", with the history" : "")}{(copied.LeftOut.Count > 0 ? $"; {copied.LeftOut.Count} left out" : "")}");
    }

    protected override IEnumerable<string> WouldDo(BottleContext context)
    {
        if (Copied(context) is { } workspace) yield return $"copy {workspace.Source} for the agent's {workspace.Target}";
    }

    private static WorkspacePlan? Copied(BottleContext context) => context.Launch.RequiredPlan.Workspace is { Kind: WorkspaceKind.Copy } copied ? copied : null;
}
