using System.Net.Sockets;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Forwarding;

/// <summary>
/// Tells a pipelock that waits for a slow upstream from one that is frozen or gone. A frozen process still accepts connections, by the kernel's backlog, so only an answer counts.
/// One question at a time: whoever asks meanwhile shares its answer, for which it has real time whatever clock bounds the agent.
/// </summary>
internal sealed class PipelockPulse(Func<CancellationToken, Task<Socket>> dial, TimeSpan limit)
{
    private static readonly byte[] Question = "GET /health HTTP/1.1\r\nHost: pipelock\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly Lock _lock = new();
    private Task<bool> _last = Task.FromResult(true);

    /// <summary>Whether it answers now, whatever it says.</summary>
    public Task<bool> IsAliveAsync()
    {
        lock (_lock)
        {
            return _last = _last.IsCompleted ? Task.Run(AskAsync) : _last;
        }
    }

    /// <summary>Whether it says nothing, asked twice: once may be a machine that is out of breath.</summary>
    public async Task<bool> IsSilentAsync() => !await IsAliveAsync().ConfigureAwait(false) && !await IsAliveAsync().ConfigureAwait(false);

    private async Task<bool> AskAsync()
    {
        using var patience = new CancellationTokenSource(limit, RealTime.Clock);
        try
        {
            using var socket = await dial(patience.Token).ConfigureAwait(false);
            await socket.SendAsync(Question, patience.Token).ConfigureAwait(false);
            await socket.ReceiveAsync(new byte[1], patience.Token).ConfigureAwait(false);
            // An orderly end is a sign of life too.
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
