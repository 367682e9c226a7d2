using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Terminals;

/// <summary>
/// This process's terminal for a full-screen program: keys as they are typed, pasted text marked as such, the alternate screen, no cursor. Ctrl-C stays a signal. <see cref="Leave"/> gives it back as it was, and so does
/// disposing, however the program ends; after SIGKILL nobody can.
/// </summary>
public sealed class ScreenTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int StandardOutput = 1;
    private const int LocalFlags = 12;
    private const byte Signals = 1;
    private const int SuspendCharacter = 17 + 10;
    private const string EnterText = "\e[?1049h\e[?25l\e[?7l\e[?2004h\e[2J";
    private const string LeaveText = "\e[0m\e[?2004l\e[?7h\e[?25h\e[?1049l";

    // Not the framework's console: that one edits lines by itself, and sets the terminal's modes as it sees fit.
    private readonly FileStream input = new(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
    private readonly FileStream output = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    private readonly byte[] before;
    private readonly Lock gate = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private bool isGone;

    private ScreenTerminal(byte[] before, Action onResize)
    {
        this.before = before;
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => onResize()));
        // Somebody stopped it from outside, and the shell had the terminal meanwhile; where an editor has it, it is the editor's.
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ =>
        {
            if (!IsTaken)
                return;
            Enter();
            onResize();
        }));
        Enter();
    }

    /// <summary>Takes the terminal; null when standard input or output is none. <paramref name="onResize"/> is called whenever all must be drawn anew.</summary>
    public static ScreenTerminal? Open(Action onResize) =>
        NativeTerminal.Attributes(StandardInput) is { } before && NativeTerminal.Attributes(StandardOutput) is not null ? new ScreenTerminal(before, onResize) : null;

    /// <summary>How large it is now.</summary>
    public TerminalSize Size => NativeTerminal.Size(output.SafeFileHandle);

    /// <summary>Whether it is taken at the moment.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Takes it again after <see cref="Leave"/>; its screen is empty.</summary>
    public void Enter()
    {
        lock (gate)
        {
            var raw = NativeTerminal.Raw(before);
            raw[LocalFlags] |= Signals;
            // Ctrl-Z would leave the shell with this screen.
            raw[SuspendCharacter] = 0;
            NativeTerminal.SetAttributes(StandardInput, raw);
            IsTaken = true;
            WriteBytes(EnterText);
        }
    }

    /// <summary>Gives it back as it was, for an editor or for good.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (!IsTaken)
                return;
            IsTaken = false;
            WriteBytes(LeaveText);
            NativeTerminal.SetAttributes(StandardInput, before);
        }
    }

    /// <summary>Draws; nothing while it is not taken.</summary>
    public void Write(string text)
    {
        lock (gate)
        {
            if (IsTaken)
                WriteBytes(text);
        }
    }

    /// <summary>What was typed, at most the buffer; 0 when nothing was within <paramref name="patience"/>, -1 when the terminal has gone.</summary>
    public int Read(byte[] buffer, TimeSpan patience)
    {
        if (!NativeTerminal.HasInput(StandardInput, (int)patience.TotalMilliseconds))
            return 0;
        try
        {
            return input.Read(buffer) is > 0 and var count ? count : -1;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        Leave();
        input.Dispose();
        output.Dispose();
    }

    // A terminal that was closed takes nothing any more: the program is about to be told so by a signal.
    private void WriteBytes(string text)
    {
        if (isGone)
            return;
        try
        {
            output.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            isGone = true;
        }
    }
}
