using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bottle.Host.Manifests;

/// <summary>Reads files that others may have made: bounded, and never waiting for a pipe or a device to say something.</summary>
internal static class BoundedFile
{
    /// <summary>The bytes, at most <paramref name="limit"/> + 1 of them, so that the caller sees when there are more.</summary>
    /// <exception cref="IOException">It is no regular file, or cannot be read.</exception>
    public static byte[] Read(string path, int limit)
    {
        using var handle = Open(path);
        using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        if (!stream.CanSeek)
            throw new IOException("it is a pipe or a device, not a file");
        var buffer = new byte[Math.Min(limit + 1L, Math.Max(stream.Length, 4096) + 1)];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }

    // File.OpenHandle would wait for a writer when the path is a FIFO: O_NONBLOCK does not.
    private static SafeFileHandle Open(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("it is a directory");
        var mac = OperatingSystem.IsMacOS();
        const int readOnly = 0;
        var flags = readOnly | (mac ? 0x4 : 0x800) | (mac ? 0x1000000 : 0x80000); // O_NONBLOCK, O_CLOEXEC
        var handle = NativeOpen(Encoding.UTF8.GetBytes(path + '\0'), flags);
        if (handle >= 0)
            return new SafeFileHandle(handle, ownsHandle: true);
        throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeOpen(byte[] path, int flags);
}
