using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bottle.PipelockStandIn.Configuration;

namespace Bottle.PipelockStandIn.Tls;

/// <summary>The authority of the configuration file, and the server certificates that it signs, one a host.</summary>
internal sealed class Authority
{
    private const string Sec1Start = "-----BEGIN EC PRIVATE KEY-----";

    private readonly X509Certificate2 _certificate;
    private readonly X509SignatureGenerator _signer;
    private readonly ECDsa _leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, Lazy<SslServerAuthenticationOptions>> _servers = new(StringComparer.Ordinal);

    public Authority(StandInConfig config)
    {
        // Pipelock reads the first PEM block only, and it must be SEC1.
        var keyText = File.ReadAllText(config.CaKey);
        if (!keyText.StartsWith(Sec1Start, StringComparison.Ordinal))
            throw new ConfigException($"CA key {config.CaKey}: the first block must be {Sec1Start}");
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(keyText);
            using var bare = X509CertificateLoader.LoadCertificateFromFile(config.CaCertificate);
            _certificate = bare.CopyWithPrivateKey(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new ConfigException($"CA certificate {config.CaCertificate} and its key: {e.Message}");
        }
        if (!_certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority)
            || !_certificate.Extensions.OfType<X509KeyUsageExtension>().Any(e => e.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign)))
            throw new ConfigException($"CA certificate {config.CaCertificate} may not sign certificates");
        _signer = X509SignatureGenerator.CreateForECDsa(key);
    }

    /// <summary>TLS options for a host that is intercepted; only allowed hosts get here, so that the cache stays as small as the allowlist is.</summary>
    public SslServerAuthenticationOptions For(string host) =>
        _servers.GetOrAdd(host, name => new Lazy<SslServerAuthenticationOptions>(() => Options(name))).Value;

    private SslServerAuthenticationOptions Options(string host) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(Mint(host), [X509CertificateLoader.LoadCertificate(_certificate.RawData)], offline: true),
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private X509Certificate2 Mint(string host)
    {
        var request = new CertificateRequest(new X500DistinguishedName("CN=pipelock stand-in"), new PublicKey(_leafKey), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var now = DateTimeOffset.UtcNow;
        var start = Later(now.AddHours(-1), _certificate.NotBefore);
        var end = Earlier(now.AddDays(1), _certificate.NotAfter);
        using var bare = request.Create(_certificate.SubjectName, _signer, start, end, RandomNumberGenerator.GetBytes(16));
        return bare.CopyWithPrivateKey(_leafKey);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
