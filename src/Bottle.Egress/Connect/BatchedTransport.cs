using System.IO.Pipelines;

namespace Bottle.Egress.Connect;

/// <summary>A connection's two directions, with a <see cref="BatchingWriter"/>.</summary>
internal sealed class BatchedTransport(IDuplexPipe connection) : IDuplexPipe
{
    /// <inheritdoc/>
    public PipeReader Input => connection.Input;

    /// <inheritdoc/>
    public PipeWriter Output { get; } = new BatchingWriter(connection.Output);
}
