using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Rendering.Compose;
using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>The files of a run that a change of the running bottle exchanges, held against the plan in force.</summary>
internal static class RunFiles
{
    /// <summary>Whether files lie in the run's folder just as they were rendered.</summary>
    internal static bool AreAsRendered(StateDirectory state, IEnumerable<RenderedFile> files) =>
        files.All(file => ContentDigest.OfFile(state[file.Path]) == ContentDigest.Of(file.Text));

    /// <summary>What an approval writes anew: the Compose file, egress's table, pipelock's configuration.</summary>
    internal static IReadOnlyList<RenderedFile> OfRevision(BottlePlan plan) => [.. ComposeRenderer.Render(plan), .. RoutesRenderer.Render(plan), .. PipelockRenderer.Render(plan)];

    /// <summary>Whether a file is one of those; a pipelock that was replaced took its own away.</summary>
    internal static bool IsOfRevision(string file) =>
        file is StateLayout.ComposeFile or StateLayout.Routes || (file.StartsWith(StateLayout.PipelockDirectory, StringComparison.Ordinal) && file.EndsWith(".yaml", StringComparison.Ordinal));
}
