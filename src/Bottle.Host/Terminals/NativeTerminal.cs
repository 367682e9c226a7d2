using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Terminals;

/// <summary>What the framework does not offer of terminals; numbers are Linux's.</summary>
internal static partial class NativeTerminal
{
    /// <summary>Bytes that hold a <c>struct termios</c> of any architecture.</summary>
    public const int AttributesSize = 256;

    private const int OpenToReadAndWrite = 2;
    private const int OpenNoControl = 0x100;
    private const int OpenCloseOnExec = 0x80000;
    private const int AfterOutput = 1;
    private const nuint GetWindowSize = 0x5413;
    private const nuint SetWindowSize = 0x5414;

    /// <summary>A new pseudo-terminal: its master side, and the path of the side that a program gets.</summary>
    public static (SafeFileHandle Master, string Path) Open()
    {
        var descriptor = OpenMaster(OpenToReadAndWrite | OpenNoControl | OpenCloseOnExec);
        if (descriptor < 0)
            throw Failure("posix_openpt");
        var master = new SafeFileHandle(descriptor, ownsHandle: true);
        Span<byte> name = stackalloc byte[128];
        if (Grant(master) != 0 || Unlock(master) != 0 || Name(master, ref MemoryMarshal.GetReference(name), (nuint)name.Length) != 0)
        {
            var failure = Failure("a pseudo-terminal");
            master.Dispose();
            throw failure;
        }
        return (master, System.Text.Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]));
    }

    /// <summary>Tells the program at the other side how large its terminal is.</summary>
    public static void Resize(SafeFileHandle master, TerminalSize size)
    {
        Span<ushort> window = [size.Rows, size.Columns, 0, 0];
        if (Control(master, SetWindowSize, ref MemoryMarshal.GetReference(window)) != 0)
            throw Failure("ioctl");
    }

    /// <summary>How large the terminal at an open file is; the usual size where nobody says.</summary>
    public static TerminalSize Size(SafeFileHandle terminal)
    {
        Span<ushort> window = stackalloc ushort[4];
        return Control(terminal, GetWindowSize, ref MemoryMarshal.GetReference(window)) == 0 && window is [> 0, > 0, ..] ? new TerminalSize(window[0], window[1]) : TerminalSize.Usual;
    }

    /// <summary>The attributes of the terminal at a descriptor; null when it is none.</summary>
    public static byte[]? Attributes(int descriptor)
    {
        var attributes = new byte[AttributesSize];
        return GetAttributes(descriptor, ref attributes[0]) == 0 ? attributes : null;
    }

    /// <summary>Sets attributes; no error where the terminal has gone.</summary>
    public static void SetAttributes(int descriptor, byte[] attributes) => _ = SetAttributes(descriptor, AfterOutput, ref attributes[0]);

    /// <summary>The same attributes in raw mode: every byte passes as it is.</summary>
    public static byte[] Raw(byte[] attributes)
    {
        var raw = (byte[])attributes.Clone();
        MakeRaw(ref raw[0]);
        return raw;
    }

    /// <summary>Whether a read would not wait, asked for so many milliseconds; also when the other end has gone.</summary>
    public static bool HasInput(int descriptor, int milliseconds)
    {
        const short readable = 1;
        // struct pollfd: descriptor, then wanted and found events of 16 bits each.
        var asked = (long)(uint)descriptor | ((long)readable << 32);
        return Poll(ref asked, 1, milliseconds) > 0;
    }

    private static IOException Failure(string call) => new($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Name(SafeFileHandle master, ref byte name, nuint size);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, ref ushort argument);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAttributes(int descriptor, ref byte attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetAttributes(int descriptor, int when, ref byte attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void MakeRaw(ref byte attributes);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref long descriptor, nuint count, int milliseconds);
}
