using System.Buffers;
using System.IO.Pipelines;

namespace Bottle.Egress.Connect;

/// <summary>
/// What TLS writes to a connection goes out when TLS flushes, and not at each of its records (16 KiB): a large answer then takes a quarter of the system calls, and wakes its reader a quarter as often.
/// A write is followed by a flush at its end (Kestrel's StreamPipeWriter and SslStream's handshake do that), and what waits is bounded.
/// </summary>
internal sealed class BatchingWriter(PipeWriter connection) : PipeWriter
{
    // As much as the connection's pipe takes before it lets its writer wait.
    private const int MaxWaiting = 64 * 1024;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => connection.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => connection.UnflushedBytes;

    /// <inheritdoc/>
    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        connection.Write(source.Span);
        return connection.UnflushedBytes < MaxWaiting ? default : connection.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => connection.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => connection.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => connection.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void Advance(int bytes) => connection.Advance(bytes);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => connection.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => connection.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => connection.CompleteAsync(exception);
}
