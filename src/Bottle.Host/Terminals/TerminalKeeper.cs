using System.Net.Sockets;
using System.Threading.Channels;
using Bottle.Host.Processes;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Terminals;

/// <summary>
/// Keeps the terminal of a program while nobody looks: a pseudo-terminal of its own, and a Unix socket (0600 in the run's folder) where terminals come and go (src/decisions/0016).
/// What is typed at any of them goes to the program, what it writes goes to all of them; one that does not read is dropped.
/// </summary>
public sealed class TerminalKeeper : IAsyncDisposable
{
    // Chunks of output that wait for a terminal; a suspended one must not hold the program up.
    private const int MostWaiting = 4096;
    private const int ChunkSize = 16 * 1024;
    private const string OnTerminal = "tty=$1; shift; exec setsid --ctty \"$@\" <\"$tty\" >\"$tty\" 2>&1";

    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource stop = new();
    private readonly ScreenHistory history = new();
    private readonly List<Channel<TerminalFrame>> attached = [];
    private readonly Lock gate = new();
    private readonly string socketPath;
    private readonly SafeFileHandle master;
    private readonly FileStream terminal;
    private readonly string terminalPath;
    private readonly Task accepting;
    private readonly Task reading;
    private TerminalSize size = TerminalSize.Usual;

    /// <summary>Opens the terminal and listens at a path, which must be short enough for a socket's address.</summary>
    public TerminalKeeper(string socketPath)
    {
        this.socketPath = socketPath;
        (master, terminalPath) = NativeTerminal.Open();
        NativeTerminal.Resize(master, size);
        terminal = new FileStream(master, FileAccess.ReadWrite, bufferSize: 0);
        File.Delete(socketPath);
        listener.Bind(new UnixDomainSocketEndPoint(socketPath));
        File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen();
        accepting = AcceptAsync();
        reading = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Runs a command on the kept terminal and returns its exit code; those attached hear of it.</summary>
    public async Task<int> RunAsync(ICommandRunner runner, Command command, CancellationToken cancellationToken = default)
    {
        try
        {
            var code = await runner.AttachAsync(command with { FileName = "sh", Arguments = ["-c", OnTerminal, "sh", terminalPath, command.FileName, .. command.Arguments] }, cancellationToken).ConfigureAwait(false);
            // The last that it wrote first.
            await reading.ConfigureAwait(false);
            Send(TerminalFrame.OfExit(code));
            return code;
        }
        catch (OperationCanceledException)
        {
            Send(new TerminalFrame(FrameKind.Stopped, default));
            throw;
        }
    }

    /// <summary>Closes every connection, and takes the socket away.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate) attached.ForEach(channel => channel.Writer.TryComplete());
        await stop.CancelAsync().ConfigureAwait(false);
        listener.Dispose();
        File.Delete(socketPath);
        await accepting.ConfigureAwait(false);
        await terminal.DisposeAsync().ConfigureAwait(false);
        master.Dispose();
        stop.Dispose();
    }

    private void Read()
    {
        var buffer = new byte[ChunkSize];
        try
        {
            while (terminal.Read(buffer) is > 0 and var count)
            {
                var chunk = buffer.AsMemory(0, count).ToArray();
                lock (gate)
                {
                    history.Add(chunk);
                    Send(new TerminalFrame(FrameKind.Output, chunk));
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program, which was the last to hold the other side, has ended.
        }
    }

    private void Send(TerminalFrame frame)
    {
        lock (gate)
            foreach (var channel in attached.Where(channel => !channel.Writer.TryWrite(frame)).ToList())
            {
                attached.Remove(channel);
                channel.Writer.TryComplete();
            }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptAsync(stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var waiting = Channel.CreateBounded<TerminalFrame>(MostWaiting);
        var connection = new NetworkStream(socket, ownsSocket: true);
        await using (connection.ConfigureAwait(false))
        {
            lock (gate)
            {
                waiting.Writer.TryWrite(new TerminalFrame(FrameKind.Output, history.Replay()));
                attached.Add(waiting);
            }
            try
            {
                await Task.WhenAny(WriteAsync(connection, waiting.Reader), ListenAsync(connection)).Unwrap().ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It went away.
            }
            lock (gate) attached.Remove(waiting);
        }
    }

    private static async Task WriteAsync(Stream connection, ChannelReader<TerminalFrame> waiting)
    {
        await foreach (var frame in waiting.ReadAllAsync().ConfigureAwait(false))
            await frame.WriteAsync(connection).ConfigureAwait(false);
    }

    private async Task ListenAsync(Stream connection)
    {
        var isFirst = true;
        while (await TerminalFrame.ReadAsync(connection, stop.Token).ConfigureAwait(false) is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Input:
                    await terminal.WriteAsync(frame.Content).ConfigureAwait(false);
                    break;
                case FrameKind.Size when frame.ReadSize() is { } asked:
                    Resize(asked, isFirst);
                    isFirst = false;
                    break;
            }
        }
    }

    // A program that draws the whole screen draws it anew when the size changes: for one that comes back with the old size it changes twice.
    private void Resize(TerminalSize asked, bool redraws)
    {
        lock (gate)
        {
            if (redraws && asked == size) NativeTerminal.Resize(master, asked with { Rows = (ushort)(asked.Rows + 1) });
            NativeTerminal.Resize(master, size = asked);
        }
    }
}
