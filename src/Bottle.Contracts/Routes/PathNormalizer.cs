using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Bottle.Contracts.Routes;

/// <summary>Writes the canonical characters of one path; the buffer must hold three characters for each of the input.</summary>
internal ref struct PathNormalizer(Span<char> buffer)
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Unreserved + "!$&'()*+,;=:@/");

    private readonly Span<char> _buffer = buffer;
    private int _length;
    private Utf8Sequence _sequence;

    /// <summary>Why the escapes of this path can be read in two ways; null when they cannot.</summary>
    public string? Ambiguity { get; private set; }

    /// <summary>What has been written.</summary>
    public readonly ReadOnlySpan<char> Written => _buffer[.._length];

    public bool TryNormalize(scoped ReadOnlySpan<char> raw, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        for (var i = 0; i < raw.Length && problem is null; i++)
        {
            var c = raw[i];
            if (c == '%')
            {
                problem = i + 2 < raw.Length && char.IsAsciiHexDigit(raw[i + 1]) && char.IsAsciiHexDigit(raw[i + 2])
                    ? WriteEscape(byte.Parse(raw.Slice(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture))
                    : "a '%' in the path is not followed by two hexadecimal digits";
                i += 2;
            }
            else
            {
                problem = WriteLiteral(c);
            }
        }
        NoteBrokenSequence();
        return problem is null;
    }

    private string? WriteLiteral(char c)
    {
        if (c is <= ' ' or >= (char)0x7f)
        {
            return "the path has a space, a control character or a character outside ASCII";
        }
        if (c is '\\' or '#' or '?')
        {
            return $"the path has the character '{c}'";
        }
        NoteBrokenSequence();
        if (PathCharacters.Contains(c))
        {
            _buffer[_length++] = c;
        }
        else
        {
            WriteHex((byte)c);
        }
        return null;
    }

    private string? WriteEscape(byte value)
    {
        if (value is < 0x20 or 0x7f)
        {
            return "the path has an encoded control character";
        }
        if (value >= 0x80)
        {
            Ambiguity ??= _sequence.Add(value);
            WriteHex(value);
            return null;
        }
        NoteBrokenSequence();
        if (Unreserved.Contains((char)value, StringComparison.Ordinal))
        {
            _buffer[_length++] = (char)value;
            return null;
        }
        if (value is (byte)'%' or (byte)'\\')
        {
            Ambiguity ??= value == '%' ? "the path is encoded twice (%25)" : "the path has an encoded backslash (%5C)";
        }
        WriteHex(value);
        return null;
    }

    private void NoteBrokenSequence()
    {
        if (_sequence.IsOpen)
        {
            Ambiguity ??= Utf8Sequence.Broken;
            _sequence = default;
        }
    }

    private void WriteHex(byte value)
    {
        _buffer[_length++] = '%';
        _buffer[_length++] = "0123456789ABCDEF"[value >> 4];
        _buffer[_length++] = "0123456789ABCDEF"[value & 15];
    }

    /// <summary>One percent-encoded UTF-8 sequence under way.</summary>
    private struct Utf8Sequence
    {
        public const string Broken = "the path has percent-encoded bytes that are not UTF-8";

        private int _value;
        private int _missing;
        private int _length;

        public readonly bool IsOpen => _missing > 0;

        /// <summary>Takes the next byte above 0x7F; what is wrong with the sequence, or null.</summary>
        public string? Add(byte value)
        {
            if (_missing == 0)
            {
                // C0, C1 and F5 upward only start overlong or impossible sequences.
                (_missing, _value) = value switch
                {
                    >= 0xC2 and <= 0xDF => (1, value & 0x1f),
                    >= 0xE0 and <= 0xEF => (2, value & 0x0f),
                    >= 0xF0 and <= 0xF4 => (3, value & 0x07),
                    _ => (0, 0),
                };
                _length = _missing + 1;
                return _missing == 0 ? Broken : null;
            }
            if (value > 0xBF)
            {
                _missing = 0;
                return Broken;
            }
            _value = (_value << 6) | (value & 0x3f);
            return --_missing > 0 ? null : Judge();
        }

        private readonly string? Judge()
        {
            if (!Rune.TryCreate(_value, out var rune) || rune.Utf8SequenceLength != _length)
            {
                return Broken;
            }
            // Full-width and look-alike separators, which some servers fold to ASCII.
            return _value is 0xFF0E or 0xFF0F or 0xFF3C or 0xFF05 or 0x2024 or 0x2215 or 0x2044 or 0x29F8 or 0xFE52 or 0xFE68
                ? "the path has a look-alike of '.', '/', '\\' or '%'"
                : null;
        }
    }
}
