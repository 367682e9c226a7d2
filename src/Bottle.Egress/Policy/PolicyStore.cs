using System.Text;
using Bottle.Contracts.Routes;
using Bottle.Egress.Forwarding;
using Bottle.Egress.Hosting;

namespace Bottle.Egress.Policy;

/// <summary>Holds the generation in force and replaces it as a whole. A file that does not parse leaves the old one in force, and is remembered for <c>/healthz</c>.</summary>
internal sealed class PolicyStore(EgressSettings settings, UpstreamPools pools, (LeaseBook Leases, BudgetBook Budget) books, TimeProvider clock)
{
    private static readonly TimeSpan TokenReadPause = TimeSpan.FromSeconds(1);

    private readonly Lock _reload = new();
    private readonly List<PolicyGeneration> _older = [];
    private volatile PolicyGeneration? _current;
    private volatile ReloadFailure? _lastFailure;
    private long _lastTokenRead;

    /// <summary>The generation in force.</summary>
    public PolicyGeneration Current => _current ?? throw new InvalidOperationException("the policy has not been loaded");

    /// <summary>How the leases of the table stand.</summary>
    public LeaseBook Leases => books.Leases;

    /// <summary>What the run has used of its budget.</summary>
    public BudgetBook Budget => books.Budget;

    /// <summary>The last reload that was refused; null since the last good one.</summary>
    public ReloadFailure? LastFailure => _lastFailure;

    /// <summary>Reads both files. Null when the new generation is in force, else why not; nothing changes then.</summary>
    public string? Reload()
    {
        lock (_reload)
        {
            var problem = TryLoad(out var next);
            if (next is null)
            {
                _lastFailure = new ReloadFailure(clock.GetUtcNow(), problem);
                return problem;
            }
            books.Leases.Recover();
            books.Budget.Recover();
            books.Budget.Limit(next.File.Budget);
            Replace(next);
            _lastFailure = null;
            return null;
        }
    }

    /// <summary>The generation in force, held for one request until it is released.</summary>
    public PolicyGeneration Hold()
    {
        while (true)
        {
            // Fails only when a reload has just replaced it.
            if (Current is var generation && generation.TryHold())
            {
                return generation;
            }
        }
    }

    /// <summary>The requests under way: those of the table in force first, then those of older tables or other pipelocks that have not ended, oldest first.</summary>
    public IReadOnlyList<GenerationLoad> Load()
    {
        lock (_reload)
        {
            _older.RemoveAll(generation => generation.Holders == 0);
            var now = LoadOf(Current, Current.Requests);
            var loads = _older.Select(generation => LoadOf(generation, generation.Holders)).Append(now).GroupBy(load => (load.Generation, load.Pipelock))
                .Select(same => same.Last() with { Requests = same.Sum(load => load.Requests) }).ToArray();
            return [.. loads.Where(load => IsSame(load, now)), .. loads.Where(load => !IsSame(load, now))];
        }

        static GenerationLoad LoadOf(PolicyGeneration generation, int requests) => new(generation.File.Generation, generation.Clients.Pipelock.Host, requests);

        static bool IsSame(GenerationLoad load, GenerationLoad other) => load.Generation == other.Generation && load.Pipelock == other.Pipelock;
    }

    /// <summary>Reads the token file alone, at most once a second: an upstream said 401, perhaps the host has renewed the value.</summary>
    public void RefreshTokens()
    {
        lock (_reload)
        {
            if (_lastTokenRead != 0 && clock.GetElapsedTime(_lastTokenRead) < TokenReadPause)
            {
                return;
            }
            _lastTokenRead = clock.GetTimestamp();
            if (ReadTokens(out var tokens) is null && !tokens.OrderBy(t => t.Key).SequenceEqual(Current.Tokens.OrderBy(t => t.Key)))
            {
                Replace(new PolicyGeneration(Current.File, tokens, pools));
            }
        }
    }

    private void Replace(PolicyGeneration next)
    {
        var old = _current;
        _current = next;
        _older.RemoveAll(generation => generation.Holders == 0);
        if (old is not null)
        {
            _older.Add(old);
            old.Release();
        }
    }

    private string TryLoad(out PolicyGeneration? next)
    {
        next = null;
        if (ConfigFile.TryRead(settings.Routes, RoutesReader.MaxLength, required: true, out var text) is { } unreadable)
        {
            return unreadable;
        }
        var result = RoutesReader.Read(Encoding.UTF8.GetString(text));
        if (result.File is null)
        {
            return $"{settings.Routes}: {string.Join("; ", result.Problems.Take(20))}";
        }
        if (ReadTokens(out var tokens) is { } badTokens)
        {
            return badTokens;
        }
        next = new PolicyGeneration(result.File, tokens, pools);
        return "";
    }

    private string? ReadTokens(out IReadOnlyDictionary<string, string> tokens)
    {
        tokens = new Dictionary<string, string>();
        if (ConfigFile.TryRead(settings.Tokens, TokenFile.MaxBytes, required: false, out var text) is { } problem)
        {
            return problem;
        }
        if (text.Length == 0)
        {
            return null;
        }
        if (!TokenFile.TryRead(text, out var read, out problem))
        {
            return problem;
        }
        tokens = read;
        return null;
    }
}

/// <summary>A reload that was refused.</summary>
internal sealed record ReloadFailure(DateTimeOffset Time, string Reason);

/// <summary>How many requests a table has under way, and through which pipelock.</summary>
internal sealed record GenerationLoad(int Generation, string Pipelock, int Requests);
