using System.Threading.Channels;

namespace Bottle.Egress.Tests.Harness;

/// <summary>Gives what has come at once, and waits for the next piece; a read of nothing waits, too, and takes nothing.</summary>
internal sealed class PieceStream : MemoryStream
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _rest = [];

    public Channel<byte[]> Pieces { get; } = Channel.CreateUnbounded<byte[]>();

    public Task Idle => _idle.Task;

    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.Length == 0 && !Pieces.Reader.TryRead(out _rest!))
        {
            _rest = [];
            _idle.TrySetResult();
            if (!await Pieces.Reader.WaitToReadAsync(cancellationToken))
            {
                return 0;
            }
            _rest = await Pieces.Reader.ReadAsync(cancellationToken);
        }
        var length = Math.Min(buffer.Length, _rest.Length);
        _rest.AsMemory(0, length).CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
