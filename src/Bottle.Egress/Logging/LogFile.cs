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

    /// <summary>Adds whole lines, each with its line feed.</summary>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (Problem is not null)
        {
            return;
        }
        try
        {
            Write(lines);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Problem = $"the request log cannot be written ({(_isSecond ? "second file" : "first file")}): {e.Message}";
            Complaint.Tell(Problem);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream?.Dispose();

    private void Write(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            _stream ??= Open(path, FileMode.Append);
            var fitting = CountFitting(lines, maxBytes - _stream.Position);
            // A line that is longer than a whole file is written all the same.
            if (fitting == 0 && (_stream.Position > 0 || !_isSecond))
            {
                _stream.Dispose();
                _isSecond = true;
                _stream = Open(Path.ChangeExtension(path, ".1.jsonl"), FileMode.Create);
                continue;
            }
            var length = fitting > 0 ? fitting : lines.IndexOf((byte)'\n') + 1;
            _stream.Write(lines[..length]);
            lines = lines[length..];
        }
    }

    /// <summary>How many bytes of the lines, in whole lines, are within so much space.</summary>
    private static int CountFitting(ReadOnlySpan<byte> lines, long space) =>
        lines.Length <= space ? lines.Length : lines[..(int)Math.Max(space, 0)].LastIndexOf((byte)'\n') + 1;

    private static FileStream Open(string name, FileMode mode) => new(name, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        // Lines come gathered; and what a full disk did not take must not be tried again at the end.
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
