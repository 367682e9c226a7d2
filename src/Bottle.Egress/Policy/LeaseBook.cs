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
    private const int MaxBytes = 1024 * 1024;

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private volatile string? _problem;

    public LeaseBook(string path, TimeProvider clock)
    {
        _path = path;
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
            try
            {
                Write(next);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Sticky: a disk that came back by itself would have let uncounted requests wait for it.
                _problem = $"{_path} cannot be written: {e.Message}";
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
            _problem = TryRead(out var used);
            if (used is not null)
            {
                // What was taken since stays taken, whatever the file says.
                foreach (var (id, count) in _used)
                {
                    used[id] = Math.Max(count, used.GetValueOrDefault(id));
                }
                _used = used;
            }
        }
    }

    private string? TryRead(out Dictionary<string, int>? used)
    {
        used = null;
        if (ConfigFile.TryRead(_path, MaxBytes, required: false, out var text) is { } problem)
        {
            return problem;
        }
        if (text.Length == 0)
        {
            // Only a file that was never there counts nothing.
            used = File.Exists(_path) ? null : new Dictionary<string, int>(StringComparer.Ordinal);
            return used is null ? $"{_path} is empty" : null;
        }
        try
        {
            used = JsonSerializer.Deserialize(text, LeaseBookJson.Default.LeaseCounts)?.Used;
        }
        catch (JsonException e)
        {
            return $"{_path} is broken (line {e.LineNumber + 1})";
        }
        if (used is null || used.Values.Any(count => count < 0))
        {
            used = null;
            return $"{_path} is not a table of counts";
        }
        return null;
    }

    /// <summary>A whole file under another name, then the name: a kill in between leaves the old one.</summary>
    private void Write(Dictionary<string, int> used)
    {
        var beside = _path + ".new";
        using (var file = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            JsonSerializer.Serialize(file, new LeaseCounts { Used = used }, LeaseBookJson.Default.LeaseCounts);
            // Or a machine that loses its power right after the rename has an empty file, and nothing is admitted any more.
            file.Flush(flushToDisk: true);
        }
        File.Move(beside, _path, overwrite: true);
    }
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
