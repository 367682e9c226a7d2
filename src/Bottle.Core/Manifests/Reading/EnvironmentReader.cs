using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>env</c> (SPEC A5, A12, A16): names that steer nothing, values that are a literal or as a whole one variable of the operator's.</summary>
internal static class EnvironmentReader
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxName = 128;

    /// <summary>The longest literal, in characters: 32 KiB.</summary>
    public const int MaxValue = 32 * 1024;

    public static IReadOnlyList<EnvironmentManifest> Read(ManifestSource source, YamlNode? node, bool isProvider = false)
    {
        if (node is null or YamlUnusable)
            return [];
        if (node is not YamlMap map)
        {
            source.Report(ManifestErrors.WrongType(node.Where, "'env'", "a mapping of names to values, as in '{LOG: debug}'", Scalars.Describe(node)));
            return [];
        }

        var variables = new List<EnvironmentManifest>();
        foreach (var entry in map.Entries)
            if (IsAllowedName(source, entry) && Scalars.Text(source, entry.Value, $"the value of '{InertText.Excerpt(entry.Key)}'") is { } value
                && ReadValue(source, entry, value) is { } variable && (isProvider || HoldsNoProviderToken(source, entry, variable)))
                variables.Add(variable);
        return variables;
    }

    /// <summary>Whether text can name a variable.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= MaxName && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool IsAllowedName(ManifestSource source, YamlEntry entry)
    {
        if (!IsName(entry.Key))
            source.Report(ManifestErrors.BadVariableName(entry.Where, entry.Key));
        else if (SteeringVariables.WhatItSteers(entry.Key) is { } steers)
            source.Report(ManifestErrors.SteeringVariable(entry.Where, entry.Key, steers));
        else
            return true;
        return false;
    }

    private static EnvironmentManifest? ReadValue(ManifestSource source, YamlEntry entry, Located<string> value)
    {
        var text = value.Value;
        if (text.Length > MaxValue)
            source.Report(ManifestErrors.ValueTooLong(value.Where, $"the value of '{entry.Key}'", MaxValue));
        else if (text.StartsWith("${", StringComparison.Ordinal) && text.EndsWith('}') && IsName(text[2..^1]))
            return new EnvironmentManifest { Name = entry.Key, FromHost = text[2..^1], Where = value.Where };
        else if (text.Replace("$$", "", StringComparison.Ordinal).Contains('$', StringComparison.Ordinal))
            source.Report(ManifestErrors.BadDollar(value.Where, entry.Key, DollarFix(text)));
        else if (InertText.Line(text.Replace('\n', ' ').Replace('\t', ' ')) is var inert && Differs(text, inert) is { } bad)
            source.Report(ManifestErrors.BadCharacterInValue(value.Where, $"the value of '{entry.Key}'", bad));
        else
            return new EnvironmentManifest { Name = entry.Key, Literal = text.Replace("$$", "$", StringComparison.Ordinal), Where = value.Where };
        return null;
    }

    private static bool HoldsNoProviderToken(ManifestSource source, YamlEntry entry, EnvironmentManifest variable)
    {
        if (ProviderTokens.RouteInstead(variable) is not { } route)
            return true;
        source.Report(ManifestErrors.ProviderToken(entry.Where, entry.Key, route));
        return false;
    }

    // The first character that does not show as itself; line feeds and tabs are no reason.
    private static char? Differs(string text, string inert)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] is not ('\n' or '\t') && text[i] != inert[i])
                return text[i];
        return null;
    }

    private static string DollarFix(string text)
    {
        if (text.StartsWith('$') && IsName(text[1..]))
            return $"write \"${{{text[1..]}}}\" for your variable {text[1..]}, or \"$${text[1..]}\" for the text itself";
        var isPart = text.IndexOf("${", StringComparison.Ordinal) is >= 0 and var open && text.IndexOf('}', open) > 0;
        return isPart
            ? "put the whole text into a variable of yours and name that: \"${NAME}\"; a dollar itself is written '$$'"
            : "write '$$' for a dollar";
    }
}
