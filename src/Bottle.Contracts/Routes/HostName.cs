using System.Net;

namespace Bottle.Contracts.Routes;

/// <summary>The one reading of a DNS name, shared by manifests, routes.yaml, CONNECT, Host and SNI: ASCII A-labels (RFC 5890), at most 63 octets each and 253 in all.</summary>
public static class HostName
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;

    /// <summary>Null when <paramref name="name"/> (without a trailing dot, any case) is a well-formed name, else what is wrong with it.</summary>
    public static string? FindProblem(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty)
        {
            return "the host is empty";
        }
        if (name.Length > MaxName)
        {
            return $"the host is {name.Length} characters long; a DNS name has at most {MaxName}";
        }
        foreach (var range in name.Split('.'))
        {
            if (FindLabelProblem(name[range]) is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    /// <summary>
    /// Whether resolvers could read the name as an IPv4 address: its last label is a number (decimal or <c>0x…</c>, the WHATWG rule), as in
    /// <c>10.0.0.1</c>, <c>127.1</c> or <c>2130706433</c>.
    /// </summary>
    public static bool LooksLikeAddress(ReadOnlySpan<char> name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return !last.IsEmpty && (!last.ContainsAnyExceptInRange('0', '9') || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Whether the name is a dotted quad exactly as <see cref="IPAddress"/> prints it; every other spelling of an address is refused by callers.</summary>
    public static bool IsCanonicalIPv4(ReadOnlySpan<char> name) =>
        IPAddress.TryParse(name, out var address) && name.SequenceEqual(address.ToString());

    private static string? FindLabelProblem(ReadOnlySpan<char> label)
    {
        if (label.IsEmpty)
        {
            return "the host has an empty label (two dots, or a dot at its start or end)";
        }
        if (label.Length > MaxLabel)
        {
            return $"a label of the host is {label.Length} characters long; DNS allows {MaxLabel}";
        }
        if (label[0] == '-' || label[^1] == '-')
        {
            return "a label of the host starts or ends with a hyphen";
        }
        foreach (var c in label)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return c > 0x7f
                    ? "the host has a character outside ASCII; write it in its xn-- form"
                    : $"the host has the character {Printable(c)}; a name has letters, digits, hyphens and dots";
            }
        }
        return null;
    }

    private static string Printable(char c) => c is > ' ' and < (char)0x7f ? $"'{c}'" : $"U+{(int)c:X4}";
}
