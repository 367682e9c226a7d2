namespace Bottle.Egress.Tests.Harness;

/// <summary>A standard output whose reader is gone.</summary>
internal sealed class BrokenStream : MemoryStream
{
    public int Writes { get; private set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Writes++;
        return ValueTask.FromException(new IOException("broken pipe"));
    }
}
