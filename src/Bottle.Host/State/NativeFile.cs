using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.State;

/// <summary>What the framework does not offer of files: owners, locks, and looking at a file without following links.</summary>
internal static partial class NativeFile
{
    private const int AtCurrentFolder = -100;
    private const int AtNoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int OpenToReadAndWrite = 2;
    private const int OpenOrCreate = 0x40;
    private const int OpenNonBlocking = 0x800;
    private const int OpenCloseOnExec = 0x80000;
    private const int LockShared = 1;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    private static readonly int OpenNoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    /// <summary>The user that Bottle runs as.</summary>
    public static int UserId => (int)GetEffectiveUser();

    /// <summary>Its group.</summary>
    public static int GroupId => (int)GetEffectiveGroup();

    /// <summary>Facts of a path, a link itself and not what it points to; null when nothing is there.</summary>
    public static FileFacts? Look(string path) => Statx(AtCurrentFolder, path, AtNoFollow);

    /// <summary>Facts of an open file.</summary>
    public static FileFacts Look(SafeFileHandle file)
    {
        var added = false;
        file.DangerousAddRef(ref added);
        try
        {
            return Statx((int)file.DangerousGetHandle(), "", AtEmptyPath) ?? throw Failure("statx", "an open file");
        }
        finally
        {
            file.DangerousRelease();
        }
    }

    /// <summary>Opens a file to read. A link at its end is an error, and a pipe or device without a writer does not block.</summary>
    public static SafeFileHandle OpenWithoutFollowing(string path) => OpenChecked(path, OpenNonBlocking, 0);

    /// <summary>Opens a file to lock it, made 0600 when it is not there: the framework's own opening would take a lock by itself.</summary>
    public static SafeFileHandle OpenToLock(string path) => OpenChecked(path, OpenToReadAndWrite | OpenOrCreate, 0x180);

    /// <summary>Gives a path, never what a link there points to, to a user and group.</summary>
    public static void ChangeOwner(string path, int user, int group)
    {
        if (LinkChangeOwner(path, (uint)user, (uint)group) != 0)
            throw Failure("chown", path);
    }

    /// <summary>Gives an open file to a user and group.</summary>
    public static void ChangeOwner(SafeFileHandle file, int user, int group)
    {
        if (FileChangeOwner(file, (uint)user, (uint)group) != 0)
            throw Failure("chown", "an open file");
    }

    /// <summary>Takes the lock of an open file, or returns false when somebody else has it. It ends with the file's last descriptor, so with the process.</summary>
    public static bool TryLock(SafeFileHandle file, bool exclusive)
    {
        if (FileLock(file, (exclusive ? LockExclusive : LockShared) | LockNonBlocking) == 0)
            return true;
        const int wouldBlock = 11;
        return Marshal.GetLastPInvokeError() == wouldBlock ? false : throw Failure("flock", "the lock file");
    }

    private static FileFacts? Statx(int folder, string path, int flags)
    {
        Span<byte> buffer = stackalloc byte[256];
        if (Statx(folder, path, flags, BasicStats, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            const int noEntry = 2, notDirectory = 20;
            return Marshal.GetLastPInvokeError() is noEntry or notDirectory ? null : throw Failure("statx", path);
        }
        // The layout of struct statx is the same on every architecture.
        return new FileFacts(
            UserId: (int)MemoryMarshal.Read<uint>(buffer[20..]),
            Mode: MemoryMarshal.Read<ushort>(buffer[28..]),
            Inode: MemoryMarshal.Read<ulong>(buffer[32..]),
            Size: (long)MemoryMarshal.Read<ulong>(buffer[40..]),
            ChangedAt: (MemoryMarshal.Read<long>(buffer[96..]) * 1_000_000_000) + MemoryMarshal.Read<uint>(buffer[104..]),
            // Counted in 512 bytes, whatever the file system's blocks are.
            DiskBytes: (long)MemoryMarshal.Read<ulong>(buffer[48..]) * 512);
    }

    private static SafeFileHandle OpenChecked(string path, int flags, int mode)
    {
        var descriptor = Open(path, flags | OpenNoFollow | OpenCloseOnExec, mode);
        return descriptor < 0 ? throw Failure("open", path) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static IOException Failure(string call, string path) =>
        new($"{call} {path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveGroup();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FileLock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte buffer);
}
