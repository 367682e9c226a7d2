using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Host.Certificates;

/// <summary>An authority with its key; PEM with LF line ends.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private readonly X509Certificate2 certificate;
    private readonly ECDsa key;

    internal CertificateAuthority(X509Certificate2 certificate, ECDsa key)
    {
        this.certificate = certificate;
        this.key = key;
    }

    /// <summary>The certificate.</summary>
    public string CertificatePem => certificate.ExportCertificatePem() + "\n";

    /// <summary>The certificate, DER.</summary>
    public ReadOnlySpan<byte> CertificateDer => certificate.RawDataMemory.Span;

    /// <summary>The key as PKCS#8, for egress and servers. A secret.</summary>
    public string KeyPkcs8Pem => key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The key as SEC1, the only form that pipelock reads (facts/pipelock.md 4). A secret.</summary>
    public string KeySec1Pem => key.ExportECPrivateKeyPem() + "\n";

    /// <summary>SHA-256 of the certificate, upper-case hex in pairs with colons, as <c>openssl x509 -fingerprint</c> prints it.</summary>
    public string Sha256Fingerprint => string.Join(':', Convert.ToHexString(SHA256.HashData(certificate.RawData)).Chunk(2).Select(pair => new string(pair)));

    /// <summary>A server certificate for one host name or address, valid as long as the authority: the certificate followed by the authority's, and its key (PKCS#8).</summary>
    public (string ChainPem, string KeyPem) IssueServer(string host)
    {
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        // A common name has at most 64 characters, and clients read the alternative names only.
        name.AddCommonName(host.Length <= 64 ? host : "bottle");
        var request = new CertificateRequest(name.Build(), serverKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(AlternativeName(host));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var server = request.Create(certificate, certificate.NotBefore, certificate.NotAfter, Serial());
        return (server.ExportCertificatePem() + "\n" + CertificatePem, serverKey.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }

    private static X509Extension AlternativeName(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        return names.Build();
    }

    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        // Positive, and without a leading zero byte.
        serial[0] = (byte)(serial[0] & 0x3F | 0x40);
        return serial;
    }
}
