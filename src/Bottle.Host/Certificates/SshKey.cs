using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Bottle.Host.Certificates;

/// <summary>A fresh ssh key pair (ECDSA P-256), for test upstreams: PEM that ssh and sshd read, and the line by which the other side knows it.</summary>
public sealed class SshKey : IDisposable
{
    private const string Type = "ecdsa-sha2-nistp256";
    private const string Curve = "nistp256";
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The private key, SEC1 PEM. A secret.</summary>
    public string PrivatePem => key.ExportECPrivateKeyPem() + "\n";

    /// <summary>Type and key as in authorized_keys and, after a host's name, in known_hosts (RFC 5656).</summary>
    public string PublicLine
    {
        get
        {
            var point = key.ExportParameters(includePrivateParameters: false).Q;
            using var blob = new MemoryStream();
            Part(blob, Encoding.ASCII.GetBytes(Type));
            Part(blob, Encoding.ASCII.GetBytes(Curve));
            Part(blob, [4, .. point.X!, .. point.Y!]); // 4: an uncompressed point
            return $"{Type} {Convert.ToBase64String(blob.ToArray())}";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    private static void Part(MemoryStream blob, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        blob.Write(length);
        blob.Write(part);
    }
}
