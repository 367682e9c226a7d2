namespace Bottle.Egress.Forwarding;

/// <summary>
/// Bounds how long an upstream may take nothing of what is sent to it. While it does, nothing is read from the client either, and a client that has gone is not noticed: without a limit such a request
/// would keep its place for as long as the upstream likes.
/// </summary>
internal sealed class WriteLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _standstill;

    public WriteLimit(TimeSpan limit, TimeProvider clock)
    {
        (_limit, _clock, _standstill) = (limit, clock, new CancellationTokenSource());
        Standstill = _standstill.Token;
    }

    /// <summary>Cancelled when a write has stood still for too long. Whoever owns the connection listens: HttpClient's HTTP/1.1 streams pay no heed to the token of a write.</summary>
    public CancellationToken Standstill { get; }

    /// <summary>Awaits a write; throws <see cref="IOException"/> when it stood still for too long. The written memory is free again in either case.</summary>
    public ValueTask AwaitAsync(ValueTask write) => write.IsCompleted ? write : new ValueTask(AwaitAsync(write.AsTask()));

    /// <inheritdoc/>
    public void Dispose() => _standstill.Dispose();

    private async Task AwaitAsync(Task write)
    {
        try
        {
            await write.WaitAsync(_limit, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _standstill.CancelAsync().ConfigureAwait(false);
            await write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new IOException("the upstream took nothing for too long");
        }
    }
}
