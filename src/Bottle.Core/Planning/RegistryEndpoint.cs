using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>A registry as its client's configuration names it: what of the URL a route can hold. User name, password, query and fragment are not part of it.</summary>
public sealed record RegistryEndpoint
{
    private const int PlainHttp = 80;

    private RegistryEndpoint(string host, int port, string path) => (Host, Port, Path) = (host, port, path);

    /// <summary>The exact host, lower case.</summary>
    public string Host { get; }

    /// <summary>The port: 80 for <c>http</c>, any other one for <c>https</c>.</summary>
    public int Port { get; }

    /// <summary>The path below which the registry lies; starts and ends with a slash.</summary>
    public string Path { get; }

    /// <summary>Reads a URL; <paramref name="problem"/> says why no route can be made of it, without the URL's user name and password.</summary>
    public static bool TryParse(string url, [NotNullWhen(true)] out RegistryEndpoint? endpoint, [NotNullWhen(false)] out string? problem)
    {
        endpoint = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            problem = "it is no http or https URL";
            return false;
        }
        var host = uri.IdnHost.ToLowerInvariant();
        var path = uri.AbsolutePath.EndsWith('/') ? uri.AbsolutePath : uri.AbsolutePath + "/";
        if (!HostPattern.TryParse(host, out _, out problem) || !PathPattern.TryParse(path + "*", out _, out problem))
            return false;
        problem = (uri.Scheme == Uri.UriSchemeHttp) == (uri.Port == PlainHttp) ? null
            : string.Create(CultureInfo.InvariantCulture, $"port {uri.Port} with {uri.Scheme}: a route means plain HTTP by port 80, and TLS by every other one");
        if (problem is not null)
            return false;
        endpoint = new RegistryEndpoint(host, uri.Port, path);
        return true;
    }
}
