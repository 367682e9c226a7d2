using System.Buffers;
using System.IO.Pipelines;
using Bottle.Egress.Hosting;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>Copies a response body to the agent as it comes: headers first, each piece flushed, no more read than the agent takes.</summary>
internal static class ResponseBody
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Copies until the upstream ends. Throws when either side breaks off; the caller must then not end the response cleanly.</summary>
    public static Task CopyAsync(Stream upstream, HttpContext http, Admission admission, RequestRecord record, CancellationToken cancellation) => admission.Mask is { } mask
        ? CopyMaskedAsync(upstream, http, record, (mask, admission.Policy.Clients.Watch), cancellation) : CopyRawAsync(upstream, http, record, admission.Policy.Clients.Watch, cancellation);

    private static async Task CopyRawAsync(Stream upstream, HttpContext http, RequestRecord record, PipelockWatch watch, CancellationToken cancellation)
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
            watch.Hear();
            await SocketThread.LeaveWhenLarge(record.BytesOut);
            writer.Advance(read);
            Volatile.Write(ref record.BytesOut, record.BytesOut + read);
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

    private static async Task CopyMaskedAsync(Stream upstream, HttpContext http, RequestRecord record, (SecretMask Mask, PipelockWatch Watch) with, CancellationToken cancellation)
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
                with.Watch.Hear();
                await SocketThread.LeaveWhenLarge(record.BytesOut);
                var length = held + read;
                // At the end nothing can be completed any more.
                var keep = read == 0 ? 0 : with.Mask.Apply(buffer.AsSpan(0, length), held, ref state);
                Volatile.Write(ref record.BytesOut, record.BytesOut + length - keep);
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
