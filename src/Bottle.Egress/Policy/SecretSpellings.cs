using System.Text;

namespace Bottle.Egress.Policy;

/// <summary>The spellings in which an echo shows a secret. An upstream that wants to hide it has endless others: this is against careless echoes, not against an accomplice.</summary>
internal static class SecretSpellings
{
    public static IEnumerable<string> Of(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        foreach (var lower in new[] { false, true })
        {
            yield return Percent(bytes, all: false, lower);
            yield return Percent(bytes, all: true, lower);
            yield return lower ? Convert.ToHexStringLower(bytes) : Convert.ToHexString(bytes);
        }
        yield return Percent(bytes, all: false, lower: false).Replace("%20", "+", StringComparison.Ordinal);
        yield return secret.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        yield return secret.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
        foreach (var offset in new[] { 0, 1, 2 })
        {
            var text = Base64(bytes, offset);
            yield return text;
            yield return text.Replace('+', '-').Replace('/', '_');
            yield return Percent(Encoding.ASCII.GetBytes(text), all: false, lower: false);
        }
    }

    /// <summary>The characters of a base64 text that depend on the secret alone when <paramref name="offset"/> other bytes stand before it.</summary>
    private static string Base64(byte[] secret, int offset)
    {
        var padded = new byte[offset + secret.Length];
        secret.CopyTo(padded, offset);
        // The first characters mix with what stands before, an incomplete last group with what follows.
        var first = offset == 0 ? 0 : offset + 1;
        var whole = padded.Length * 8 / 6;
        return Convert.ToBase64String(padded)[first..whole];
    }

    private static string Percent(byte[] bytes, bool all, bool lower)
    {
        var text = new StringBuilder(bytes.Length * 3);
        foreach (var b in bytes)
        {
            if (!all && (char.IsAsciiLetterOrDigit((char)b) || (char)b is '-' or '.' or '_' or '~'))
            {
                text.Append((char)b);
            }
            else
            {
                text.Append('%').Append(lower ? Convert.ToHexStringLower([b]) : Convert.ToHexString([b]));
            }
        }
        return text.ToString();
    }
}
