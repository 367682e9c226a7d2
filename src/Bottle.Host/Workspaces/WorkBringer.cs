using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>What of a saved patch goes into the directory, checked to fit; nothing is written yet.</summary>
/// <param name="Files">What is brought.</param>
/// <param name="LeftOut">What is not, because it was not named.</param>
/// <param name="Patch">The chosen parts, a file of the run's records.</param>
public sealed record WorkSelection(IReadOnlyList<WorkFile> Files, IReadOnlyList<WorkFile> LeftOut, string Patch)
{
    /// <summary>Whether the directory has all of it already, as after an earlier Bring: then there is nothing to write.</summary>
    public bool IsThere { get; init; }
}

/// <summary>Applies what was saved of an agent's directory to the directory that it was copied from, as a whole or not at all. Git does it: it follows no link and leaves no folder.</summary>
public sealed class WorkBringer(BottleHome home, ICommandRunner runner, TimeProvider time)
{
    private const string Chosen = "bring.patch";
    private readonly RunRecords records = new(home, time);

    /// <summary>What was saved of a run. BTL5507: nothing. BTL5512: it cannot be read.</summary>
    public WorkRecord Read(string identity)
    {
        const long limit = 256L * 1024 * 1024;
        var path = Path.Combine(home.Runs(identity), RunRecords.Work);
        try
        {
            return SafeReading.Read(path, limit) is var (content, _) ? WorkRecord.Read(content) : throw new BottleException(WorkspaceErrors.NothingSaved(identity));
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new BottleException(WorkspaceErrors.RecordUnreadable(path, e.Message), e);
        }
    }

    /// <summary>Chooses: everything without a flag, and what <paramref name="included"/> names (a path, or a folder with a slash at its end).</summary>
    /// <exception cref="BottleException">BTL5508: the directory was changed where the patch applies. BTL5511: a name names nothing. BTL5513: the directory is gone.</exception>
    public async Task<WorkSelection> SelectAsync(string identity, IReadOnlyList<string> included, CancellationToken cancellationToken = default)
    {
        var record = Read(identity);
        if (NativeFile.Look(record.Directory) is not { IsDirectory: true })
            throw new BottleException(WorkspaceErrors.DirectoryGone(record.Directory));
        var flagged = record.Files.Where(file => file.Flag is not null).ToList();
        var unknown = included.Where(name => !flagged.Any(file => Names(name, file.Path))).Select(name => WorkspaceErrors.NothingToInclude(name, [.. flagged.Select(file => file.Path)])).ToList();
        if (unknown.Count > 0)
            throw new BottleException(unknown);
        var leftOut = flagged.Where(file => !included.Any(name => Names(name, file.Path))).ToList();
        var chosen = record.Files.Except(leftOut).ToList();
        var patch = records.WriteBeside(identity, Chosen, target => Pick(identity, chosen, target));
        var isThere = false;
        if (chosen.Count > 0 && await ApplyAsync(record.Directory, patch, ["--check"], cancellationToken).ConfigureAwait(false) is { Succeeded: false } misfit)
        {
            isThere = (await ApplyAsync(record.Directory, patch, ["--check", "--reverse"], cancellationToken).ConfigureAwait(false)).Succeeded;
            if (!isThere)
                throw Misfit(record.Directory, patch, misfit);
        }
        return new WorkSelection(chosen, leftOut, patch) { IsThere = isThere };
    }

    /// <summary>Writes a selection into the directory. BTL5508 when it fits no more; then nothing was written.</summary>
    public async Task BringAsync(string identity, WorkSelection selection, CancellationToken cancellationToken = default)
    {
        var directory = Read(identity).Directory;
        var result = await ApplyAsync(directory, selection.Patch, [], cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            throw Misfit(directory, selection.Patch, result);
    }

    /// <summary>Whether a name means a path: itself, or a folder above it.</summary>
    internal static bool Names(string name, string path) => path == name || (name.EndsWith('/') && path.StartsWith(name, StringComparison.Ordinal));

    private void Pick(string identity, IReadOnlyList<WorkFile> files, Stream target)
    {
        using var patch = NativeFile.OpenWithoutFollowing(Path.Combine(home.Runs(identity), RunRecords.WorkPatch));
        foreach (var file in files)
            Bytes.Copy(patch, file.Offset, file.Length, target);
    }

    private static BottleException Misfit(string directory, string patch, CommandResult result) => new(WorkspaceErrors.PatchDoesNotFit(directory, patch, result.LastLines()));

    private async Task<CommandResult> ApplyAsync(string directory, string patch, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var command = GitCommands.In(directory, ["apply", "--whitespace=nowarn", .. arguments, patch]);
        // In a folder of a repository git would take the patch for one of the repository's top, and leave out all of it without a word.
        var alone = new Dictionary<string, string?>(command.Environment) { ["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(directory) };
        return await runner.RunAsync(command with { Environment = alone }, cancellationToken).ConfigureAwait(false);
    }
}
