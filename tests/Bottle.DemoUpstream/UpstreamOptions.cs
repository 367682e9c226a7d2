using System.Globalization;
using System.Security.Cryptography;

namespace Bottle.DemoUpstream;

/// <summary>Where the upstream listens and what its canaries say. The defaults are those of the container.</summary>
internal sealed record UpstreamOptions
{
    public string Certificates { get; init; } = "/etc/upstream";
    public int HttpsPort { get; init; } = 443;
    public int CanaryPort { get; init; } = 7007;
    public int DnsPort { get; init; } = 53;
    public string Nonce { get; init; } = "none";

    /// <summary>What every canary answers.</summary>
    public string CanaryText => $"bottle-canary {Nonce}";

    public static UpstreamOptions FromEnvironment() => new()
    {
        Certificates = Environment.GetEnvironmentVariable("UPSTREAM_CERTIFICATES") ?? "/etc/upstream",
        HttpsPort = Port("UPSTREAM_HTTPS_PORT", 443),
        CanaryPort = Port("UPSTREAM_CANARY_PORT", 7007),
        DnsPort = Port("UPSTREAM_DNS_PORT", 53),
        Nonce = Environment.GetEnvironmentVariable("BOTTLE_CANARY_NONCE") ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
    };

    private static int Port(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
