using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Workspaces;

/// <summary>Copies file by file into a tree that nobody else sees yet, and their contents a second time into the pack of the baseline.</summary>
internal sealed class CopyJob(string source, string tree, string pack, RunAs? owner, long mostBytes) : IDisposable
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private readonly FileStream contents = new(pack, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 1 << 20, UnixCreateMode = AtomicFile.Secret });
    private readonly HashSet<string> folders = new(StringComparer.Ordinal) { "" };
    private readonly List<BaselineFile> files = [];
    private readonly List<LeftOut> leftOut = [];
    private readonly byte[] head = new byte[SensitiveFiles.Head];

    /// <summary>What was copied.</summary>
    public IReadOnlyList<BaselineFile> Files => files;

    /// <summary>What was left out for what is in it, or because it cannot be read.</summary>
    public IReadOnlyList<LeftOut> LeftOut => leftOut;

    /// <summary>How much was copied.</summary>
    public long Bytes => contents.Position;

    /// <summary>Copies one file or link of the listing.</summary>
    public void Copy(string path)
    {
        var from = Path.Combine(source, path);
        if (NativeFile.Look(from) is not { } facts)
            return; // gone since it was listed
        if (Bytes + facts.Size > mostBytes)
            throw new BottleException(WorkspaceErrors.TooLarge(source, $"{mostBytes >> 20} MiB"));
        if (facts.IsLink)
            CopyLink(path, from);
        else
            CopyFile(path, from);
    }

    /// <summary>Makes a folder and those above it.</summary>
    public void CreateFolder(string path)
    {
        if (!folders.Add(path))
            return;
        CreateFolder(Path.GetDirectoryName(path) ?? "");
        var full = Path.Combine(tree, path);
        Directory.CreateDirectory(full);
        Ownership.Give(full, owner);
    }

    /// <summary>Puts the pack on the disk.</summary>
    public void Flush() => contents.Flush(flushToDisk: true);

    public void Dispose() => contents.Dispose();

    private void CopyLink(string path, string from)
    {
        var target = new FileInfo(from).LinkTarget!;
        var (to, content, offset) = (Path.Combine(tree, path), System.Text.Encoding.UTF8.GetBytes(target), Bytes);
        CreateFolder(Path.GetDirectoryName(path) ?? "");
        File.CreateSymbolicLink(to, target);
        Ownership.Give(to, owner);
        contents.Write(content);
        Note(path, GitModes.Link, offset, content.Length, to);
    }

    private void CopyFile(string path, string from)
    {
        SafeFileHandle opened;
        try
        {
            opened = NativeFile.OpenWithoutFollowing(from);
        }
        catch (IOException e)
        {
            leftOut.Add(new LeftOut(path, $"it cannot be read: {e.Message}"));
            return;
        }
        using (opened)
        {
            var facts = NativeFile.Look(opened);
            if (!facts.IsRegular)
                throw new IOException($"{from} was exchanged while it was copied");
            var seen = RandomAccess.Read(opened, head, 0);
            if (SensitiveFiles.ByContent(path, head.AsSpan(0, seen)) is { } secret)
            {
                leftOut.Add(new LeftOut(path, secret));
                return;
            }
            var (to, offset) = (Path.Combine(tree, path), Bytes);
            CreateFolder(Path.GetDirectoryName(path) ?? "");
            using (var copy = new FileStream(to, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = facts.IsExecutable ? Executable : Plain }))
            {
                Workspaces.Bytes.Copy(opened, 0, facts.Size, copy, contents);
                Ownership.Give(copy.SafeFileHandle, owner);
                // Build tools go by it.
                File.SetLastWriteTimeUtc(copy.SafeFileHandle, File.GetLastWriteTimeUtc(opened));
            }
            Note(path, facts.IsExecutable ? GitModes.Executable : GitModes.Plain, offset, facts.Size, to);
        }
    }

    private void Note(string path, int mode, long offset, long length, string to)
    {
        var facts = NativeFile.Look(to) ?? throw new IOException($"{to} went away while it was written");
        files.Add(new BaselineFile(path, mode, offset, length, facts.Inode, facts.ChangedAt));
    }
}
