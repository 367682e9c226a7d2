using System.Net;
using Bottle.Supervise.Egress;
using Bottle.Supervise.Mcp;
using Bottle.Supervise.Queue;
using Bottle.Supervise.Tools;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bottle.Supervise.Hosting;

/// <summary>The running sidecar: everything put together on one Kestrel.</summary>
internal sealed class SuperviseServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromMilliseconds(500);

    private readonly WebApplication _web;
    private readonly EgressClient _egress;
    private readonly CancellationTokenSource _stopping = new();
    private ListenOptions? _listener;

    private SuperviseServer(SuperviseSettings settings, TimeProvider clock, TextWriter output)
    {
        var log = new ServerLog(output, clock);
        Queue = new ProposalQueue(settings, clock, log);
        _egress = new EgressClient(settings.Egress, settings.EgressTimeout);
        var tools = new ToolServer(Queue, _egress, log);
        var endpoint = new McpEndpoint(settings, tools, log, _stopping.Token);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets().ConfigureKestrel(kestrel =>
        {
            Bound(kestrel, settings);
            kestrel.Listen(settings.Listen, listener => _listener = listener);
        });
        _web = builder.Build();
        _web.Run(new SuperviseApplication(endpoint, Queue).HandleAsync);
    }

    /// <summary>The open proposals.</summary>
    public ProposalQueue Queue { get; }

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public IPEndPoint Endpoint => _listener!.IPEndPoint!;

    /// <summary>Reads the queue and listens. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the queue's folders cannot be used.</summary>
    public static async Task<SuperviseServer> StartAsync(SuperviseSettings settings, TimeProvider clock, TextWriter output)
    {
        var server = new SuperviseServer(settings, clock, output);
        await server._web.StartAsync().ConfigureAwait(false);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Calls that wait are told first; their proposals stay open.
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var limit = new CancellationTokenSource(ShutdownTimeout);
        await _web.StopAsync(limit.Token).ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        _egress.Dispose();
        _stopping.Dispose();
    }

    private static void Bound(KestrelServerOptions kestrel, SuperviseSettings settings)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = settings.MaxBody;
        limits.MaxConcurrentConnections = settings.MaxConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestLineSize = 8 * 1024;
        // A call that waits for a person writes little and seldom.
        limits.MinResponseDataRate = null;
    }
}
