using System.Net.Security;

namespace Bottle.Egress.Tls;

/// <summary>
/// Leaves by host, bounded in number and in minting rate, apart for hosts that routes list and for all others: an agent that asks for ten thousand names neither fills the memory,
/// nor burns the CPU, nor evicts the leaves that are in use.
/// </summary>
internal sealed class LeafCache(LeafMinter minter, TimeProvider clock)
{
    private readonly Shelf _listed = new(minter, clock, capacity: 512, burst: 256, perSecond: 50);
    private readonly Shelf _others = new(minter, clock, capacity: 64, burst: 64, perSecond: 20);

    /// <summary>The host's leaf; null when too many new ones were asked for.</summary>
    public SslServerAuthenticationOptions? TryGet(string host, bool isListed) => (isListed ? _listed : _others).TryGet(host);

    private sealed class Shelf(LeafMinter minter, TimeProvider clock, int capacity, int burst, int perSecond)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, Lazy<SslServerAuthenticationOptions>> _leaves = new(StringComparer.Ordinal);
        private readonly Queue<string> _order = new();
        private double _budget = burst;
        private long _last = clock.GetTimestamp();

        public SslServerAuthenticationOptions? TryGet(string host)
        {
            Lazy<SslServerAuthenticationOptions>? leaf;
            lock (_lock)
            {
                if (!_leaves.TryGetValue(host, out leaf))
                {
                    if (!TakeFromBudget())
                    {
                        return null;
                    }
                    // Signed outside the lock, once, by whoever comes first.
                    leaf = new Lazy<SslServerAuthenticationOptions>(() => minter.Mint(host));
                    _leaves.Add(host, leaf);
                    _order.Enqueue(host);
                    if (_order.Count > capacity)
                    {
                        _leaves.Remove(_order.Dequeue());
                    }
                }
            }
            return leaf.Value;
        }

        private bool TakeFromBudget()
        {
            var now = clock.GetTimestamp();
            _budget = Math.Min(burst, _budget + (clock.GetElapsedTime(_last, now).TotalSeconds * perSecond));
            _last = now;
            if (_budget < 1)
            {
                return false;
            }
            _budget--;
            return true;
        }
    }
}
