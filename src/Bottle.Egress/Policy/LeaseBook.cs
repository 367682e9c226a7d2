using System.Text.Json;
using System.Text.Json.Serialization;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Policy;

/// <summary>
/// Knows how leases stand: their time by the clock, their uses by a file that outlives a killed egress and every generation. A use is on disk before its request goes. A file
/// that cannot be read is never taken for an empty one: what is counted is then refused, until the file is good again at a reload.
/// </summary>
internal sealed class LeaseBook
{
    private readonly CountFile<LeaseCounts> _file;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private volatile string? _problem;

    public LeaseBook(string path, TimeProvider clock)
    {
        _file = new CountFile<LeaseCounts>(path, Parse, Format);
        _clock = clock;
        Recover();
    }

    /// <summary>Why uses cannot be counted, or null.</summary>
    public string? Problem => _problem;

    /// <summary>How a lease stands now.</summary>
    public LeaseState StateOf(RouteLease lease)
    {
        if (lease.Until <= _clock.GetUtcNow())
        {
            return LeaseState.Ended;
        }
        return lease.Uses is null ? LeaseState.InForce
            : _problem is not null ? LeaseState.Uncounted
            : UsesLeft(lease) > 0 ? LeaseState.InForce : LeaseState.UsedUp;
    }

    /// <summary>How many requests a lease still admits; null when it is not by number, or when nobody knows.</summary>
    public int? UsesLeft(RouteLease lease)
    {
        lock (_lock)
        {
            return _problem is not null ? null : lease.Uses - Math.Min(_used.GetValueOrDefault(lease.Id), lease.Uses ?? 0);
        }
    }

    /// <summary>Takes one use and writes it down. False when there is none left, or when it could not be written; <see cref="StateOf"/> says which. Never gives the last one twice.</summary>
    public bool TryTake(RouteLease lease)
    {
        lock (_lock)
        {
            var used = _used.GetValueOrDefault(lease.Id);
            if (_problem is not null || used >= lease.Uses)
            {
                return false;
            }
            var next = new Dictionary<string, int>(_used, StringComparer.Ordinal) { [lease.Id] = used + 1 };
            // Sticky: a disk that came back by itself would have let uncounted requests wait for it.
            _problem = _file.TryWrite(new LeaseCounts { Used = next }, durable: true);
            if (_problem is not null)
            {
                return false;
            }
            _used = next;
            return true;
        }
    }

    /// <summary>Reads the file again when counting had to stop.</summary>
    public void Recover()
    {
        lock (_lock)
        {
            _problem = _file.TryRead(out var counts);
            if (counts is not null)
            {
                // What was taken since stays taken, whatever the file says.
                foreach (var (id, count) in _used)
                {
                    counts.Used[id] = Math.Max(count, counts.Used.GetValueOrDefault(id));
                }
                _used = counts.Used;
            }
        }
    }

    private static LeaseCounts? Parse(byte[] text) =>
        JsonSerializer.Deserialize(text, LeaseBookJson.Default.LeaseCounts) is { Used: not null } counts && counts.Used.Values.All(count => count >= 0) ? counts : null;

    private static byte[] Format(LeaseCounts counts) => JsonSerializer.SerializeToUtf8Bytes(counts, LeaseBookJson.Default.LeaseCounts);
}

/// <summary>The file: <c>{"used": {"egress-block-1a2b": 2}}</c>.</summary>
internal sealed record LeaseCounts
{
    /// <summary>Lease id to requests admitted.</summary>
    public required Dictionary<string, int> Used { get; init; }
}

/// <summary>The generated (reflection-free) reader and writer of <see cref="LeaseCounts"/>.</summary>
[JsonSourceGenerationOptions(AllowDuplicateProperties = false, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(LeaseCounts))]
internal sealed partial class LeaseBookJson : JsonSerializerContext;
