using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>token_ref</c>: as text (<c>NAME</c>, <c>env:NAME</c>, <c>file:PATH</c>, <c>command:[a, b]</c>) or as a mapping with one of the keys env, file, command, whose list may hold any text.</summary>
internal static class TokenRefReader
{
    private static readonly string[] Keys = ["env", "file", "command"];

    private static readonly string[] PastedPrefixes = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "hf_", "sk_live_", "sk_test_"];

    public static Located<SecretRef>? Read(ManifestSource source, YamlNode node, SourceSpan key)
    {
        if (node is YamlMap)
            return ReadMap(source, node, key);
        if (Scalars.Text(source, node, "'token_ref'") is not { } text)
            return null;
        var colon = text.Value.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? Environment(source, text, text.Value, key) : (text.Value[..colon], text.Value[(colon + 1)..]) switch
        {
            ("env", var name) => Environment(source, text, name, key),
            ("file", var path) => File(source, text, path, key),
            ("command", var list) when list.StartsWith('[') && list.EndsWith(']') => Command(source, text.Where, key, list[1..^1].Split(',', StringSplitOptions.TrimEntries)),
            ("command", _) => Refused(source, key, "a command is a list, as in \"command:[gh, auth, token]\""),
            _ => Refused(source, key, "it begins with none of env:, file:, command:"),
        };
    }

    private static Located<SecretRef>? ReadMap(ManifestSource source, YamlNode node, SourceSpan key)
    {
        var map = MapReader.Open(source, node, "'token_ref'", Keys)!;
        if (Keys.Count(map.Has) != 1)
            return Refused(source, key, "it needs exactly one of env, file, command");
        if (map.Has("command"))
            return map.Texts("command") is { } arguments ? Command(source, node.Where, key, [.. arguments.Select(a => a.Value)]) : null;
        var located = map.Text("env") ?? map.Text("file");
        return located is null ? null : map.Has("env") ? Environment(source, located, located.Value, key) : File(source, located, located.Value, key);
    }

    private static Located<SecretRef>? Environment(ManifestSource source, Located<string> at, string name, SourceSpan key) => EnvironmentReader.IsName(name) && !IsPastedToken(name)
        ? new Located<SecretRef>(new SecretRef.Environment(name), at.Where)
        : Refused(source, key, "what stands there is no name of an environment variable");

    private static Located<SecretRef>? File(ManifestSource source, Located<string> at, string path, SourceSpan key) => path.Length is > 0 and <= 1024 && InertText.Line(path) == path && !path.EndsWith('/')
        ? new Located<SecretRef>(new SecretRef.File(path), at.Where)
        : Refused(source, key, "what stands there is no path of a file");

    private static Located<SecretRef>? Command(ManifestSource source, SourceSpan where, SourceSpan key, string[] arguments)
    {
        if (arguments.Length == 0 || arguments[0].Length == 0)
            return Refused(source, key, "the command is empty");
        if (arguments[0].StartsWith('-') || arguments.Any(a => a.Length > 1024 || InertText.Line(a) != a))
            return Refused(source, key, "the command begins with '-', or an argument is longer than 1024 characters or holds invisible ones");
        return new Located<SecretRef>(new SecretRef.Command(arguments), where);
    }

    // Tokens of some services are spelt like variables; what they print before every token tells them apart.
    private static bool IsPastedToken(string name) => name.Length >= 20 && PastedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    // What stands there may be a pasted secret: the place is the key, and the value is shown nowhere.
    private static Located<SecretRef>? Refused(ManifestSource source, SourceSpan key, string reason)
    {
        source.Report(ManifestErrors.BadTokenRef(key, reason));
        return null;
    }
}
