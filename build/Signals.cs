using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Bottle.Build;

/// <summary>
/// Turns the first interrupt into a cancellation, so that teardown still runs. The dotnet command line forwards SIGTERM, so a
/// signal to the group arrives twice: repeats within two seconds are swallowed; a later one ends the process at once.
/// </summary>
internal sealed class Signals : IDisposable
{
    private static readonly TimeSpan Repeats = TimeSpan.FromSeconds(2);
    // Standard error may be what hangs: the end does not wait for it.
    private static readonly TimeSpan SayingMayTake = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Lock gate = new();
    private readonly Stopwatch since = new();
    private int left;

    internal Signals()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
            registrations.Add(PosixSignalRegistration.Create(signal, Handle));
    }

    internal CancellationToken Cancellation => source.Token;

    /// <summary>What to tell the person when a later signal ends the process at once.</summary>
    internal Func<string>? LastWords { get; set; }

    /// <summary>The signal that came first, or null.</summary>
    internal PosixSignal? Received { get; private set; }

    /// <summary>128 + n of the signal that came first, or null.</summary>
    internal int? ExitCode => Received switch
    {
        PosixSignal.SIGHUP => 129,
        PosixSignal.SIGINT => 130,
        PosixSignal.SIGQUIT => 131,
        PosixSignal.SIGTERM => 143,
        _ => null,
    };

    /// <summary>Until the result is disposed, Ctrl-C and Ctrl-\ are keys of somebody else who has the terminal: an editor gets them as well as this process.</summary>
    internal IDisposable LeaveKeys()
    {
        lock (gate) left++;
        return new Returned(this);
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    // Not by the console, whose lock somebody may hold who waits for the terminal.
    private static void Say(string words) => Task.Run(() =>
    {
        using var error = System.Console.OpenStandardError();
        error.Write(Encoding.UTF8.GetBytes($"\n{words}\n"));
    }).Wait(SayingMayTake);

    private void Handle(PosixSignalContext signal)
    {
        lock (gate)
        {
            if (left > 0 && (signal.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT))
            {
                signal.Cancel = true;
                return;
            }
            if (Received is not null && since.Elapsed > Repeats)
            {
                if (LastWords?.Invoke() is { Length: > 0 } words) Say(words);
                return;
            }
            signal.Cancel = true;
            if (Received is not null) return;
            Received = signal.Signal;
            since.Start();
        }
        source.Cancel();
    }

    private sealed class Returned(Signals signals) : IDisposable
    {
        public void Dispose()
        {
            lock (signals.gate) signals.left--;
        }
    }
}
