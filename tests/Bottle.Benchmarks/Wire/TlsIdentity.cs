namespace Bottle.Benchmarks.Wire;

/// <summary>A libssl context of a server: its certificate and key.</summary>
internal sealed class TlsIdentity
{
    internal TlsIdentity(string certificateFile, string keyFile)
    {
        Context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_server_method());
        if (Context == 0
            || OpenSsl.SSL_CTX_use_certificate_chain_file(Context, certificateFile) != 1
            || OpenSsl.SSL_CTX_use_PrivateKey_file(Context, keyFile, OpenSsl.FileIsPem) != 1)
            throw new InvalidOperationException($"libssl cannot use {certificateFile} with {keyFile}");
    }

    internal nint Context { get; }
}
