using System.Buffers;
using System.Runtime.InteropServices;

namespace Bottle.Egress.Hosting;

/// <summary>
/// Kestrel's buffers in blocks of 16 KiB, as large as a TLS record; its own have 4 KiB. A large body then takes a quarter of the receptions, copies and records. Blocks come back last first; a bounded number is
/// kept, so that memory follows the load down again.
/// </summary>
internal sealed class RecordMemoryPool : MemoryPool<byte>
{
    /// <summary>The size of every block, in bytes.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>How many blocks are kept.</summary>
    public const int MostKept = 512;

    private readonly Lock _lock = new();
    private readonly Stack<Block> _kept = new();

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <summary>A block, whatever smaller size is asked for; Kestrel looks elsewhere for larger ones.</summary>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        lock (_lock)
        {
            if (_kept.TryPop(out var block))
            {
                return block;
            }
        }
        return new Block(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            _kept.Clear();
        }
    }

    private void Return(Block block)
    {
        lock (_lock)
        {
            if (_kept.Count < MostKept)
            {
                _kept.Push(block);
            }
        }
    }

    /// <summary>A block, which is rented and returned many times. Pinned, as the sockets would do it each time.</summary>
    private sealed class Block(RecordMemoryPool pool) : IMemoryOwner<byte>
    {
        /// <inheritdoc/>
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);

        /// <inheritdoc/>
        public void Dispose() => pool.Return(this);
    }
}
