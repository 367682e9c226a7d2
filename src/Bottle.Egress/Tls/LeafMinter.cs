using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Egress.Tls;

/// <summary>Signs one certificate a host with the bottle's authority. All leaves share one key of this process.</summary>
internal sealed class LeafMinter : IDisposable
{
    private const int MaxCommonName = 64;

    private readonly X509Certificate2 _ca;
    private readonly X509Certificate2 _caWithoutKey;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509SignatureGenerator _signer;
    private readonly X509AuthorityKeyIdentifierExtension _authorityKey;
    private readonly TimeProvider _clock;

    public LeafMinter(string caPath, string keyPath, TimeProvider clock)
    {
        _clock = clock;
        _ca = X509Certificate2.CreateFromPemFile(caPath, keyPath);
        _caWithoutKey = X509CertificateLoader.LoadCertificate(_ca.RawData);
        _signer = X509SignatureGenerator.CreateForECDsa(_ca.GetECDsaPrivateKey() ?? throw new CryptographicException($"{keyPath} is not an EC key"));
        _authorityKey = X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_ca, includeKeyIdentifier: true, includeIssuerAndSerial: false);
    }

    /// <summary>Everything Kestrel needs to answer for a host (1-2 ms of CPU): certificate, ALPN h2 and http/1.1, TLS 1.2 and 1.3.</summary>
    public SslServerAuthenticationOptions Mint(string host)
    {
        using var certificate = Sign(host);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate.CopyWithPrivateKey(_key), [_caWithoutKey], offline: true),
            // Set here: Kestrel would otherwise write into this shared object.
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ClientCertificateRequired = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ca.Dispose();
        _caWithoutKey.Dispose();
        _key.Dispose();
    }

    private X509Certificate2 Sign(string host)
    {
        var subject = new X500DistinguishedName("CN=" + (host.Length <= MaxCommonName ? host : "bottle egress"));
        var request = new CertificateRequest(subject, new PublicKey(_key), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build(critical: host.Length > MaxCommonName));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(_authorityKey);
        Span<byte> serial = stackalloc byte[16];
        RandomNumberGenerator.Fill(serial);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        var now = _clock.GetUtcNow();
        return request.Create(_ca.SubjectName, _signer, Later(now.AddHours(-1), _ca.NotBefore), Earlier(now.AddDays(365), _ca.NotAfter), serial);
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
