using System.Runtime.InteropServices;

namespace Bottle.Host.Processes;

/// <summary>Signals, which the framework does not send.</summary>
internal static partial class Native
{
    /// <summary>SIGTERM on every Unix.</summary>
    public const int Terminate = 15;

    /// <summary>SIGKILL on every Unix.</summary>
    public const int ForceEnd = 9;

    /// <summary>Signals a process, or with a negative id the process group; 0 when somebody got it.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Kill(int id, int signal);
}
