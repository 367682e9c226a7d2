using System.Net;
using System.Security.Cryptography;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Sessions;

namespace Bottle.Build.Launching;

/// <summary>
/// Listeners that would answer the agent if isolation were missing: outside, in the test upstream's container; on the host, in this process, at every
/// address that it has; and pipelock. Each one is first shown to answer a container that is not confined, so that silence proves something.
/// </summary>
internal sealed class CanarySet : IAsyncDisposable
{
    private const int UpstreamPort = 7007;
    private const int DnsPort = 53;
    private const int PipelockPort = 8888;
    private const string Host = "host-";
    private readonly CanaryListener listener;

    private CanarySet(CanaryListener listener, string nonce, IReadOnlyList<Canary> canaries)
    {
        this.listener = listener;
        Count = canaries.Count;
        AgentEnvironment = new Dictionary<string, string?>
        {
            ["BOTTLE_CANARIES"] = string.Join(' ', canaries),
            ["BOTTLE_CANARY_NONCE"] = nonce,
        };
    }

    /// <summary>How many there are.</summary>
    internal int Count { get; }

    /// <summary>What the agent is told, so that it can try.</summary>
    internal IReadOnlyDictionary<string, string?> AgentEnvironment { get; }

    /// <summary>Puts the host's canary up, and dials every canary from the upstream's container.</summary>
    /// <exception cref="BottleException">BTL5xxx: a canary does not answer where it should, so that its silence would prove nothing.</exception>
    internal static async Task<CanarySet> OpenAsync(DockerEngine engine, BottlePlan plan, TestUpstreamPlan upstream, CancellationToken cancellation)
    {
        var nonce = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var listener = new CanaryListener(nonce, TimeProvider.System);
        try
        {
            List<Canary> canaries =
            [
                new("outside-tcp", "tcp", IPAddress.Parse(upstream.Address), UpstreamPort),
                new("outside-udp", "udp", IPAddress.Parse(upstream.Address), UpstreamPort),
                new("outside-dns", "dns", IPAddress.Parse(upstream.Address), DnsPort),
            ];
            foreach (var (address, index) in listener.Addresses.Select((address, index) => (address, index)))
            {
                canaries.Add(new Canary($"{Host}{index}-tcp", "tcp", address, listener.TcpPort));
                canaries.Add(new Canary($"{Host}{index}-udp", "udp", address, listener.UdpPort));
            }
            var container = plan.Names.Container(upstream.Service);
            var answers = await Task.WhenAll(canaries.Select(canary => AnswersAsync(engine, container, canary, cancellation)));
            var silent = canaries.Where((_, index) => !answers[index]).ToList();
            // The bridge of another bottle that ended meanwhile took its address with it: nobody is there to be reached.
            var here = silent.Count == 0 ? [] : CanaryListener.HostAddresses();
            var gone = silent.Where(canary => canary.IsOnHost && !here.Contains(canary.Address)).ToList();
            if (silent.Except(gone).ToList() is { Count: > 0 } wrong) throw new BottleException([.. wrong.Select(canary => LaunchErrors.CanarySilent(canary.ToString(), container))]);
            canaries.RemoveAll(gone.Contains);

            // Pipelock's health answers on the same port; its addresses are known only now.
            var pipelock = await engine.AddressesAsync(plan.Names.Container(plan.Pipelock!.Service), cancellation);
            canaries.AddRange(pipelock.Values.Select(address => new Canary("pipelock", "tcp", address, PipelockPort)));
            return new CanarySet(listener, nonce, canaries);
        }
        catch (Exception)
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who reached the host's canary from a network that must not: nobody, when isolation holds.</summary>
    internal IReadOnlyList<CanaryHit> HitsFrom(string subnet) => [.. listener.Hits.Where(hit => IPNetwork.Parse(subnet).Contains(hit.From))];

    public ValueTask DisposeAsync() => listener.DisposeAsync();

    private static async Task<bool> AnswersAsync(DockerEngine engine, string container, Canary canary, CancellationToken cancellation) =>
        (await engine.ExecAsync(container, ["/demo-upstream", "dial", canary.Kind, canary.Address.ToString(), $"{canary.Port}"], cancellationToken: cancellation)).Succeeded;

    private sealed record Canary(string Name, string Kind, IPAddress Address, int Port)
    {
        internal bool IsOnHost => Name.StartsWith(Host, StringComparison.Ordinal);

        public override string ToString() => $"{Name}={Kind}:{Address}:{Port}";
    }
}
