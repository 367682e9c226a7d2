using System.Diagnostics;
using System.Net;
using Bottle.Egress.Connect;
using Bottle.Egress.Forwarding;
using Bottle.Egress.Introspection;
using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bottle.Egress.Hosting;

/// <summary>The running sidecar: everything put together on one Kestrel.</summary>
internal sealed class EgressServer : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _web;
    private readonly RequestLog _log;
    private readonly LeafMinter _minter;
    private readonly UpstreamPools _pools;
    private readonly IDisposable _badRequests;
    private ListenOptions? _listener;

    private EgressServer(EgressSettings settings, PolicyStore policy, UpstreamPools pools, Stream output, TimeProvider clock)
    {
        Policy = policy;
        _minter = new LeafMinter(settings.Ca, settings.CaKey, clock);
        _pools = pools;
        _log = new RequestLog(new LogFile(settings.Log, settings.LogMaxBytes), output, clock);
        var leaves = new LeafCache(_minter, clock);
        var connect = new ConnectMiddleware(policy, leaves, _log, clock, (settings.HeadTimeout, settings.MaxConnections));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseSockets(KestrelLimits.Apply).ConfigureKestrel(kestrel =>
        {
            KestrelLimits.Apply(kestrel, settings);
            kestrel.Listen(settings.Listen, listener =>
            {
                _listener = listener;
                listener.UseForwardProxy(connect, leaves, settings.HeadTimeout);
            });
            kestrel.ListenUnixSocket(settings.ControlSocket, listener => listener.Use(next => connection =>
            {
                connection.Features.Set(ControlConnection.Instance);
                return next(connection);
            }));
        });
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, RecordMemoryPoolFactory>();
        _web = builder.Build();
        var application = new ProxyApplication(policy, new Forwarder(policy, settings, clock), new IntrospectionHandler(policy, _log), _log, settings.MaxRequests, new MemoryGauge(clock));
        _web.Run(application.HandleAsync);
        _badRequests = BadRequestObserver.Subscribe(_web.Services.GetRequiredService<DiagnosticListener>(), _log);
    }

    /// <summary>The table in force, and its reload.</summary>
    public PolicyStore Policy { get; }

    /// <summary>The connections upwards.</summary>
    public UpstreamPools Pools => _pools;

    /// <summary>Where it listens; the port is the real one when 0 was asked for.</summary>
    public IPEndPoint Endpoint => _listener!.IPEndPoint!;

    /// <summary>Loads the policy and listens. Throws <see cref="InvalidDataException"/> when routes or tokens cannot be read: egress never starts without a table.</summary>
    public static async Task<EgressServer> StartAsync(EgressSettings settings, Stream output, TimeProvider clock)
    {
        var pools = new UpstreamPools(settings, clock);
        var policy = new PolicyStore(settings, pools, (new LeaseBook(settings.Leases, clock), new BudgetBook(settings.Budget, clock)), clock);
        if (policy.Reload() is { } problem)
        {
            policy.Budget.Dispose();
            pools.Dispose();
            throw new InvalidDataException(problem);
        }
        File.Delete(settings.ControlSocket);
        var server = new EgressServer(settings, policy, pools, output, clock);
        await server._web.StartAsync().ConfigureAwait(false);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(ShutdownTimeout, RealTime.Clock);
        await _web.StopAsync(limit.Token).ConfigureAwait(false);
        _badRequests.Dispose();
        await _web.DisposeAsync().ConfigureAwait(false);
        await _log.DisposeAsync().ConfigureAwait(false);
        Policy.Budget.Dispose();
        _pools.Dispose();
        _minter.Dispose();
    }
}
