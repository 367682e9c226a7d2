using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Egress.Tls;

/// <summary>What an upstream leg is verified by: exactly the certificates of one file, never the system's store, and no way around it.</summary>
internal static class UpstreamTrust
{
    /// <summary>Client options that trust the file's certificates only; an absent or empty file trusts nobody.</summary>
    public static SslClientAuthenticationOptions From(string pemPath)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        if (File.Exists(pemPath))
        {
            policy.CustomTrustStore.ImportFromPemFile(pemPath);
        }
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
