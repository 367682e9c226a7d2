using System.Net.Sockets;
using System.Text;
using Bottle.Host.Terminals;

namespace Bottle.Testing;

/// <summary>Who sits at a kept terminal's socket, by hand: types, and waits for what must be seen.</summary>
public sealed class TerminalVisitor : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly NetworkStream stream;
    private readonly StringBuilder seen = new();

    private TerminalVisitor(NetworkStream stream) => this.stream = stream;

    /// <summary>The connection itself.</summary>
    public Stream Stream => stream;

    /// <summary>Everything that was written so far.</summary>
    public string Seen => seen.ToString();

    /// <summary>Connects.</summary>
    public static async Task<TerminalVisitor> ComeAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new TerminalVisitor(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Types.</summary>
    public ValueTask TypeAsync(string text) => new TerminalFrame(FrameKind.Input, Encoding.ASCII.GetBytes(text)).WriteAsync(stream);

    /// <summary>Says how large the terminal is.</summary>
    public ValueTask SizeAsync(int rows, int columns) => TerminalFrame.Of(new TerminalSize((ushort)rows, (ushort)columns)).WriteAsync(stream);

    /// <summary>Waits until a text was written.</summary>
    public async Task SeesAsync(string text)
    {
        while (!Seen.Contains(text, StringComparison.Ordinal))
            if (await NextAsync() is null) throw new InvalidOperationException($"'{text}' was never written; seen: {Seen}");
    }

    /// <summary>Waits for the end; the exit code, or null when the run was stopped.</summary>
    public async Task<int?> UntilEndAsync()
    {
        while (await NextAsync() is { } frame)
            if (frame.Kind is FrameKind.Exit or FrameKind.Stopped) return frame.ReadExit();
        throw new InvalidOperationException($"the keeper said nothing of the end; seen: {Seen}");
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private async Task<TerminalFrame?> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var frame = await TerminalFrame.ReadAsync(stream, limit.Token);
        if (frame is { Kind: FrameKind.Output } output) seen.Append(Encoding.ASCII.GetString(output.Content.Span));
        return frame;
    }
}
