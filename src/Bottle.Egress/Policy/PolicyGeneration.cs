using Bottle.Contracts.Routes;

namespace Bottle.Egress.Policy;

/// <summary>One route table in force with its credentials. Immutable: a request takes one at its start and is judged by nothing else.</summary>
internal sealed class PolicyGeneration
{
    private readonly RouteCredential?[] _credentials;

    public PolicyGeneration(RoutesFile file, IReadOnlyDictionary<string, string> tokens)
    {
        File = file;
        Tokens = tokens;
        Matcher = new RouteMatcher(file.Routes);
        var masks = new Dictionary<string, SecretMask>(StringComparer.Ordinal);
        _credentials = [.. file.Routes.Select(route => RouteCredential.Create(route.Auth, tokens, masks))];
        MissingSlots = [.. file.Routes.Select(r => r.Auth?.TokenEnv).OfType<string>().Where(slot => !tokens.ContainsKey(slot)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The table.</summary>
    public RoutesFile File { get; }

    /// <summary>Slot to value.</summary>
    public IReadOnlyDictionary<string, string> Tokens { get; }

    /// <summary>The table, compiled.</summary>
    public RouteMatcher Matcher { get; }

    /// <summary>Slots that routes name and the token file does not have.</summary>
    public IReadOnlyList<string> MissingSlots { get; }

    /// <summary>What to inject for the route at an index; null when it has no <c>auth</c>, or its slot is empty.</summary>
    public RouteCredential? CredentialOf(int index) => _credentials[index];
}
