using System.Runtime.InteropServices;

namespace Bottle.Benchmarks.Wire;

/// <summary>The few calls of libssl that blocking connections need. SslStream costs the client several times what the proxies under test cost, so that it would be client and origin that are measured.</summary>
internal static partial class OpenSsl
{
    private const string Library = "libssl.so.3";

    internal const int VerifyPeer = 1;
    internal const int FileIsPem = 1;
    internal const int CtrlSetTlsExtHostName = 55;
    internal const int CtrlSetSessionCacheMode = 44;
    internal const int CtrlSetMinProtoVersion = 123;
    internal const int Tls12 = 0x0303;

    [LibraryImport(Library)]
    internal static partial nint TLS_client_method();

    [LibraryImport(Library)]
    internal static partial nint TLS_server_method();

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_use_certificate_chain_file(nint context, string file);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_use_PrivateKey_file(nint context, string file, int type);

    [LibraryImport(Library)]
    internal static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport(Library)]
    internal static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_load_verify_locations(nint context, string file, string? directory);

    [LibraryImport(Library)]
    internal static partial nint SSL_new(nint context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint SSL_ctrl(nint ssl, int command, nint number, string text);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_set1_host(nint ssl, string host);

    [LibraryImport(Library)]
    internal static partial int SSL_set_fd(nint ssl, int descriptor);

    [LibraryImport(Library)]
    internal static partial int SSL_connect(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_accept(nint ssl);

    [LibraryImport(Library)]
    internal static unsafe partial int SSL_read(nint ssl, byte* buffer, int count);

    [LibraryImport(Library)]
    internal static unsafe partial int SSL_write(nint ssl, byte* buffer, int count);

    [LibraryImport(Library)]
    internal static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(Library)]
    internal static partial nint SSL_get_verify_result(nint ssl);

    [LibraryImport(Library)]
    internal static partial int SSL_shutdown(nint ssl);

    [LibraryImport(Library)]
    internal static partial void SSL_free(nint ssl);
}
