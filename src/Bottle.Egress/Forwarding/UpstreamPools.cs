using System.Net.Security;
using Bottle.Contracts.Routes;
using Bottle.Egress.Hosting;
using Bottle.Egress.Tls;

namespace Bottle.Egress.Forwarding;

/// <summary>
/// The connections of every pipelock that a generation names. While one pipelock replaces another, requests that were under way end on theirs; when nobody holds a pipelock any more its connections
/// are closed. All are verified by the same two sets of authorities.
/// </summary>
internal sealed class UpstreamPools : IDisposable
{
    private readonly EgressSettings _settings;
    private readonly TimeProvider _clock;
    private readonly SslClientAuthenticationOptions _inspected;
    private readonly SslClientAuthenticationOptions _passthrough;
    private readonly Lock _lock = new();
    private readonly Dictionary<Authority, (UpstreamClients Clients, int Holders)> _pools = [];

    public UpstreamPools(EgressSettings settings, TimeProvider clock)
    {
        _settings = settings;
        _clock = clock;
        _inspected = UpstreamTrust.From(settings.UpstreamCa);
        _passthrough = UpstreamTrust.From(settings.UpstreamRoots);
    }

    /// <summary>How many pipelocks are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _pools.Count;
            }
        }
    }

    /// <summary>The connections through the pipelock of that name, or (null) the one of the settings, whose port all have. Every taking is returned.</summary>
    public UpstreamClients Take(string? pipelock)
    {
        var proxy = pipelock is null ? _settings.UpstreamProxy : _settings.UpstreamProxy with { Host = pipelock };
        lock (_lock)
        {
            var (clients, holders) = _pools.TryGetValue(proxy, out var pool) ? pool : (Create(proxy), 0);
            _pools[proxy] = (clients, holders + 1);
            return clients;
        }
    }

    private UpstreamClients Create(Authority pipelock) => new(new PipelockConnector(pipelock, _settings), _settings.Patience, _clock, _inspected, _passthrough);

    /// <summary>Ends one taking; after the last one the connections are closed.</summary>
    public void Return(UpstreamClients clients)
    {
        lock (_lock)
        {
            var holders = _pools[clients.Pipelock].Holders - 1;
            if (holders > 0)
            {
                _pools[clients.Pipelock] = (clients, holders);
                return;
            }
            _pools.Remove(clients.Pipelock);
        }
        clients.Dispose();
    }

    /// <summary>Closes everything, whoever holds it: the process ends.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (clients, _) in _pools.Values)
            {
                clients.Dispose();
            }
        }
    }
}
