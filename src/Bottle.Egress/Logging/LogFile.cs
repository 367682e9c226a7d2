namespace Bottle.Egress.Logging;

/// <summary>
/// The request log on disk: the first <c>maxBytes</c> go to <c>requests.jsonl</c> and stay; after that <c>requests.1.jsonl</c> holds the newest lines and starts over whenever it is
/// full. So a flood hides neither how a run began nor how it ended. A disk that fails is remembered and tried no more; standard output still has every line.
/// </summary>
internal sealed class LogFile(string path, long maxBytes) : IDisposable
{
    private FileStream? _stream;
    private bool _isSecond;

    /// <summary>What made the file unwritable, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Adds one line.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        Guarded(line, (file, bytes) =>
        {
            file._stream ??= Open(path, FileMode.Append);
            if (file._stream.Position + bytes.Length > maxBytes)
            {
                file._stream.Dispose();
                file._isSecond = true;
                file._stream = Open(Path.ChangeExtension(path, ".1.jsonl"), FileMode.Create);
            }
            file._stream.Write(bytes);
        });
    }

    /// <summary>Hands what was added to the system.</summary>
    public void Flush() => Guarded([], (file, _) => file._stream?.Flush());

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();

    private static FileStream Open(string name, FileMode mode) => new(name, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private void Guarded(ReadOnlySpan<byte> bytes, Action<LogFile, ReadOnlySpan<byte>> action)
    {
        if (Problem is not null)
        {
            return;
        }
        try
        {
            action(this, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"the request log cannot be written ({(_isSecond ? "second file" : "first file")}): {e.Message}";
            Console.Error.WriteLine(Problem);
        }
    }
}
