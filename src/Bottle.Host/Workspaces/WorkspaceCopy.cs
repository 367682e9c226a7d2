using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>What was copied for an agent.</summary>
/// <param name="Files">How many files and links.</param>
/// <param name="Bytes">How many bytes they have.</param>
/// <param name="HasHistory">Whether the repository came along.</param>
/// <param name="LeftOut">What did not.</param>
/// <param name="TrackedSecrets">Files that were left out, and whose committed content is in the repository all the same.</param>
public sealed record CopiedWorkspace(int Files, long Bytes, bool HasHistory, IReadOnlyList<LeftOut> LeftOut, IReadOnlyList<string> TrackedSecrets);

/// <summary>
/// Copies a directory for an agent into the run's state, which its container mounts (SPEC B6; src/decisions/0020 says why not into an image): what git does not ignore, without credentials, links that leave,
/// devices and sockets, and beside it the baseline that its changes are told by. Reads the directory, and changes nothing in it.
/// </summary>
public sealed class WorkspaceCopy(ICommandRunner runner, Action<string> progress)
{
    private const UnixFileMode Folder = SafeFolder.Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    /// <summary>Copies; what an earlier attempt left of a copy is removed first.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="state">The run.</param>
    /// <param name="owner">Who the container's user is, where the operator is root.</param>
    /// <param name="mostBytes">The limit of the agent's disk.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BottleException">BTL5501 to BTL5505; BTL4110 when there is no git.</exception>
    public async Task<CopiedWorkspace> RunAsync(string source, StateDirectory state, RunAs? owner, long mostBytes, CancellationToken cancellationToken)
    {
        WorkspaceDirectory.Check(source);
        // What is copied must come home again, which git does: without it nothing begins.
        await runner.RunAsync(new Command("git", "--version"), cancellationToken).ConfigureAwait(false);
        var git = await GitFolder.FindAsync(runner, source, cancellationToken).ConfigureAwait(false);
        var listing = git is null ? WorkspaceListing.OfFolder(source) : await WorkspaceListing.OfRepositoryAsync(runner, source, cancellationToken).ConfigureAwait(false);
        try
        {
            var tree = await PrepareAsync(state, owner, cancellationToken).ConfigureAwait(false);
            using var job = new CopyJob(source, tree, state[StateLayout.WorkPack], owner, mostBytes);
            var next = TimeProvider.System.GetUtcNow() + Between;
            foreach (var path in listing.Paths)
            {
                cancellationToken.ThrowIfCancellationRequested();
                job.Copy(path);
                if (TimeProvider.System.GetUtcNow() < next)
                    continue;
                next = TimeProvider.System.GetUtcNow() + Between;
                progress($"copied {job.Files.Count} of {listing.Paths.Count} files, {job.Bytes >> 20} MiB");
            }
            foreach (var submodule in listing.Submodules)
                job.CreateFolder(submodule);
            var leftOut = listing.LeftOut.Concat(job.LeftOut).OrderBy(item => item.Path, StringComparer.Ordinal).ToList();
            List<string> secrets = [.. leftOut.Select(item => item.Path).Where(listing.Tracked.Contains)];
            var hasHistory = git is { IsTop: true };
            if (hasHistory)
                await new CleanRepository(runner, progress).CreateAsync(source, git!, tree, secrets, owner, cancellationToken).ConfigureAwait(false);
            else if (git is not null)
                leftOut.Add(new LeftOut(".git", $"the repository begins above this folder, in {Path.GetDirectoryName(git.GitDirectory)}: start the agent there to give it the history"));
            job.Flush();
            Baseline.Write(state[StateLayout.WorkIndex], source, job.Files);
            return new CopiedWorkspace(job.Files.Count, job.Bytes, hasHistory, leftOut, hasHistory ? secrets : []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BottleException(WorkspaceErrors.CopyFailed(source, e.Message), e);
        }
    }

    private async Task<string> PrepareAsync(StateDirectory state, RunAs? owner, CancellationToken cancellationToken)
    {
        SafeFolder.CreateBelow(state.Path, StateLayout.WorkDirectory, null);
        File.Delete(state[StateLayout.WorkIndex]);
        if (NativeFile.Look(state[StateLayout.AgentWork]) is not null)
            await FileTree.DeleteAsync(state[StateLayout.AgentWork], runner, cancellationToken).ConfigureAwait(false);
        var tree = SafeFolder.CreateBelow(state.Path, StateLayout.AgentWork, owner);
        File.SetUnixFileMode(tree, Folder);
        return tree;
    }
}
