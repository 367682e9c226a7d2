namespace Bottle.Egress.Policy;

/// <summary>Reads a mounted file with suspicion: a regular file of bounded size that is not a link.</summary>
internal static class ConfigFile
{
    /// <summary>Null with the bytes, or what is wrong. A file that is not there is empty unless <paramref name="required"/>.</summary>
    public static string? TryRead(string path, int maxBytes, bool required, out byte[] bytes)
    {
        bytes = [];
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists && !Directory.Exists(path))
            {
                return required ? $"{path} does not exist" : null;
            }
            if (info.LinkTarget is not null || (info.Attributes & (FileAttributes.Directory | FileAttributes.Device | FileAttributes.ReparsePoint)) != 0)
            {
                return $"{path} is not a regular file";
            }
            // A pipe or device has no length either; opening one could block for ever.
            if (info.Length == 0)
            {
                return required ? $"{path} is empty" : null;
            }
            using var file = info.OpenRead();
            var buffer = new byte[maxBytes + 1];
            var read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            bytes = buffer[..read];
            return read > maxBytes ? $"{path} is larger than {maxBytes} bytes" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be read: {e.Message}";
        }
    }
}
