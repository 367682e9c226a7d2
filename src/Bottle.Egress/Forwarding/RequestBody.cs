using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Provider;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>How the copy of a request body ended.</summary>
internal enum BodyEnd
{
    /// <summary>Whole, or not yet.</summary>
    Whole,
    /// <summary>It went over the limit.</summary>
    TooLarge,
    /// <summary>The client stopped sending.</summary>
    Stalled,
    /// <summary>Its chunks or its encoding are broken.</summary>
    Broken,
    /// <summary>The upstream stopped taking it.</summary>
    Untaken,
    /// <summary>Its content was refused, or its bytes were more than the run may use; <see cref="RequestBody.Refusal"/> says why.</summary>
    Refused,
}

/// <summary>
/// Streams the agent's body upstream as it comes, with no more than 64 KiB in hand. For inspected hosts it is decompressed and limited. Kestrel allows one reader and dislikes
/// cancelled ones: every way out is <see cref="PipeReader.CancelPendingRead"/>, and <see cref="StopAsync"/> must be awaited before the request ends.
/// </summary>
internal sealed class RequestBody(HttpContext http, RequestRecord record, BodyLimits limits) : HttpContent
{
    private const int BufferSize = 64 * 1024;

    private readonly PipeReader _reader = http.Request.BodyReader;
    private readonly WriteLimit _writes = new(limits.Untaken, limits.Clock);
    private Task? _copy;
    private volatile bool _stopped;
    private BodyEnd _end;

    /// <summary>Why the copy failed; not when the upstream broke off.</summary>
    public BodyEnd End => _end == BodyEnd.Whole && Standstill.IsCancellationRequested ? BodyEnd.Untaken : _end;

    /// <summary>Why it was refused.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Cancelled when the upstream has taken nothing for too long; the exchange must end then.</summary>
    public CancellationToken Standstill => _writes.Standstill;

    /// <summary>Ends the copy when the response has ended first.</summary>
    public async Task StopAsync()
    {
        using var last = _writes;
        if (_copy is null or { IsCompleted: true })
        {
            return;
        }
        _stopped = true;
        _reader.CancelPendingRead();
        try
        {
            await _copy.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or HttpRequestException or ObjectDisposedException or InvalidDataException)
        {
            // The upstream has answered without the rest.
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, http.RequestAborted);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _copy = CopyAsync(stream, cancellationToken);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task CopyAsync(Stream upstream, CancellationToken cancellation)
    {
        // The head goes out at once: an upstream may refuse before the body comes.
        await _writes.AwaitAsync(new ValueTask(upstream.FlushAsync(cancellation))).ConfigureAwait(false);
        using var registration = cancellation.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), _reader);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await (limits.Encoding is null ? CopyRawAsync(upstream, buffer, cancellation) : CopyDecodedAsync(upstream, buffer, cancellation)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Kestrel hands out at most 4 KiB of TLS at a time: what is there already is gathered before it becomes a TLS record upstream.</summary>
    private async Task CopyRawAsync(Stream upstream, byte[] buffer, CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var pending = _reader.ReadAsync(CancellationToken.None);
            if (!pending.IsCompleted && length > 0)
            {
                await _writes.AwaitAsync(upstream.WriteAsync(buffer.AsMemory(0, length), cancellation)).ConfigureAwait(false);
                await _writes.AwaitAsync(new ValueTask(upstream.FlushAsync(cancellation))).ConfigureAwait(false);
                length = 0;
            }
            var read = await FromClientAsync(pending).ConfigureAwait(false);
            var rest = read.Buffer;
            if (read.IsCanceled || _stopped)
            {
                _reader.AdvanceTo(rest.Start);
                throw new IOException("the copy of the request body was stopped");
            }
            await SocketThread.LeaveWhenLarge(record.BytesIn);
            Count(rest.Length);
            Check(rest, read.IsCompleted);
            while (!rest.IsEmpty)
            {
                var part = (int)Math.Min(rest.Length, buffer.Length - length);
                rest.Slice(0, part).CopyTo(buffer.AsSpan(length));
                length += part;
                rest = rest.Slice(part);
                if (length == buffer.Length)
                {
                    await _writes.AwaitAsync(upstream.WriteAsync(buffer, cancellation)).ConfigureAwait(false);
                    length = 0;
                }
            }
            _reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await _writes.AwaitAsync(upstream.WriteAsync(buffer.AsMemory(0, length), cancellation)).ConfigureAwait(false);
                return;
            }
        }
    }

    private async Task CopyDecodedAsync(Stream upstream, byte[] buffer, CancellationToken cancellation)
    {
        var raw = _reader.AsStream(leaveOpen: true);
        var decoded = BodyEncoding.Decode(raw, limits.Encoding!);
        await using var ownership = decoded.ConfigureAwait(false);
        while (true)
        {
            var read = await FromClientAsync(decoded.ReadAsync(buffer, CancellationToken.None)).ConfigureAwait(false);
            await SocketThread.LeaveWhenLarge(record.BytesIn);
            Count(read);
            Check(new ReadOnlySequence<byte>(buffer, 0, read), isLast: read == 0);
            if (read == 0)
            {
                return;
            }
            await _writes.AwaitAsync(upstream.WriteAsync(buffer.AsMemory(0, read), cancellation)).ConfigureAwait(false);
        }
    }

    private void Count(long bytes)
    {
        if (bytes > 0 && (Refusal = record.FindByteRefusal()) is not null)
        {
            _end = BodyEnd.Refused;
            throw new IOException("the budget of the run is spent");
        }
        record.CountIn(bytes);
        if (record.BytesIn > limits.MaxBytes)
        {
            _end = BodyEnd.TooLarge;
            throw new IOException("the request body is too large");
        }
    }

    /// <summary>Shows the content to the guard before it goes on.</summary>
    private void Check(ReadOnlySequence<byte> bytes, bool isLast)
    {
        if (limits.Guard is not { } guard)
        {
            return;
        }
        foreach (var segment in bytes)
        {
            Refusal ??= guard.Feed(segment.Span);
        }
        Refusal ??= isLast ? guard.Complete() : null;
        if (Refusal is not null)
        {
            _end = BodyEnd.Refused;
            throw new IOException("the request body was refused");
        }
    }

    /// <summary>Awaits a read of the client's side; what goes wrong there is the client's doing.</summary>
    private async ValueTask<T> FromClientAsync<T>(ValueTask<T> pending)
    {
        try
        {
            return pending.IsCompleted ? await pending.ConfigureAwait(false) : await WithinStallAsync(pending.AsTask()).ConfigureAwait(false);
        }
        catch (Exception e) when (_end == BodyEnd.Whole && !_stopped && e is IOException or InvalidDataException)
        {
            _end = BodyEnd.Broken;
            throw;
        }
    }

    private async Task<T> WithinStallAsync<T>(Task<T> pending)
    {
        try
        {
            return await pending.WaitAsync(limits.Stall, limits.Clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _end = BodyEnd.Stalled;
            _reader.CancelPendingRead();
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new IOException("the request body stopped arriving");
        }
    }
}

/// <summary>How a body passes: at most so many bytes, decoded from an encoding or (null) as it is, with so long a pause of the client and of the upstream, under the eyes of a guard.</summary>
internal sealed record BodyLimits(long MaxBytes, string? Encoding, TimeSpan Stall, TimeSpan Untaken, TimeProvider Clock, ProviderGuard? Guard = null);
