using System.Buffers;
using System.Globalization;

namespace Bottle.GitGate.Scanning;

/// <summary>Lays views out as files for gitleaks. Small views share a file, large ones are cut with an overlap: it starts once, and its filters work best on small texts.
/// A file begins with 512 bytes of line ends and stays below 32 KiB, because gitleaks 8 skips what looks like a known binary format (PDF, zip, tar at 257, DICOM at 128, ISO at 32769).</summary>
internal sealed class ScanFolder : IDisposable
{
    private const int Header = 512;
    private const int FileLimit = 32 * 1024;
    private const int PieceLimit = FileLimit - Header - 8;
    private const int Overlap = 8 * 1024;
    private static readonly byte[] Gap = "\n\n\n\n"u8.ToArray();
    private readonly Dictionary<string, List<(int Line, ScanSource Source)>> _files = new(StringComparer.Ordinal);

    // A file is put together in memory and written at once: thousands of small objects would otherwise cost thousands of writes.
    private readonly ArrayBufferWriter<byte> _current = new(FileLimit);
    private string _name = "";
    private int _line;

    /// <summary>Makes the folder, readable by the gate alone.</summary>
    public ScanFolder()
    {
        Directory.CreateDirectory($"{Path}/files", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The folder; files lie in <c>files/</c> below it.</summary>
    public string Path { get; } = $"{GatePaths.Work}/scan-{Guid.NewGuid():N}";

    /// <summary>Bytes written.</summary>
    public long Size { get; private set; }

    /// <summary>Adds one view of an object.</summary>
    public void Add(string? objectId, string type, View view)
    {
        var bytes = view.Bytes;
        var firstLine = 1;
        // A rule that spans lines (private keys) must not reach from one object into the next.
        var alone = bytes.Length > PieceLimit || bytes.Span.IndexOf("-----BEGIN"u8) >= 0;
        for (var start = 0; start < bytes.Length;)
        {
            var length = Math.Min(PieceLimit, bytes.Length - start);
            Append(bytes.Span.Slice(start, length), new ScanSource(objectId, type, firstLine, view), alone);
            if (start + length >= bytes.Length)
            {
                break;
            }
            firstLine += bytes.Span.Slice(start, length - Overlap).Count((byte)'\n');
            start += length - Overlap;
        }
        if (alone)
        {
            Finish();
        }
    }

    /// <summary>Closes the last file: the folder is ready to be scanned.</summary>
    public void Finish()
    {
        if (_current.WrittenCount > 0)
        {
            using var file = new FileStream($"{Path}/files/{_name}", FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
            file.Write(_current.WrittenSpan);
            _current.ResetWrittenCount();
        }
    }

    /// <summary>What a line (from 1) of a file is.</summary>
    public (ScanSource Source, int Line)? Resolve(string file, int line)
    {
        if (!_files.TryGetValue(file, out var pieces) || pieces.LastOrDefault(piece => piece.Line <= line) is not { Source: { } source } found)
        {
            return null;
        }
        return (source, source.LineOf(line - found.Line));
    }

    /// <summary>Removes the folder with everything in it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    private void Append(ReadOnlySpan<byte> piece, ScanSource source, bool alone)
    {
        if (_current.WrittenCount == 0 || alone || _current.WrittenCount + piece.Length + Gap.Length > FileLimit)
        {
            Finish();
            _name = _files.Count.ToString(CultureInfo.InvariantCulture);
            _current.GetSpan(Header)[..Header].Fill((byte)'\n');
            _current.Advance(Header);
            _line = Header + 1;
            _files[_name] = [];
        }
        _files[_name].Add((_line, source));
        _current.Write(piece);
        _current.Write(Gap);
        _line += piece.Count((byte)'\n') + Gap.Length;
        Size += piece.Length;
    }
}
