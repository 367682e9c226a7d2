using System.Buffers;
using System.Text;

namespace Bottle.Egress.Provider;

/// <summary>One open object or array: the key it stands under, and the key that is being read in it.</summary>
internal sealed record JsonFrame(bool IsArray, string? Name)
{
    /// <summary>The key whose value comes next or is being read; null in an array.</summary>
    public string? Key { get; set; }
}

/// <summary>
/// Reads JSON as it passes by, byte by byte, without keeping it: keys and short strings are reported, long strings are skipped. Structure and strings are read strictly, so that
/// no other reader sees a key where this one saw none; numbers and literals are not judged. A document is an object or an array.
/// </summary>
internal sealed class JsonPushReader
{
    private const int MaxDepth = 256;
    private const int MaxReported = 512;

    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    private readonly Func<JsonPushReader, string?, string?> _onKeyOrText;
    private readonly JsonAtom? _onAtom;
    private readonly ArrayBufferWriter<byte> _text = new(64);
    private readonly List<JsonFrame> _frames = [];
    private Expected _expected = Expected.Value;
    private bool _inText;
    private bool _inAtom;
    private bool _escaped;
    private bool _tooLong;

    /// <summary><paramref name="onKeyOrText"/> gets every key (with null) and every string value (null when too long to be of interest); what it returns is a problem that ends the reading. <paramref name="onAtom"/> gets every number and literal as it is written.</summary>
    public JsonPushReader(Func<JsonPushReader, string?, string?> onKeyOrText, JsonAtom? onAtom = null) => (_onKeyOrText, _onAtom) = (onKeyOrText, onAtom);

    private enum Expected
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        Nothing,
    }

    /// <summary>The open containers, outermost first.</summary>
    public IReadOnlyList<JsonFrame> Frames => _frames;

    /// <summary>Whether the last report was of a key.</summary>
    public bool IsKey { get; private set; }

    /// <summary>How the string that is being reported begins, however long it is.</summary>
    public string Beginning => JsonEscapes.UndoBeginning(Encoding.UTF8.GetString(_text.WrittenSpan));

    /// <summary>Whether one whole document has been read.</summary>
    public bool IsComplete => _expected == Expected.Nothing && !_inText;

    /// <summary>Reads on; null, or the problem.</summary>
    public string? Feed(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_inText && !_escaped)
            {
                i += SkipPlainText(bytes[i..]);
                if (i == bytes.Length)
                {
                    break;
                }
            }
            if ((_inText ? InText(bytes[i]) : OutsideText(bytes[i])) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    /// <summary>Forgets the document, whole or not; another begins.</summary>
    public void Reset()
    {
        _frames.Clear();
        (_expected, _inText, _inAtom, _escaped, _tooLong) = (Expected.Value, false, false, false, false);
    }

    private int SkipPlainText(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.IndexOfAny(EndsPlainText) is var end and >= 0 ? end : bytes.Length;
        Keep(bytes[..length]);
        return length;
    }

    private string? InText(byte value)
    {
        if (value < 0x20)
        {
            return "a string has a control character";
        }
        if (!_escaped && value == '"')
        {
            _inText = false;
            return EndText();
        }
        _escaped = !_escaped && value == '\\';
        Keep([value]);
        return null;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var room = Math.Min(bytes.Length, MaxReported - _text.WrittenCount);
        _tooLong |= room < bytes.Length;
        _text.Write(bytes[..room]);
    }

    private string? EndText()
    {
        var text = _tooLong ? null : JsonEscapes.Undo(Encoding.UTF8.GetString(_text.WrittenSpan));
        if (text is null && !_tooLong)
        {
            return "a string has a broken escape";
        }
        IsKey = _expected is Expected.Key or Expected.KeyOrEnd;
        if (IsKey)
        {
            _frames[^1].Key = text ?? "";
            _expected = Expected.Colon;
            return _onKeyOrText(this, null);
        }
        EndValue();
        return _onKeyOrText(this, text);
    }

    private string? OutsideText(byte value)
    {
        if (value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            return EndAtom();
        }
        if (!IsAtom(value) && EndAtom() is { } problem)
        {
            return problem;
        }
        return (char)value switch
        {
            '"' => BeginText(),
            '{' => Open(isArray: false),
            '[' => Open(isArray: true),
            '}' => Close(isArray: false),
            ']' => Close(isArray: true),
            ':' => Advance(_expected == Expected.Colon, Expected.Value),
            ',' => Advance(_expected == Expected.CommaOrEnd, _frames.Count > 0 && _frames[^1].IsArray ? Expected.Value : Expected.Key),
            _ => Atom(value),
        };
    }

    private string? BeginText()
    {
        if (_frames.Count == 0 || _expected is not (Expected.Value or Expected.ValueOrEnd or Expected.Key or Expected.KeyOrEnd))
        {
            return "a string stands where none can be";
        }
        _text.ResetWrittenCount();
        (_inText, _escaped, _tooLong) = (true, false, false);
        return null;
    }

    private string? Open(bool isArray)
    {
        if (_expected is not (Expected.Value or Expected.ValueOrEnd) || _frames.Count == MaxDepth)
        {
            return "a container stands where none can be, or too deep";
        }
        var outer = _frames.Count > 0 ? _frames[^1] : null;
        // Elements of an array stand under the array's key.
        var name = outer is null ? null : outer.IsArray ? outer.Name : outer.Key;
        _frames.Add(new JsonFrame(isArray, name));
        _expected = isArray ? Expected.ValueOrEnd : Expected.KeyOrEnd;
        return null;
    }

    private string? Close(bool isArray)
    {
        if (_frames.Count == 0 || _frames[^1].IsArray != isArray || !(_expected == Expected.CommaOrEnd || _expected == (isArray ? Expected.ValueOrEnd : Expected.KeyOrEnd)))
        {
            return "a container ends where it cannot";
        }
        _frames.RemoveAt(_frames.Count - 1);
        EndValue();
        return null;
    }

    private string? Advance(bool isPossible, Expected next)
    {
        _expected = next;
        return isPossible ? null : "a ':' or ',' stands where none can be";
    }

    private string? Atom(byte value)
    {
        if (_inAtom)
        {
            Keep([value]);
            return null;
        }
        if (_frames.Count == 0 || !IsAtom(value) || _expected is not (Expected.Value or Expected.ValueOrEnd))
        {
            return "it is not JSON";
        }
        _text.ResetWrittenCount();
        (_inAtom, _tooLong) = (true, false);
        Keep([value]);
        EndValue();
        return null;
    }

    private string? EndAtom()
    {
        if (!_inAtom)
        {
            return null;
        }
        _inAtom = false;
        return _onAtom?.Invoke(this, _tooLong ? [] : _text.WrittenSpan);
    }

    private void EndValue() => _expected = _frames.Count == 0 ? Expected.Nothing : Expected.CommaOrEnd;

    private static bool IsAtom(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'+' or (byte)'-' or (byte)'.';
}

/// <summary>Gets a number or literal as it is written, empty when it is too long to be of interest; what it returns is a problem that ends the reading.</summary>
internal delegate string? JsonAtom(JsonPushReader reader, ReadOnlySpan<byte> text);
