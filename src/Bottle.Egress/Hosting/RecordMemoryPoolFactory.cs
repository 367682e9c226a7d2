using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace Bottle.Egress.Hosting;

/// <summary>Gives Kestrel and its sockets pools of <see cref="RecordMemoryPool"/>.</summary>
internal sealed class RecordMemoryPoolFactory : IMemoryPoolFactory<byte>
{
    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new RecordMemoryPool();
}
