using System.Security.Cryptography;
using System.Text;
using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>Plans and renders a change of a running bottle, and compares it with the files in force.</summary>
internal static class ChangePlanner
{
    private const long LargestFile = 4 * 1024 * 1024;

    /// <summary>The change, ready to be shown and applied.</summary>
    /// <exception cref="BottleException">It cannot be planned (BTL2xxx), all problems at once.</exception>
    public static PreparedChange Prepare(BottleHome home, StateDirectory state, BottlePlan plan, PolicyChange change)
    {
        var result = PlanRevision.Next(plan, change);
        var next = result.Require();
        var before = Renderer.Render(plan).ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
        var after = Renderer.Render(next).ToDictionary(file => file.Path, file => file.Text, StringComparer.Ordinal);
        List<FileChange> files =
        [
            .. after.Where(file => before.GetValueOrDefault(file.Key) != file.Value || Current(state, file.Key) != file.Value).Select(file => new FileChange(file.Key, Current(state, file.Key), file.Value)),
            .. before.Keys.Where(path => !after.ContainsKey(path)).Select(path => new FileChange(path, Current(state, path), null)),
        ];
        var own = Files(plan).Concat(Files(next)).ToHashSet(StringComparer.Ordinal);
        files.RemoveAll(file => !own.Contains(file.Path));
        var diff = Diff(state, plan, next, after);
        return new PreparedChange
        {
            From = plan,
            To = next,
            Pipelock = PipelockChanges.Between(plan.Pipelock!, next.Pipelock!),
            Files = files,
            Diff = diff,
            ShortHash = ApprovalKey.Name(home, plan.Identity, diff),
            DiffSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(diff))),
            Warnings = result.Diagnostics,
        };
    }

    /// <summary>What a revision can change; everything else of a run is as it was started.</summary>
    private static string[] Files(BottlePlan plan) => [StateLayout.ComposeFile, StateLayout.Routes, StateLayout.PipelockConfig(plan.Pipelock!.Service)];

    private static string Diff(StateDirectory state, BottlePlan plan, BottlePlan next, Dictionary<string, string> after) =>
        UnifiedDiff.Of(Current(state, StateLayout.Routes), after[StateLayout.Routes], StateLayout.Routes)
        + UnifiedDiff.Of(Current(state, StateLayout.PipelockConfig(plan.Pipelock!.Service)), after[StateLayout.PipelockConfig(next.Pipelock!.Service)], StateLayout.PipelockConfig(next.Pipelock.Service));

    private static string? Current(StateDirectory state, string path) =>
        SafeReading.Read(state[path], LargestFile) is var (content, _) ? Encoding.UTF8.GetString(content) : null;
}
