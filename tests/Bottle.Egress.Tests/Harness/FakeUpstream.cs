using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Bottle.Egress.Tests.Harness;

/// <summary>What an upstream saw of one request.</summary>
internal sealed record SeenRequest(string Protocol, string Method, string Target, string Host, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A well-behaved HTTP/1.1 and HTTP/2 server that notes every request; by default it answers 200 "ok".</summary>
internal sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _web;

    private FakeUpstream(Func<string?, X509Certificate2>? certificate, HttpProtocols protocols)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        // It holds little of what it is not asked to read, so that what egress would hold is seen.
        builder.WebHost.UseKestrelCore().UseSockets(sockets => sockets.MaxReadBufferSize = 64 * 1024).ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBufferSize = 64 * 1024;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listener =>
            {
                listener.Protocols = certificate is null ? HttpProtocols.Http1 : protocols;
                if (certificate is not null)
                {
                    listener.UseHttps(https => https.ServerCertificateSelector = (_, name) => certificate(name));
                }
            });
        });
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
        _web = builder.Build();
        _web.Run(HandleAsync);
    }

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>Answers instead of "ok".</summary>
    public Func<HttpContext, Task>? Handler { get; set; }

    /// <summary>Whether the body is left to <see cref="Handler"/>.</summary>
    public bool LeavesBody { get; set; }

    public int Port { get; private set; }

    public static async Task<FakeUpstream> StartAsync(Func<string?, X509Certificate2>? certificate, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var upstream = new FakeUpstream(certificate, protocols);
        await upstream._web.StartAsync();
        var address = upstream._web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        upstream.Port = new Uri(address).Port;
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _web.StopAsync(limit.Token);
        await _web.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var body = LeavesBody ? "" : await new StreamReader(http.Request.Body).ReadToEndAsync();
        Requests.Enqueue(new SeenRequest(http.Request.Protocol, http.Request.Method, http.Features.Get<IHttpRequestFeature>()!.RawTarget, http.Request.Host.Value ?? "",
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        if (Handler is { } handler)
        {
            await handler(http);
        }
        else
        {
            await http.Response.WriteAsync("ok");
        }
    }
}
