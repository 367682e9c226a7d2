using System.Net.Sockets;

namespace Bottle.Egress.Tests.Harness;

/// <summary>Counts the TLS records that a socket brings.</summary>
internal sealed class RecordCounter(Socket socket) : NetworkStream(socket)
{
    private const int HeaderLength = 5;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _have;
    private int _rest;

    public int Count { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        Look(buffer.Span[..read]);
        return read;
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                var skipped = Math.Min(_rest, bytes.Length);
                _rest -= skipped;
                bytes = bytes[skipped..];
                continue;
            }
            _header[_have++] = bytes[0];
            bytes = bytes[1..];
            if (_have == HeaderLength)
            {
                (_have, _rest) = (0, (_header[3] << 8) | _header[4]);
                Count++;
            }
        }
    }
}
