using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>Why a change is brought only when it is named: the machine would run it, or it is a link that leaves the directory.</summary>
internal sealed class WorkFlags(string tree, Baseline baseline)
{
    /// <summary>The reason, or null.</summary>
    public string? Of(WorkChange change)
    {
        if (change.ModeNow == GitModes.Link && LinkTargets.Leaves(change.Path, new FileInfo(Path.Combine(tree, change.Path)).LinkTarget ?? "/"))
            return "a link that leaves the directory";
        return HostFiles.Reason(change.Path, () => change.Before is { } before ? baseline.Read(before, HostFiles.MostRead) ?? Unjudged : null, () => change.ModeNow is null ? null : Now(change.Path));
    }

    private static byte[] Unjudged => new byte[HostFiles.MostRead + 1];

    private byte[]? Now(string path)
    {
        try
        {
            return SafeReading.Read(Path.Combine(tree, path), HostFiles.MostRead) is var (content, truncated) ? truncated ? Unjudged : content : null;
        }
        catch (IOException)
        {
            return Unjudged;
        }
    }
}
