namespace Bottle.Contracts.Routes;

/// <summary>How a request travels: plain HTTP is port 80 only, every other port is TLS.</summary>
public enum RequestScheme
{
    /// <summary>Plain HTTP.</summary>
    Http,
    /// <summary>HTTP over TLS.</summary>
    Https,
}

/// <summary>What follows from a scheme.</summary>
public static class RequestSchemeExtensions
{
    /// <summary>80 or 443.</summary>
    public static int DefaultPort(this RequestScheme scheme) => scheme == RequestScheme.Http ? 80 : 443;

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public static string Text(this RequestScheme scheme) => scheme == RequestScheme.Http ? "http" : "https";
}
