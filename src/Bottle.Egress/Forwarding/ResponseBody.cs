using System.Buffers;
using System.IO.Pipelines;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Provider;

namespace Bottle.Egress.Forwarding;

/// <summary>Copies a response body to the agent as it comes, no more read than the agent takes. What has come already goes out together; before it waits for more, all of it is on its way, and the head with it.</summary>
/// <param name="content">What the upstream sends.</param>
/// <param name="encoding">What is undone on the way, as <see cref="BodyEncoding.Decode"/> knows it; null for nothing.</param>
/// <param name="http">The agent's request.</param>
/// <param name="record">What counts the bytes.</param>
/// <param name="watch">Who watches them pass.</param>
internal sealed class ResponseBody(Stream content, string? encoding, HttpContext http, RequestRecord record, ResponseWatch watch)
{
    // Four records of TLS: a write for each would cost more than what is written.
    private const int BatchSize = 64 * 1024;

    private readonly Stream _upstream = encoding is null ? content : BodyEncoding.Decode(content, encoding);
    private readonly PipeWriter _writer = http.Response.BodyWriter;
    private byte[]? _batch;
    private int _length;

    // The bytes at the beginning of the batch that could become a secret with what follows, and how far the mask is in one.
    private (int Held, int State) _mask;

    /// <summary>Copies until the upstream ends. Throws when either side breaks off; the caller must then not end the response cleanly.</summary>
    public async Task CopyAsync(CancellationToken cancellation)
    {
        var left = http.Response.ContentLength;
        try
        {
            while (true)
            {
                await WaitAsync(cancellation).ConfigureAwait(false);
                var read = await ReadAsync(cancellation).ConfigureAwait(false);
                watch.Pipelock.Hear();
                await SocketThread.LeaveWhenLarge(record.BytesOut + _length);
                if (read > 0)
                {
                    BudgetSpentException.ThrowIfSpent(record);
                    // Before the mask, which could stand in a number.
                    watch.Meter?.Feed(_batch.AsSpan(_length, read));
                }
                _length += read;
                left -= read;
                if (read == 0 || left == 0)
                {
                    await SendAsync(isEnd: true, cancellation).ConfigureAwait(false);
                    return;
                }
                if (_length == BatchSize)
                {
                    await SendAsync(isEnd: false, cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Release();
            if (encoding is not null)
            {
                // A decoder holds memory that the collector does not count: up to 16 MiB.
                await _upstream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for the next bytes. When there are none yet (events, long polls), what there is goes out first.</summary>
    private async ValueTask WaitAsync(CancellationToken cancellation)
    {
        // A decoder cannot tell: it may say yes to input that makes no byte yet, and no while it has bytes left. So nothing waits for it.
        var ready = encoding is null ? _upstream.ReadAsync(Memory<byte>.Empty, cancellation) : default;
        if (encoding is not null || !ready.IsCompletedSuccessfully)
        {
            if (_length > _mask.Held)
            {
                await SendAsync(isEnd: false, cancellation).ConfigureAwait(false);
            }
            // All of it may be held back by the mask.
            if (!http.Response.HasStarted)
            {
                await http.Response.StartAsync(cancellation).ConfigureAwait(false);
                await _writer.FlushAsync(cancellation).ConfigureAwait(false);
            }
        }
        await ready.ConfigureAwait(false);
    }

    private async ValueTask<int> ReadAsync(CancellationToken cancellation)
    {
        _batch ??= ArrayPool<byte>.Shared.Rent(BatchSize);
        try
        {
            return await _upstream.ReadAsync(_batch.AsMemory(_length, BatchSize - _length), cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is (IOException or HttpRequestException) && _length > _mask.Held)
        {
            // What came before it broke off still reaches the agent.
            await SendAsync(isEnd: false, cancellation).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends the batch, but for what the mask holds back; at the end nothing can be completed any more.</summary>
    private async ValueTask SendAsync(bool isEnd, CancellationToken cancellation)
    {
        var keep = watch.Mask?.Apply(_batch.AsSpan(0, _length), _mask.Held, ref _mask.State) ?? 0;
        if (isEnd)
        {
            keep = 0;
        }
        if (keep == BatchSize)
        {
            // There is no room to read on, which would look like the end.
            record.Reason = "cut: the answer has more of a credential than can be held back";
            throw new IOException(record.Reason);
        }
        var whole = _length - keep;
        if (whole > 0)
        {
            record.CountOut(whole);
            var flush = await _writer.WriteAsync(_batch.AsMemory(0, whole), cancellation).ConfigureAwait(false);
            // Kestrel calls an HTTP/2 response completed as soon as it has its length.
            if (!isEnd && (flush.IsCompleted || flush.IsCanceled))
            {
                throw new IOException("the client is gone");
            }
            _batch.AsSpan(whole, keep).CopyTo(_batch);
        }
        // Also when nothing went out: the mask must not see the same bytes twice.
        _length = _mask.Held = keep;
        if (keep == 0)
        {
            Release();
        }
    }

    /// <summary>A stream that is silent holds no memory.</summary>
    private void Release()
    {
        if (_batch is not null)
        {
            ArrayPool<byte>.Shared.Return(_batch);
            _batch = null;
        }
    }
}

/// <summary>Who watches an answer pass: what hides credentials in it and what reads its tokens, each null when nothing is to be done, and what looks after pipelock.</summary>
internal readonly record struct ResponseWatch(SecretMask? Mask, AnswerMeter? Meter, PipelockWatch Pipelock);
