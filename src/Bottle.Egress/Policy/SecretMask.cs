using System.Buffers;
using System.Text;

namespace Bottle.Egress.Policy;

/// <summary>
/// Finds a secret in what an upstream sends back, in the spellings that echo services use (plain, base64 in every alignment, URL-encoded, hexadecimal), and overwrites it
/// with asterisks of the same length, so that no framing changes. Safe for concurrent use.
/// </summary>
internal sealed class SecretMask
{
    /// <summary>Shorter values are not masked: they would be found in ordinary text.</summary>
    public const int MinLength = 8;

    private readonly SecretAutomaton? _automaton;

    public SecretMask(IEnumerable<string> secrets)
    {
        var patterns = secrets.Where(s => s.Length >= MinLength).SelectMany(SecretSpellings.Of).Where(p => p.Length >= MinLength).Distinct(StringComparer.Ordinal).ToArray();
        _automaton = patterns.Length == 0 ? null : new SecretAutomaton([.. patterns.Select(Encoding.UTF8.GetBytes)]);
    }

    /// <summary>
    /// Goes over a stream's next bytes: <paramref name="data"/> begins with what was held back before, scanned already up to <paramref name="scanned"/>. Masks what is found, and
    /// returns how many bytes at the end could still become a secret and must be held back. <paramref name="state"/> is 0 for a new stream.
    /// </summary>
    public int Apply(Span<byte> data, int scanned, ref int state)
    {
        if (_automaton is not { } automaton)
        {
            return 0;
        }
        for (var i = scanned; i < data.Length; i++)
        {
            if (state == 0)
            {
                i += automaton.SkipFrom(data[i..]);
                if (i == data.Length)
                {
                    break;
                }
            }
            state = automaton.Next(state, data[i]);
            if (automaton.Match(state) is var length and > 0)
            {
                data.Slice(i + 1 - length, length).Fill((byte)'*');
            }
        }
        return automaton.Depth(state);
    }

    /// <summary>A header value without the secret; the same text when there is nothing to hide.</summary>
    public string Apply(string text)
    {
        if (_automaton is null || text.Length < MinLength)
        {
            return text;
        }
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length);
        var data = bytes.AsSpan(0, Encoding.Latin1.GetBytes(text, bytes));
        var state = 0;
        Apply(data, 0, ref state);
        // Nearly always nothing was found; then there is nothing to make.
        var masked = Ascii.Equals(data, text) ? text : Encoding.Latin1.GetString(data);
        ArrayPool<byte>.Shared.Return(bytes);
        return masked;
    }
}
