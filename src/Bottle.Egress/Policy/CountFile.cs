using System.Text.Json;

namespace Bottle.Egress.Policy;

/// <summary>
/// A small file of counts that outlives a killed egress. It is replaced as a whole, so that a kill in between leaves the old one; and what cannot be read is never taken for nothing.
/// </summary>
internal sealed class CountFile<T>(string path, Func<byte[], T?> parse, Func<T, byte[]> format) where T : class
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Null with the content, or with none when the file was never there; else why it cannot be read.</summary>
    public string? TryRead(out T? content)
    {
        content = null;
        if (ConfigFile.TryRead(path, MaxBytes, required: false, out var text) is { } problem)
        {
            return problem;
        }
        if (text.Length == 0)
        {
            // Only a file that was never there counts nothing.
            return File.Exists(path) ? $"{path} is empty" : null;
        }
        try
        {
            content = parse(text);
        }
        catch (JsonException e)
        {
            return $"{path} is broken (line {e.LineNumber + 1})";
        }
        return content is null ? $"{path} is not a table of counts" : null;
    }

    /// <summary>Writes under another name, then renames. Null, or why it could not be written. What is <paramref name="durable"/> outlives the machine's power, too.</summary>
    public string? TryWrite(T content, bool durable)
    {
        try
        {
            var beside = path + ".new";
            using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                file.Write(format(content));
                // Or a machine that loses its power right after the rename has an empty file, and nothing is admitted any more.
                file.Flush(flushToDisk: durable);
            }
            File.Move(beside, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be written: {e.Message}";
        }
    }
}
