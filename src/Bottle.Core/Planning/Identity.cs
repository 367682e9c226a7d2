using System.Diagnostics.CodeAnalysis;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>The name of one launch (SPEC B1): <c>&lt;agent&gt;-&lt;5 base36&gt;</c>.</summary>
public sealed record Identity
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int SuffixLength = 5;
    private const int LongestName = 40;

    private Identity(string agent, string suffix)
    {
        Agent = agent;
        Suffix = suffix;
    }

    /// <summary>The agent's name.</summary>
    public string Agent { get; }

    /// <summary>Five base36 digits.</summary>
    public string Suffix { get; }

    /// <summary>The identity of a rendering that nobody starts (SPEC D7).</summary>
    public static Identity ForRender(string agent) => For(agent, 0);

    /// <summary>An identity from a random number; the caller makes sure that no launch has it. Throws <see cref="ArgumentException"/> when the name is no name (SPEC A16).</summary>
    public static Identity For(string agent, uint random)
    {
        if (!IsName(agent))
            throw new ArgumentException($"'{agent}' is not a name", nameof(agent));
        Span<char> suffix = stackalloc char[SuffixLength];
        for (var i = SuffixLength - 1; i >= 0; i--, random /= 36)
            suffix[i] = Digits[(int)(random % 36)];
        return new Identity(agent, new string(suffix));
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; anything else, such as a path, is false.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Identity? identity)
    {
        identity = null;
        var dash = text?.LastIndexOf('-') ?? -1;
        if (dash < 1 || text!.Length - dash - 1 != SuffixLength)
            return false;
        var (agent, suffix) = (text[..dash], text[(dash + 1)..]);
        if (!IsName(agent) || !suffix.All(Digits.Contains))
            return false;
        identity = new Identity(agent, suffix);
        return true;
    }

    /// <summary>Whether a text is an identity.</summary>
    public static bool IsValid(string text) => TryParse(text, out _);

    /// <summary>The text, when it is an identity; else BTL3101. Everything that makes a path or a label of one checks it here.</summary>
    public static string Checked(string text) => IsValid(text) ? text : throw new BottleException(StateErrors.InvalidIdentity(text));

    /// <summary>Whether a text is a name of SPEC A16: <c>[a-z0-9][a-z0-9-]{0,39}</c>.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text[0] != '-' && text.All(c => c == '-' || Digits.Contains(c));

    /// <inheritdoc/>
    public override string ToString() => $"{Agent}-{Suffix}";
}
