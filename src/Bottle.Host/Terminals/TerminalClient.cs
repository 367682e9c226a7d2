using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Terminals;

/// <summary>How a stay at a kept terminal ended.</summary>
public enum AttachEnd
{
    /// <summary>The program ended; its exit code is known.</summary>
    Exited,
    /// <summary>The person left; the program runs on.</summary>
    Left,
    /// <summary>The run was stopped.</summary>
    Stopped,
    /// <summary>The keeper went away without a word.</summary>
    Lost,
}

/// <summary>Puts this process's terminal at a kept one: raw mode, its size and every change of it, bytes both ways. Three times Ctrl-] leaves the program running.</summary>
public sealed class TerminalClient : IDisposable
{
    private const byte LeaveKey = 0x1d;
    private const int LeaveTimes = 3;
    private const int StandardInput = 0;
    private const int StandardOutput = 1;

    private readonly NetworkStream connection;
    private readonly ScreenHistory seen = new(capacity: 1);
    // Not the framework's console: that one edits lines by itself, and sets the terminal's modes as it sees fit.
    private readonly FileStream input = new(new SafeFileHandle(StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);
    private readonly FileStream output = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
    private readonly bool isTerminal;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TerminalClient(Socket socket, bool isTerminal)
    {
        connection = new NetworkStream(socket, ownsSocket: true);
        this.isTerminal = isTerminal;
    }

    /// <summary>Connects to the keeper at a path; null when none answers there.</summary>
    public static async Task<TerminalClient?> ConnectAsync(string socketPath, bool isTerminal, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken).ConfigureAwait(false);
            return new TerminalClient(socket, isTerminal);
        }
        catch (Exception e) when (e is SocketException or ArgumentOutOfRangeException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Stays until the program ends, the person leaves, or the run is stopped; the exit code where the program ended. Returns when the keeper has torn the run down.</summary>
    public async Task<(AttachEnd End, int ExitCode)> StayAsync(CancellationToken cancellationToken = default)
    {
        var before = isTerminal ? NativeTerminal.Attributes(StandardInput) : null;
        if (before is not null) NativeTerminal.SetAttributes(StandardInput, NativeTerminal.Raw(before));
        using var resized = isTerminal ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => SendAsync(TerminalFrame.Of(Size())).GetAwaiter().GetResult()) : null;
        try
        {
            if (isTerminal) await SendAsync(TerminalFrame.Of(Size())).ConfigureAwait(false);
            // A read of the terminal cannot be ended: its thread is left behind.
            new Thread(ReadInput) { IsBackground = true }.Start();
            var receiving = ReceiveAsync(cancellationToken);
            return await Task.WhenAny(receiving, left.Task).ConfigureAwait(false) == left.Task ? (AttachEnd.Left, 0) : await receiving.ConfigureAwait(false);
        }
        finally
        {
            if (isTerminal) output.Write(seen.Reset());
            if (before is not null) NativeTerminal.SetAttributes(StandardInput, before);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        connection.Dispose();
        writing.Dispose();
        output.Dispose();
    }

    private TerminalSize Size() => NativeTerminal.Size(input.SafeFileHandle);

    private async Task<(AttachEnd, int)> ReceiveAsync(CancellationToken cancellationToken)
    {
        (AttachEnd, int) end = (AttachEnd.Lost, 0);
        try
        {
            while (await TerminalFrame.ReadAsync(connection, cancellationToken).ConfigureAwait(false) is { } frame)
            {
                switch (frame.Kind)
                {
                    case FrameKind.Output:
                        seen.Add(frame.Content.Span);
                        await output.WriteAsync(frame.Content, cancellationToken).ConfigureAwait(false);
                        break;
                    case FrameKind.Exit when frame.ReadExit() is { } code:
                        end = (AttachEnd.Exited, code);
                        break;
                    case FrameKind.Stopped:
                        end = (AttachEnd.Stopped, 0);
                        break;
                }
            }
        }
        catch (IOException)
        {
            // The keeper's end of the connection broke: what it said last stands.
        }
        return end;
    }

    private void ReadInput()
    {
        var buffer = new byte[4096];
        var leaving = 0;
        try
        {
            while (input.Read(buffer) is > 0 and var count)
            {
                for (var i = 0; i < count && leaving < LeaveTimes; i++) leaving = isTerminal && buffer[i] == LeaveKey ? leaving + 1 : 0;
                if (leaving == LeaveTimes)
                {
                    left.TrySetResult();
                    return;
                }
                SendAsync(new TerminalFrame(FrameKind.Input, buffer.AsMemory(0, count).ToArray())).GetAwaiter().GetResult();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The terminal or the keeper has gone.
        }
    }

    private async Task SendAsync(TerminalFrame frame)
    {
        await writing.WaitAsync().ConfigureAwait(false);
        try
        {
            await frame.WriteAsync(connection).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Whether the keeper is there is told by what it sends.
        }
        finally
        {
            writing.Release();
        }
    }
}
