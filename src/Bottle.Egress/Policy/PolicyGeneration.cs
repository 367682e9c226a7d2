using Bottle.Contracts.Routes;
using Bottle.Egress.Forwarding;

namespace Bottle.Egress.Policy;

/// <summary>
/// One route table in force with its credentials and its way out. Immutable: a request takes one at its start and is judged and forwarded by nothing else. It lives, with the connections
/// of its pipelock, until it is replaced and the last of its requests has ended.
/// </summary>
internal sealed class PolicyGeneration
{
    private readonly RouteCredential?[] _credentials;
    private readonly UpstreamPools _pools;

    // The store counts as one as long as the generation is in force.
    private int _holders = 1;

    public PolicyGeneration(RoutesFile file, IReadOnlyDictionary<string, string> tokens, UpstreamPools pools)
    {
        File = file;
        Tokens = tokens;
        Matcher = new RouteMatcher(file.Routes);
        _credentials = [.. file.Routes.Select(route => RouteCredential.Create(route.Auth, tokens))];
        Masks = new HostMasks(file.Routes, tokens);
        MissingSlots = [.. file.Routes.Select(r => r.Auth?.TokenEnv).OfType<string>().Where(slot => !tokens.ContainsKey(slot)).Distinct().Order(StringComparer.Ordinal)];
        CountsUses = file.Routes.Any(route => route.Lease is { Uses: not null });
        _pools = pools;
        Clients = pools.Take(file.Pipelock);
    }

    /// <summary>The table.</summary>
    public RoutesFile File { get; }

    /// <summary>Slot to value.</summary>
    public IReadOnlyDictionary<string, string> Tokens { get; }

    /// <summary>The table, compiled.</summary>
    public RouteMatcher Matcher { get; }

    /// <summary>What is hidden in answers.</summary>
    public HostMasks Masks { get; }

    /// <summary>Slots that routes name and the token file does not have.</summary>
    public IReadOnlyList<string> MissingSlots { get; }

    /// <summary>Whether a request may have to be counted on disk before it goes.</summary>
    public bool CountsUses { get; }

    /// <summary>The connections through this generation's pipelock.</summary>
    public UpstreamClients Clients { get; }

    /// <summary>How many hold it: its requests, and the store while it is in force.</summary>
    public int Holders => Volatile.Read(ref _holders);

    /// <summary>How many requests hold it, as long as it is in force.</summary>
    public int Requests => Holders - 1;

    /// <summary>What to inject for the route at an index; null when it has no <c>auth</c>, or its slot is empty.</summary>
    public RouteCredential? CredentialOf(int index) => _credentials[index];

    /// <summary>Holds it for one request; false when it has been replaced and let go of.</summary>
    public bool TryHold()
    {
        var holders = Holders;
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }
            holders = seen;
        }
        return false;
    }

    /// <summary>Lets go; the last one closes the connections that no other generation uses.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _pools.Return(Clients);
        }
    }
}
