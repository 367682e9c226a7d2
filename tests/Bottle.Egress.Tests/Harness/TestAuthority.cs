using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Egress.Tests.Harness;

/// <summary>A certificate authority of a test, and server certificates signed by it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _ca;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(2));
        KeyPem = key.ExportPkcs8PrivateKeyPem();
        Pem = own.ExportCertificatePem();
        _ca = X509Certificate2.CreateFromPem(Pem, KeyPem);
    }

    public string Pem { get; }

    public string KeyPem { get; }

    public X509Certificate2 Certificate => _ca;

    public X509Certificate2 Sign(string host, DateTimeOffset? notAfter = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var leaf = request.Create(_ca, _ca.NotBefore, notAfter ?? _ca.NotAfter, RandomNumberGenerator.GetBytes(8));
        using var withKey = leaf.CopyWithPrivateKey(key);
        // A round trip makes the key usable by SslStream everywhere.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }

    public void Dispose() => _ca.Dispose();
}
