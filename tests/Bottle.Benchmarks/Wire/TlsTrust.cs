using System.Collections.Concurrent;

namespace Bottle.Benchmarks.Wire;

/// <summary>One libssl context per trusted authority: verifies the peer, and never resumes a session, so that every new connection is a full handshake.</summary>
internal sealed class TlsTrust
{
    private static readonly ConcurrentDictionary<string, TlsTrust> Known = new();

    private TlsTrust(string authorityFile)
    {
        Context = OpenSsl.SSL_CTX_new(OpenSsl.TLS_client_method());
        if (Context == 0 || OpenSsl.SSL_CTX_load_verify_locations(Context, authorityFile, null) != 1)
            throw new InvalidOperationException($"libssl cannot read {authorityFile}");
        OpenSsl.SSL_CTX_set_verify(Context, OpenSsl.VerifyPeer, 0);
        OpenSsl.SSL_CTX_ctrl(Context, OpenSsl.CtrlSetSessionCacheMode, 0, 0);
        OpenSsl.SSL_CTX_ctrl(Context, OpenSsl.CtrlSetMinProtoVersion, OpenSsl.Tls12, 0);
    }

    internal nint Context { get; }

    /// <summary>The context that trusts the authorities of a PEM file; contexts live as long as the process.</summary>
    internal static TlsTrust Of(string authorityFile) => Known.GetOrAdd(authorityFile, static file => new TlsTrust(file));
}
