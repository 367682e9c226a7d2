using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bottle.Benchmarks.Wire;

/// <summary>A blocking connection: TCP, and TLS once started. A failure is an <see cref="IOException"/> that says at which step.</summary>
internal sealed class WireStream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Socket _socket;
    private nint _ssl;

    private WireStream(Socket socket) => _socket = socket;

    /// <summary>Opens the whole way to the origin: TCP, CONNECT when the target is a forward proxy, TLS.</summary>
    internal static WireStream Open(Target target)
    {
        var stream = OpenTunnel(target);
        try
        {
            stream.StartTls(target);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens the TCP connection and, for a forward proxy, the tunnel; TLS is not started.</summary>
    internal static WireStream OpenTunnel(Target target)
    {
        var stream = OpenTcp(target.Address);
        try
        {
            if (target.IsForwardProxy)
                stream.Connect(target);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Opens the TCP connection alone.</summary>
    internal static WireStream OpenTcp(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Connect(address);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"connect to {address}: {e.SocketErrorCode}", e);
        }
        var stream = new WireStream(socket);
        stream.SetPatience(Patience);
        return stream;
    }

    /// <summary>Takes over an accepted socket; it waits for its peer without limit.</summary>
    internal static WireStream Accepted(Socket socket)
    {
        socket.NoDelay = true;
        return new WireStream(socket);
    }

    /// <summary>The first byte that the peer sends, which stays unread; -1 when it closes.</summary>
    internal int Peek()
    {
        var first = new byte[1];
        try
        {
            return _socket.Receive(first, SocketFlags.Peek) == 0 ? -1 : first[0];
        }
        catch (SocketException)
        {
            return -1;
        }
    }

    /// <summary>How long one read or write may take before it fails.</summary>
    internal void SetPatience(TimeSpan patience)
    {
        _socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
        _socket.SendTimeout = (int)patience.TotalMilliseconds;
    }

    /// <summary>Starts TLS with the origin's name and verifies the peer.</summary>
    internal void StartTls(Target target)
    {
        _ssl = OpenSsl.SSL_new(TlsTrust.Of(target.AuthorityFile).Context);
        _ = OpenSsl.SSL_ctrl(_ssl, OpenSsl.CtrlSetTlsExtHostName, 0, target.Host);
        _ = OpenSsl.SSL_set1_host(_ssl, target.Host);
        _ = OpenSsl.SSL_set_fd(_ssl, (int)_socket.SafeHandle.DangerousGetHandle());
        var result = OpenSsl.SSL_connect(_ssl);
        if (result != 1)
            throw new IOException($"TLS handshake with {target.Host}: error {OpenSsl.SSL_get_error(_ssl, result)}, verification {OpenSsl.SSL_get_verify_result(_ssl)}");
    }

    /// <summary>Ends the server's part of the handshake.</summary>
    internal void AcceptTls(TlsIdentity identity)
    {
        _ssl = OpenSsl.SSL_new(identity.Context);
        _ = OpenSsl.SSL_set_fd(_ssl, (int)_socket.SafeHandle.DangerousGetHandle());
        var result = OpenSsl.SSL_accept(_ssl);
        if (result != 1)
            throw new IOException($"TLS handshake: error {OpenSsl.SSL_get_error(_ssl, result)}");
    }

    /// <summary>Says to the peer that no more will be sent; reading goes on.</summary>
    internal void ShutdownSend()
    {
        if (_ssl != 0)
            _ = OpenSsl.SSL_shutdown(_ssl);
        else
            ShutdownSocket();
    }

    /// <summary>Whether a read failed because nothing came in time.</summary>
    internal static bool IsTimeout(IOException failure) =>
        failure.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };

    /// <summary>Reads what is there, at least one byte; 0 = the peer has closed.</summary>
    internal unsafe int Read(Span<byte> buffer)
    {
        if (_ssl == 0)
            return Receive(buffer);
        int count;
        fixed (byte* start = buffer)
            count = OpenSsl.SSL_read(_ssl, start, buffer.Length);
        if (count > 0)
            return count;
        var error = OpenSsl.SSL_get_error(_ssl, count);
        const int closedByPeer = 6, wantsRead = 2;
        return error switch
        {
            closedByPeer => 0,
            wantsRead => throw new IOException("TLS read: nothing came in time", new SocketException((int)SocketError.TimedOut)),
            _ => throw new IOException($"TLS read: error {error}"),
        };
    }

    /// <summary>Writes everything.</summary>
    internal unsafe void Write(ReadOnlySpan<byte> data)
    {
        if (_ssl == 0)
        {
            SendAll(data);
            return;
        }
        while (data.Length > 0)
        {
            int count;
            fixed (byte* start = data)
                count = OpenSsl.SSL_write(_ssl, start, data.Length);
            if (count <= 0)
                throw new IOException($"TLS write: error {OpenSsl.SSL_get_error(_ssl, count)}");
            data = data[count..];
        }
    }

    public void Dispose()
    {
        if (_ssl != 0)
        {
            _ = OpenSsl.SSL_shutdown(_ssl);
            OpenSsl.SSL_free(_ssl);
            _ssl = 0;
        }
        _socket.Dispose();
    }

    private void ShutdownSocket()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
        {
            throw new IOException($"shutdown: {e.SocketErrorCode}", e);
        }
    }

    private int Receive(Span<byte> buffer)
    {
        try
        {
            return _socket.Receive(buffer);
        }
        catch (SocketException e)
        {
            throw new IOException($"read: {e.SocketErrorCode}", e);
        }
    }

    private void SendAll(ReadOnlySpan<byte> data)
    {
        try
        {
            while (data.Length > 0)
                data = data[_socket.Send(data)..];
        }
        catch (SocketException e)
        {
            throw new IOException($"write: {e.SocketErrorCode}", e);
        }
    }

    private void Connect(Target target)
    {
        SendAll(Encoding.ASCII.GetBytes($"CONNECT {target.Authority} HTTP/1.1\r\nHost: {target.Authority}\r\n\r\n"));
        var head = new byte[4096];
        var count = 0;
        while (head.AsSpan(0, count).IndexOf("\r\n\r\n"u8) < 0)
        {
            var read = count < head.Length ? Receive(head.AsSpan(count)) : 0;
            if (read == 0)
                throw new IOException($"CONNECT {target.Authority}: no complete answer");
            count += read;
        }
        if (!head.AsSpan(0, count).StartsWith("HTTP/1.1 200"u8) && !head.AsSpan(0, count).StartsWith("HTTP/1.0 200"u8))
            throw new IOException($"CONNECT {target.Authority}: {Encoding.Latin1.GetString(head, 0, Math.Min(count, 80))}");
    }
}
