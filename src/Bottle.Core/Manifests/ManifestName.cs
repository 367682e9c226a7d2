namespace Bottle.Core.Manifests;

/// <summary>The rule for names of bottles, agents and providers (SPEC A16): <c>[a-z0-9][a-z0-9-]{0,39}</c>. They become file names, container names and image tags.</summary>
public static class ManifestName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 40;

    /// <summary>Whether a name follows the rule.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= MaxLength && name[0] != '-' && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>The name in a path: what follows the last slash, without its extension.</summary>
    public static string OfFile(string file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];
        var dot = name.LastIndexOf('.');
        return dot > 0 ? name[..dot] : name;
    }
}
