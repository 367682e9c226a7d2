using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Build.Launching;

/// <summary>The operator's own upstream roots (SPEC C3).</summary>
internal static class UpstreamCa
{
    /// <summary>The certificates of a PEM file, and nothing else of it: a key that lies in the same file goes nowhere.</summary>
    internal static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(await File.ReadAllTextAsync(path, cancellation));
            return certificates.Count > 0 ? certificates.ExportCertificatePems() : throw new BottleException(LaunchErrors.UpstreamCaUnusable(path, "it holds no certificate"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new BottleException(LaunchErrors.UpstreamCaUnusable(path, exception.Message), exception);
        }
    }
}
