using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Bottle.Scenarios.Launches;

/// <summary>
/// A command whose standard output is a pipe that holds one write and no more: it cannot get further than one line beyond what was read of it. Killed right after the line with which a stage begins,
/// it is killed in that stage, or at the latest before the next stage has done anything.
/// </summary>
internal sealed partial class SteppedCommand : IDisposable
{
    private const int SetDescriptorFlags = 2, CloseOnExec = 1, SetPipeSize = 1031, OnePage = 4096, Kill9 = 9, Readable = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    // A pipe in packet mode gives every write a page of its own.
    private static readonly int Packets = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;

    private readonly int reading;
    private readonly Process process;
    private readonly StringBuilder seen = new();
    private readonly byte[] page = new byte[OnePage];

    private SteppedCommand(int reading, Process process) => (this.reading, this.process) = (reading, process);

    /// <summary>What was read so far.</summary>
    internal string Seen => seen.ToString();

    internal static SteppedCommand Start(BottleHomeFolder home, IReadOnlyList<string> words)
    {
        Span<int> ends = stackalloc int[2];
        if (Pipe2(ref MemoryMarshal.GetReference(ends), Packets) != 0) throw new InvalidOperationException($"pipe2: {Marshal.GetLastPInvokeErrorMessage()}");
        var (reading, writing) = (ends[0], ends[1]);
        _ = Control(reading, SetDescriptorFlags, CloseOnExec);
        if (Control(writing, SetPipeSize, OnePage) != OnePage) throw new InvalidOperationException($"a pipe of one page: {Marshal.GetLastPInvokeErrorMessage()}");
        // The child inherits the pipe by its number; Process itself passes none on.
        var start = new ProcessStartInfo("setsid", ["bash", "-c", $"exec \"$@\" >&{writing} {writing}>&- 2>&1", "bash", .. words]) { WorkingDirectory = home.Home.Root, RedirectStandardInput = true };
        start.Environment["CLAUDE_BOTTLE_HOME"] = home.Home.Root;
        start.Environment["PWD"] = home.Home.Root;
        start.Environment["NO_COLOR"] = "1";
        var process = Process.Start(start)!;
        _ = Close(writing);
        process.StandardInput.Close();
        return new SteppedCommand(reading, process);
    }

    /// <summary>Reads until a text has come; false when the command ended without it.</summary>
    internal bool ReadUntil(string text)
    {
        for (var end = DateTime.UtcNow + Patience; !Seen.Contains(text, StringComparison.Ordinal);)
        {
            var waited = new PollDescriptor { Descriptor = reading, Events = Readable };
            _ = Poll(ref waited, 1, 100);
            if ((waited.Returned & Readable) == 0)
            {
                if (process.HasExited) return false;
                if (DateTime.UtcNow > end) Assert.Fail($"'{text}' was never printed\n{Seen}");
                continue;
            }
            var count = (int)Read(reading, page, OnePage);
            if (count <= 0) return false;
            seen.Append(Encoding.UTF8.GetString(page, 0, count));
        }
        return true;
    }

    /// <summary>SIGKILL to all of it, which nobody can handle; Compose, in a session of its own, goes on.</summary>
    internal void Kill()
    {
        _ = Signal(-process.Id, Kill9);
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited) Kill();
        _ = Close(reading);
        process.Dispose();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe2(ref int ends, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Signal(int process, int signal);
}
