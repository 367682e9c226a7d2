using System.Buffers.Text;
using System.Text;

namespace Bottle.Benchmarks.Wire;

/// <summary>Reads HTTP/1.1 answers or requests from a connection without allocating: a head, then its body by length, by chunks, or until the end.</summary>
internal sealed class HttpReader(WireStream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _left;
    private bool _chunked;
    private bool _untilClose;
    private bool _firstChunk;
    private bool _finished;

    /// <summary>Reads the head of an answer; interim ones (1xx) are passed over. The status is returned.</summary>
    internal int ReadAnswer()
    {
        while (true)
        {
            var head = ReadHead();
            if (head.Length < 12 || !head.StartsWith("HTTP/1."u8) || !Utf8Parser.TryParse(head[9..12], out int status, out _))
                throw new IOException("not an HTTP answer: " + Encoding.Latin1.GetString(head[..Math.Min(60, head.Length)]));
            if (status is >= 100 and < 200 and not 101)
                continue;
            StartBody(head, endsWithConnection: true);
            return status;
        }
    }

    /// <summary>Reads the head of a request, valid until the next call; empty when the client has closed instead.</summary>
    internal ReadOnlySpan<byte> ReadRequest()
    {
        if (_start == _end && !TryFill())
            return [];
        var head = ReadHead();
        StartBody(head, endsWithConnection: false);
        return head;
    }

    /// <summary>The next part of the body, valid until the next call; empty when the body is complete.</summary>
    internal ReadOnlySpan<byte> ReadBody()
    {
        if (_finished || (_chunked && _left == 0 && !NextChunk()))
            return [];
        if (!_untilClose && _left == 0)
            return Finish();
        if (_start == _end && !TryFill())
            return _untilClose ? Finish() : throw new IOException("the body ends early");
        var count = (int)Math.Min(_end - _start, _untilClose ? long.MaxValue : _left);
        var part = _buffer.AsSpan(_start, count);
        _start += count;
        if (!_untilClose)
            _left -= count;
        return part;
    }

    /// <summary>Reads the rest of the body and returns its length in bytes.</summary>
    internal long Drain()
    {
        long total = 0;
        while (ReadBody() is { Length: > 0 } part)
            total += part.Length;
        return total;
    }

    /// <summary>The rest of the body as text, at most 64 KiB of it.</summary>
    internal string DrainText()
    {
        var text = new StringBuilder();
        while (ReadBody() is { Length: > 0 } part)
        {
            if (text.Length < _buffer.Length)
                text.Append(Encoding.UTF8.GetString(part));
        }
        return text.ToString();
    }

    private ReadOnlySpan<byte> ReadHead()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n\r\n"u8)) < 0)
            Fill("the head");
        var head = _buffer.AsSpan(_start, length + 4);
        _start += length + 4;
        return head;
    }

    private void StartBody(ReadOnlySpan<byte> head, bool endsWithConnection)
    {
        var length = HeadText.Number(head, "\r\ncontent-length:"u8);
        _finished = false;
        _firstChunk = true;
        _chunked = HeadText.Value(head, "\r\ntransfer-encoding:"u8).IndexOf("chunked"u8) >= 0;
        _untilClose = endsWithConnection && !_chunked && length < 0;
        _left = _chunked ? 0 : Math.Max(0, length);
    }

    private bool NextChunk()
    {
        var line = _firstChunk ? ReadLine() : ReadLineAfterChunk();
        _firstChunk = false;
        if (!Utf8Parser.TryParse(line, out _left, out _, 'x'))
            throw new IOException("bad chunk size");
        if (_left > 0)
            return true;
        while (ReadLine().Length > 0)
        {
            // Trailers are of no interest here.
        }
        _finished = true;
        return false;
    }

    private ReadOnlySpan<byte> ReadLineAfterChunk() =>
        ReadLine().Length == 0 ? ReadLine() : throw new IOException("no line end after a chunk");

    private ReadOnlySpan<byte> ReadLine()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
            Fill("a line");
        var line = _buffer.AsSpan(_start, length);
        _start += length + 2;
        return line;
    }

    private ReadOnlySpan<byte> Finish()
    {
        _finished = true;
        return [];
    }

    private void Fill(string what)
    {
        if (!TryFill())
            throw new IOException("the connection ends within " + what);
    }

    private bool TryFill()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end == _buffer.Length)
        {
            if (_start == 0)
                throw new IOException("a line or head longer than 64 KiB");
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        var read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        return read > 0;
    }
}
