namespace Bottle.Host.Certificates;

/// <summary>The certificate authorities that this host trusts.</summary>
public static class SystemRoots
{
    /// <summary>Where distributions keep them as one file: Debian and Alpine, Fedora, older Fedora, SUSE, macOS and BSD.</summary>
    private static readonly string[] Bundles =
    [
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ];

    /// <summary>The host's bundle as PEM, ending in a line break; null when the host has none (package <c>ca-certificates</c> is not installed).</summary>
    public static string? ReadPem() => ReadPem(Bundles);

    internal static string? ReadPem(IEnumerable<string> bundles) =>
        bundles.Where(File.Exists).Select(File.ReadAllText)
            .Where(text => text.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            .Select(text => text.EndsWith('\n') ? text : text + "\n").FirstOrDefault();
}
