using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Bottle.Egress.Tests.Harness;

/// <summary>A hostile HTTP/1.1 upstream behind TLS: reads one request head and answers as the test says, then closes.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly SslApplicationProtocol _protocol;
    private readonly Task _loop;

    public RawUpstream(X509Certificate2 certificate, Func<Stream, CancellationToken, Task> answer, SslApplicationProtocol protocol)
    {
        (_certificate, _answer, _protocol) = (certificate, answer, protocol);
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The heads that arrived.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [_protocol] }, _stop.Token);
            var head = await RawResponse.ReadLineAsync(tls, "\r\n\r\n", _stop.Token);
            if (head.Length > 0)
            {
                Heads.Enqueue(head);
                await _answer(tls, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // Refused by the other side: what some tests want.
        }
    }
}
