using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Benchmarks.Machine;

/// <summary>A certificate authority of this run alone (ECDSA P-256), as PEM files: <c>NAME.pem</c>, <c>NAME-key.pem</c> (PKCS#8), <c>NAME-both.pem</c>.</summary>
internal sealed class Authority
{
    private readonly X509Certificate2 _certificate;
    private readonly string _folder;
    private readonly string _name;

    internal Authority(string folder, string name)
    {
        (_folder, _name) = (folder, name);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Bottle benchmark {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(7));
        (CertificateFile, KeyFile, BothFile) = WriteFiles(name, _certificate.ExportCertificatePem(), key);
    }

    internal string CertificateFile { get; }

    internal string KeyFile { get; }

    internal string BothFile { get; }

    /// <summary>Issues a server certificate for one name at 127.0.0.1 and returns the files of its chain and key.</summary>
    internal (string Certificate, string Key) Issue(string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        // mitmproxy is told the origin's address, and verifies by what it dials.
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        var leaf = request.Create(_certificate, DateTimeOffset.UtcNow.AddMinutes(-50), DateTimeOffset.UtcNow.AddDays(6), RandomNumberGenerator.GetBytes(12));
        var (certificate, keyFile, _) = WriteFiles($"{_name}-for-{host}", leaf.ExportCertificatePem(), key);
        return (certificate, keyFile);
    }

    private (string Certificate, string Key, string Both) WriteFiles(string name, string certificate, ECDsa key)
    {
        var pem = key.ExportPkcs8PrivateKeyPem();
        return (Workspace.Write(_folder, name + ".pem", certificate + "\n"),
            Workspace.Write(_folder, name + "-key.pem", pem + "\n"),
            Workspace.Write(_folder, name + "-both.pem", pem + "\n" + certificate + "\n"));
    }
}
