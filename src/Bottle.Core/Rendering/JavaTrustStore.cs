using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Bottle.Core.Rendering;

/// <summary>A Java truststore (format JKS, version 2) with one authority: Java reads neither PEM files nor the variables that name them (SPEC C2).</summary>
/// <remarks>The format is that of <c>sun.security.provider.JavaKeyStore</c>: entries, then SHA-1 over password, a fixed phrase and the entries. Integrity is the mount's business, so that the password may be Java's well-known one.</remarks>
public static class JavaTrustStore
{
    /// <summary>The password that every Java installation uses for its own authorities.</summary>
    public const string Password = "changeit";

    private const uint Magic = 0xFEEDFEED;
    private const int Version = 2;
    private const int TrustedCertificate = 2;
    private const string Alias = "claude-bottle-mitm-ca";
    private const string Phrase = "Mighty Aphrodite";

    /// <summary>The file's bytes for a certificate in DER; equal certificates give equal bytes.</summary>
    public static byte[] Render(ReadOnlySpan<byte> certificateDer)
    {
        using var store = new MemoryStream();
        Number(store, Magic);
        Number(store, Version);
        Number(store, 1); // entries
        Number(store, TrustedCertificate);
        Text(store, Alias);
        store.Write(stackalloc byte[8]); // when it was added: milliseconds since 1970, which nobody reads
        Text(store, "X.509");
        Number(store, (uint)certificateDer.Length);
        store.Write(certificateDer);
        store.Write(Digest(store.ToArray()));
        return store.ToArray();
    }

#pragma warning disable CA5350 // The format knows no other digest, and it protects nothing here.
    private static byte[] Digest(byte[] entries) =>
        SHA1.HashData([.. Encoding.BigEndianUnicode.GetBytes(Password), .. Encoding.ASCII.GetBytes(Phrase), .. entries]);
#pragma warning restore CA5350

    private static void Number(MemoryStream store, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        store.Write(bytes);
    }

    private static void Text(MemoryStream store, string ascii)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)ascii.Length);
        store.Write(length);
        store.Write(Encoding.ASCII.GetBytes(ascii));
    }
}
