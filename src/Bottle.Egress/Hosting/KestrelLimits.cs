using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Bottle.Egress.Hosting;

/// <summary>Kestrel's bounds, where its defaults do not suit a proxy for a hostile client that also streams for hours.</summary>
internal static class KestrelLimits
{
    // Each layer (socket, TLS, HTTP) reads ahead by as much when nobody takes what a client sends.
    private const int ReadAhead = 64 * 1024;

    /// <summary>Bounds what the sockets read ahead and what the system holds for them, and lets what they read go on where it was read (<see cref="SocketThread"/>).</summary>
    public static void Apply(SocketTransportOptions sockets)
    {
        sockets.MaxReadBufferSize = ReadAhead;
        sockets.UnsafePreferInlineScheduling = true;
        sockets.CreateBoundListenSocket = static endpoint =>
        {
            var listener = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            // Every connection takes them from its listener.
            SocketBuffers.Bound(listener);
            return listener;
        };
    }

    /// <summary>Sets them.</summary>
    public static void Apply(KestrelServerOptions kestrel, EgressSettings settings)
    {
        // A bare line feed ends no line: upstreams differ on it.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        kestrel.AddServerHeader = false;
        // Bytes above 0x7F in headers are passed on as they are.
        kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        var limits = kestrel.Limits;
        // Bodies are streamed, so their size and speed are not bounded here; a standstill is (RequestBody).
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.RequestHeadersTimeout = settings.HeadTimeout;
        limits.KeepAliveTimeout = settings.StallTimeout;
        limits.MaxRequestBufferSize = ReadAhead;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.MaxRequestHeadersTotalSize = 64 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.Http2.MaxStreamsPerConnection = 100;
        limits.Http2.MaxRequestHeaderFieldSize = 16 * 1024;
        // What a client may send before anybody reads it. As many requests as are let in, each with a whole window of its own, must fit into the heap of 192 MiB (BoundsTests): with 512 KiB a stream, 256 of them ended a process with half of that.
        limits.Http2.InitialConnectionWindowSize = 256 * 1024;
        limits.Http2.InitialStreamWindowSize = 128 * 1024;
    }
}
