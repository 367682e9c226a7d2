using System.Text;
using Bottle.Contracts.Routes;

namespace Bottle.Egress.Policy;

/// <summary>Holds the generation in force and replaces it as a whole. A file that does not parse leaves the old one in force, and is remembered for <c>/healthz</c>.</summary>
internal sealed class PolicyStore(string routesPath, string tokensPath, TimeProvider clock)
{
    private static readonly TimeSpan TokenReadPause = TimeSpan.FromSeconds(1);

    private readonly Lock _reload = new();
    private volatile PolicyGeneration? _current;
    private volatile ReloadFailure? _lastFailure;
    private long _lastTokenRead;

    /// <summary>The generation in force.</summary>
    public PolicyGeneration Current => _current ?? throw new InvalidOperationException("the policy has not been loaded");

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
            _current = next;
            _lastFailure = null;
            return null;
        }
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
                _current = new PolicyGeneration(Current.File, tokens);
            }
        }
    }

    private string TryLoad(out PolicyGeneration? next)
    {
        next = null;
        if (ConfigFile.TryRead(routesPath, RoutesReader.MaxLength, required: true, out var text) is { } unreadable)
        {
            return unreadable;
        }
        var result = RoutesReader.Read(Encoding.UTF8.GetString(text));
        if (result.File is null)
        {
            return $"{routesPath}: {string.Join("; ", result.Problems.Take(20))}";
        }
        if (ReadTokens(out var tokens) is { } badTokens)
        {
            return badTokens;
        }
        next = new PolicyGeneration(result.File, tokens);
        return "";
    }

    private string? ReadTokens(out IReadOnlyDictionary<string, string> tokens)
    {
        tokens = new Dictionary<string, string>();
        if (ConfigFile.TryRead(tokensPath, TokenFile.MaxBytes, required: false, out var text) is { } problem)
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
