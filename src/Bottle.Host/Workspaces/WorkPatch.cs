using System.Globalization;
using System.Text;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Host.Workspaces;

/// <summary>
/// Makes a patch of changes: both states of the changed files go into a repository of Bottle's own, as contents and names (<c>git fast-import</c>), and git compares the two. Git sees no file of the agent's, no
/// attribute and no configuration of its.
/// </summary>
internal sealed class WorkPatch(ICommandRunner runner, string tree, Baseline baseline, long mostBytes)
{
    private const string Before = "refs/bottle/before";
    private const string Now = "refs/bottle/now";
    private long contents;

    /// <summary>Writes the patch to a file, working in a folder of its own; returns git's list of what it holds, in its order.</summary>
    /// <exception cref="IOException">The changes are larger than a patch may be, or git or the disk failed.</exception>
    public async Task<IReadOnlyList<(string Path, string Change)>> WriteAsync(IReadOnlyList<WorkChange> changes, string folder, string patch, CancellationToken cancellationToken)
    {
        var (repository, stream) = (Path.Combine(folder, "compare.git"), Path.Combine(folder, "import"));
        await GitAsync(GitCommands.Alone(repository, "init", "--quiet", "--bare", "--template=", "--initial-branch=none"), cancellationToken).ConfigureAwait(false);
        using (var import = new FileStream(stream, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 20, UnixCreateMode = AtomicFile.Secret }))
        {
            Commit(import, Before, changes.Where(change => change.Before is not null), change => (change.Before!.Mode, target => WriteBefore(change.Before, target)));
            Commit(import, Now, changes.Where(change => change.ModeNow is not null), change => (change.ModeNow!.Value, target => WriteNow(change, target)));
        }
        var command = GitCommands.Alone(repository, "fast-import", "--quiet", "--done", "--depth=0");
        await GitAsync(command with { FileName = "sh", Arguments = ["-c", "import=$1; shift; exec \"$@\" <\"$import\"", "sh", stream, command.FileName, .. command.Arguments] }, cancellationToken).ConfigureAwait(false);
        File.Delete(stream);
        string[] options = ["diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--full-index", "--src-prefix=a/", "--dst-prefix=b/"];
        await GitAsync(GitCommands.Alone(repository, [.. options, "--binary", $"--output={patch}", Before, Now]), cancellationToken).ConfigureAwait(false);
        var listed = await GitAsync(GitCommands.Alone(repository, [.. options, "--name-status", "-z", Before, Now]), cancellationToken).ConfigureAwait(false);
        return [.. listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(pair => (pair[1], pair[0] switch { "A" => "added", "D" => "deleted", _ => "changed" }))];
    }

    private async Task<CommandResult> GitAsync(Command command, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result : throw new IOException(string.Join('\n', result.LastLines(5)));
    }

    private static void Commit(FileStream import, string reference, IEnumerable<WorkChange> changes, Func<WorkChange, (int Mode, Action<FileStream> Content)> state)
    {
        Text(import, $"commit {reference}\ncommitter Bottle <bottle@localhost> 0 +0000\ndata 0\n");
        foreach (var change in changes)
        {
            var (mode, content) = state(change);
            Text(import, $"M {GitModes.Text(mode)} inline {Quoted(change.Path)}\n");
            content(import);
            Text(import, "\n");
        }
        if (reference == Now)
            Text(import, "done\n");
    }

    private void WriteBefore(BaselineFile file, FileStream import)
    {
        Count(file.Length);
        Text(import, string.Create(CultureInfo.InvariantCulture, $"data {file.Length}\n"));
        baseline.CopyTo(file, import);
    }

    private void WriteNow(WorkChange change, FileStream import)
    {
        var path = Path.Combine(tree, change.Path);
        if (change.ModeNow == GitModes.Link)
        {
            var content = Encoding.UTF8.GetBytes(new FileInfo(path).LinkTarget ?? "");
            Count(content.Length);
            Text(import, string.Create(CultureInfo.InvariantCulture, $"data {content.Length}\n"));
            import.Write(content);
            return;
        }
        if (NativeFile.Look(path) is { IsRegular: true } closed)
            Readable.Make(path, closed);
        using var file = NativeFile.OpenWithoutFollowing(path);
        var facts = NativeFile.Look(file);
        if (!facts.IsRegular)
            throw new IOException($"{change.Path} is no file any more");
        Count(facts.Size);
        Text(import, string.Create(CultureInfo.InvariantCulture, $"data {facts.Size}\n"));
        Bytes.Copy(file, 0, facts.Size, import);
    }

    // The scan has chosen what fits; what has grown since does not.
    private void Count(long length)
    {
        if ((contents += length) > mostBytes)
            throw new IOException($"the changes are larger than {mostBytes >> 20} MiB");
    }

    private static string Quoted(string path) => $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static void Text(FileStream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
