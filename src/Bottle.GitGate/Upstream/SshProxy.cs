namespace Bottle.GitGate.Upstream;

/// <summary>An HTTP proxy whose CONNECT leads to upstream: pipelock, for which the upstream's host is on passthrough.</summary>
internal sealed record SshProxy(string Host, int Port)
{
    /// <summary>Reads <c>http://host:port</c>; null for null or empty text.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static SshProxy? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == "http" && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4
            ? new SshProxy(uri.Host, uri.Port)
            : throw new FormatException("GIT_GATE_UPSTREAM_PROXY is http://host:port");
    }
}
