using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bottle.Contracts.Routes;

/// <summary>
/// A host and a port as every place of a request must spell them: CONNECT, Host, <c>:authority</c>, absolute-form and SNI are parsed by this one strict reader, then compared.
/// The host is lower case without a trailing dot; an IPv6 address keeps its brackets.
/// </summary>
public readonly record struct Authority(string Host, int Port)
{
    /// <summary>The longest accepted text: a name, a trailing dot, a colon and five digits.</summary>
    private const int MaxText = 260;

    /// <summary>Whether the host is an IP address, which no route can name.</summary>
    public bool IsAddress => Host[0] == '[' || HostName.LooksLikeAddress(Host);

    /// <summary>
    /// Reads <c>host</c>, <c>host:port</c> or <c>[v6]:port</c>. User information, zone identifiers, non-canonical addresses, empty labels and ports such as
    /// <c>0443</c> are refused with a reason. <paramref name="defaultPort"/> 0 means that the port must be written.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, int defaultPort, out Authority authority, out string problem)
    {
        authority = default;
        if (text.IsEmpty || text.Length > MaxText)
        {
            problem = text.IsEmpty ? "the host is empty" : "the host is too long";
            return false;
        }
        if (text.Contains('@'))
        {
            problem = "user information ('user@') is not allowed before the host";
            return false;
        }
        var end = text[0] == '[' ? text.IndexOf(']') + 1 : text.IndexOf(':') is var colon and >= 0 ? colon : text.Length;
        var port = defaultPort;
        if (end < text.Length && (text[end] != ':' || !TryParsePort(text[(end + 1)..], out port)))
        {
            problem = "the port is not a number from 1 to 65535 in plain digits";
            return false;
        }
        if (port == 0)
        {
            problem = "the port is missing";
            return false;
        }
        if (!TryParseHost(text[..end], out var host, out problem))
        {
            return false;
        }
        authority = new Authority(host, port);
        return true;
    }

    /// <summary>As a Host header writes it: without the port when it is the scheme's own.</summary>
    public string ToHeader(RequestScheme scheme) => Port == scheme.DefaultPort() ? Host : ToString();

    /// <summary><c>host:port</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static bool TryParseHost(ReadOnlySpan<char> text, out string host, out string problem)
    {
        host = "";
        if (text.Length > 1 && text[0] == '[')
        {
            var inner = text[1..^1];
            if (inner.Contains('%') || !IPAddress.TryParse(inner, out var v6) || v6.AddressFamily != AddressFamily.InterNetworkV6)
            {
                problem = "the IPv6 address is malformed";
                return false;
            }
            host = $"[{v6}]";
            problem = "";
            return true;
        }
        var name = text.Length > 1 && text[^1] == '.' ? text[..^1] : text;
        problem = HostName.FindProblem(name) ?? "";
        if (problem.Length == 0 && HostName.LooksLikeAddress(name) && !HostName.IsCanonicalIPv4(name))
        {
            problem = "the host is an IP address in an unusual spelling";
        }
        if (problem.Length > 0)
        {
            return false;
        }
        host = Lower(name);
        return true;
    }

    private static string Lower(ReadOnlySpan<char> name) =>
        string.Create(name.Length, name, static (buffer, source) => source.ToLowerInvariant(buffer));

    private static bool TryParsePort(ReadOnlySpan<char> digits, out int port)
    {
        port = 0;
        return digits.Length is > 0 and <= 5 && digits[0] != '0' && !digits.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535;
    }
}
