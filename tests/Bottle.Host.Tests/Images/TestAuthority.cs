using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Host.Tests.Images;

/// <summary>An authority of one test: as pipelock wants it, or wrong on purpose.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestAuthority(string name, X509KeyUsageFlags usage = X509KeyUsageFlags.KeyCertSign)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public X509Certificate2 Certificate { get; }

    public string Sec1 => key.ExportECPrivateKeyPem() + "\n";

    public string Pkcs8 => key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>The key of the certificate that was issued last.</summary>
    public string IssuedKey { get; private set; } = "";

    public X509Certificate2 Issue(string dnsName)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IssuedKey = own.ExportPkcs8PrivateKeyPem() + "\n";
        var request = new CertificateRequest($"CN={dnsName}", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(dnsName);
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(Certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(20), RandomNumberGenerator.GetBytes(12));
        // A server's key must be in the store's format, not ephemeral.
        using var whole = bare.CopyWithPrivateKey(own);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        key.Dispose();
    }
}
