using System.Buffers;
using System.IO.Pipelines;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Provider;

namespace Bottle.Egress.Forwarding;

/// <summary>Copies a response body to the agent as it comes: headers first, each piece flushed, no more read than the agent takes.</summary>
internal static class ResponseBody
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Copies until the upstream ends. Throws when either side breaks off; the caller must then not end the response cleanly.</summary>
    public static Task CopyAsync(Stream upstream, HttpContext http, RequestRecord record, ResponseWatch watch, CancellationToken cancellation) =>
        watch.Mask is null ? CopyRawAsync(upstream, http, record, watch, cancellation) : CopyMaskedAsync(upstream, http, record, watch, cancellation);

    private static async Task CopyRawAsync(Stream upstream, HttpContext http, RequestRecord record, ResponseWatch watch, CancellationToken cancellation)
    {
        var writer = http.Response.BodyWriter;
        var left = http.Response.ContentLength;
        await SendHeadAsync(upstream, http, cancellation).ConfigureAwait(false);
        while (true)
        {
            var memory = writer.GetMemory(16 * 1024);
            var read = await upstream.ReadAsync(memory.Length > BufferSize ? memory[..BufferSize] : memory, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }
            watch.Pipelock.Hear();
            await SocketThread.LeaveWhenLarge(record.BytesOut);
            BudgetSpentException.ThrowIfSpent(record);
            watch.Meter?.Feed(memory.Span[..read]);
            writer.Advance(read);
            record.CountOut(read);
            left -= read;
            var flush = await writer.FlushAsync(cancellation).ConfigureAwait(false);
            if (left == 0)
            {
                // Kestrel calls an HTTP/2 response completed as soon as it has its length.
                return;
            }
            ThrowIfGone(flush);
        }
    }

    private static async Task CopyMaskedAsync(Stream upstream, HttpContext http, RequestRecord record, ResponseWatch watch, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var writer = http.Response.BodyWriter;
            var left = http.Response.ContentLength;
            var (held, state) = (0, 0);
            await SendHeadAsync(upstream, http, cancellation).ConfigureAwait(false);
            while (true)
            {
                var read = await upstream.ReadAsync(buffer.AsMemory(held, BufferSize - held), cancellation).ConfigureAwait(false);
                watch.Pipelock.Hear();
                await SocketThread.LeaveWhenLarge(record.BytesOut);
                if (read > 0)
                {
                    BudgetSpentException.ThrowIfSpent(record);
                    // Before the mask, which could stand in a number.
                    watch.Meter?.Feed(buffer.AsSpan(held, read));
                }
                var length = held + read;
                // At the end nothing can be completed any more.
                var keep = read == 0 ? 0 : watch.Mask!.Apply(buffer.AsSpan(0, length), held, ref state);
                record.CountOut(length - keep);
                var flush = await writer.WriteAsync(buffer.AsMemory(0, length - keep), cancellation).ConfigureAwait(false);
                left -= length - keep;
                if (read == 0 || left == 0)
                {
                    return;
                }
                ThrowIfGone(flush);
                buffer.AsSpan(length - keep, keep).CopyTo(buffer);
                held = keep;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>When nothing can be read yet (events, long polls), the head goes out at once. No memory of the writer may be held across a flush.</summary>
    private static async Task SendHeadAsync(Stream upstream, HttpContext http, CancellationToken cancellation)
    {
        var ready = upstream.ReadAsync(Memory<byte>.Empty, cancellation);
        if (!ready.IsCompleted)
        {
            await http.Response.StartAsync(cancellation).ConfigureAwait(false);
            await http.Response.BodyWriter.FlushAsync(cancellation).ConfigureAwait(false);
        }
        await ready.ConfigureAwait(false);
    }

    private static void ThrowIfGone(FlushResult flush)
    {
        if (flush.IsCompleted || flush.IsCanceled)
        {
            throw new IOException("the client is gone");
        }
    }
}

/// <summary>Who watches an answer pass: what hides credentials in it and what reads its tokens, each null when nothing is to be done, and what looks after pipelock.</summary>
internal readonly record struct ResponseWatch(SecretMask? Mask, AnswerMeter? Meter, PipelockWatch Pipelock);
