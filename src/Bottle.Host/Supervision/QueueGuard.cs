using System.Globalization;
using Bottle.Contracts.Audit;
using Bottle.Contracts.Supervision;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.State;

namespace Bottle.Host.Supervision;

/// <summary>
/// Looks whether the folder that supervise writes on the host's disk holds what supervise's own program could have put there: it is the one place where a container that was taken over could fill the disk. When it holds more,
/// the container is killed, what it wrote is removed, and that is recorded. So it can use what it can write between two looks, and no longer than that; space of files that it has unlinked while it holds them open shows here not at all,
/// and ends with the container.
/// </summary>
public sealed class QueueGuard(ApplyServices services, StateDirectory state)
{
    /// <summary>Entries of the folder, half-written ones among them, beyond which no question put them there.</summary>
    public const int MostEntries = 4 * ProposalLimits.Open;

    // A proposal's file, and what a file system may add to it.
    private const long LargestFile = 2 * ProposalLimits.FileBytes;
    private const string Service = "supervise";

    /// <summary>One look: what was done, one line, or null when all is well.</summary>
    public async Task<string?> TendAsync(CancellationToken cancellationToken)
    {
        if (FindBreach() is not { } breach)
            return null;
        var container = new BottleNames(state.Identity).Container(Service);
        await services.Engine.SignalAsync(container, "KILL", cancellationToken).ConfigureAwait(false);
        var removed = Clear();
        var said = $"{Service} was stopped: {breach}; its own program never does that, so somebody else's ran there. {removed} entries were removed; questions that were open are lost, and the agent cannot ask any more in this run";
        await services.Audit.AppendAsync(state.Identity, AuditEvents.Stopped, "bottle", breach, said, cancellationToken).ConfigureAwait(false);
        return said;
    }

    private string? FindBreach()
    {
        if (Folder is not { Exists: true } folder)
            return null;
        var entries = folder.EnumerateFileSystemInfos().Take(MostEntries + 1).Select(entry => NativeFile.Look(entry.FullName)).ToList();
        return entries.Count > MostEntries ? string.Create(CultureInfo.InvariantCulture, $"its folder of proposals has more than {MostEntries} entries")
            : entries.Exists(entry => entry is { IsDirectory: true }) ? "there is a folder in its folder of proposals"
            : entries.Exists(entry => entry is { IsRegular: true } file && Math.Max(file.Size, file.DiskBytes) > LargestFile) ? "a file in its folder of proposals is larger than any proposal"
            : null;
    }

    private DirectoryInfo Folder => new(state[StateLayout.SuperviseProposals]);

    /// <summary>Removes everything in the folder, links themselves and not what they point to; returns how many entries there were.</summary>
    private int Clear()
    {
        var removed = 0;
        foreach (var entry in Folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } folder)
                folder.Delete(recursive: true);
            else
                entry.Delete();
            removed++;
        }
        return removed;
    }
}
