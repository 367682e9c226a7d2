using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Host.Certificates;

/// <summary>Mints certificate authorities in-process (SPEC C1): ECDSA P-256, valid from an hour before, for 30 days, path length 0.</summary>
public sealed class CertificateMinter(TimeProvider time)
{
    /// <summary>How long an authority is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    // Clocks of host and containers differ a little.
    private static readonly TimeSpan Backdated = TimeSpan.FromHours(1);

    /// <summary>A new authority with a key of its own.</summary>
    public CertificateAuthority MintAuthority(string commonName)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(commonName);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now - Backdated, now + Lifetime), key);
    }
}
