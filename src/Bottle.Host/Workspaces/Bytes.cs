using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Workspaces;

/// <summary>Copies a part of an open file.</summary>
internal static class Bytes
{
    private const int Block = 1 << 17;

    /// <summary>Copies exactly so many bytes; a file that has become shorter meanwhile is an <see cref="IOException"/>.</summary>
    public static void Copy(SafeFileHandle from, long offset, long length, params ReadOnlySpan<Stream> targets)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        try
        {
            for (var left = length; left > 0;)
            {
                var read = RandomAccess.Read(from, buffer.AsSpan(0, (int)Math.Min(buffer.Length, left)), offset + length - left);
                if (read == 0)
                    throw new IOException("it became shorter while it was read");
                foreach (var target in targets)
                    target.Write(buffer, 0, read);
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
