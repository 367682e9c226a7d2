namespace Bottle.Host.Processes;

/// <summary>Signals to processes that Bottle started earlier, known by id alone.</summary>
public static class ProcessSignal
{
    /// <summary>Asks a process to end (SIGTERM); false when there is none, or it is somebody else's.</summary>
    public static bool Terminate(int process) => process > 0 && Native.Kill(process, Native.Terminate) == 0;

    /// <summary>Whether there is such a process of this user.</summary>
    public static bool IsAlive(int process) => process > 0 && Native.Kill(process, 0) == 0;
}
