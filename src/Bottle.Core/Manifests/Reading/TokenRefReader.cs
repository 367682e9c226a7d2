using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>token_ref</c>: as text (<c>NAME</c>, <c>env:NAME</c>, <c>file:PATH</c>, <c>command:[a, b]</c>) or as a mapping with one of the keys env, file, command, whose list may hold any text.</summary>
internal static class TokenRefReader
{
    private static readonly string[] Keys = ["env", "file", "command"];

    public static Located<SecretRef>? Read(ManifestSource source, YamlNode node)
    {
        if (node is YamlMap)
            return ReadMap(source, node);
        if (Scalars.Text(source, node, "'token_ref'") is not { } text)
            return null;
        var colon = text.Value.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? Environment(source, text, text.Value) : (text.Value[..colon], text.Value[(colon + 1)..]) switch
        {
            ("env", var name) => Environment(source, text, name),
            ("file", var path) => File(source, text, path),
            ("command", var list) when list.StartsWith('[') && list.EndsWith(']') => Command(source, text.Where, list[1..^1].Split(',', StringSplitOptions.TrimEntries)),
            ("command", _) => Refused(source, text.Where, "a command is a list, as in \"command:[gh, auth, token]\""),
            // What stands there may be a pasted secret: it is not quoted.
            _ => Refused(source, text.Where, "it begins with none of env:, file:, command:"),
        };
    }

    private static Located<SecretRef>? ReadMap(ManifestSource source, YamlNode node)
    {
        var map = MapReader.Open(source, node, "'token_ref'", Keys)!;
        if (Keys.Count(map.Has) != 1)
            return Refused(source, node.Where, "it needs exactly one of env, file, command");
        if (map.Has("command"))
            return map.Texts("command") is { } arguments ? Command(source, node.Where, [.. arguments.Select(a => a.Value)]) : null;
        var located = map.Text("env") ?? map.Text("file");
        return located is null ? null : map.Has("env") ? Environment(source, located, located.Value) : File(source, located, located.Value);
    }

    private static Located<SecretRef>? Environment(ManifestSource source, Located<string> at, string name) => EnvironmentReader.IsName(name)
        ? new Located<SecretRef>(new SecretRef.Environment(name), at.Where)
        : Refused(source, at.Where, "what stands there is no name of an environment variable");

    private static Located<SecretRef>? File(ManifestSource source, Located<string> at, string path) => path.Length is > 0 and <= 1024 && InertText.Line(path) == path && !path.EndsWith('/')
        ? new Located<SecretRef>(new SecretRef.File(path), at.Where)
        : Refused(source, at.Where, "what stands there is no path of a file");

    private static Located<SecretRef>? Command(ManifestSource source, SourceSpan where, string[] arguments)
    {
        if (arguments.Length == 0 || arguments[0].Length == 0)
            return Refused(source, where, "the command is empty");
        if (arguments[0].StartsWith('-') || arguments.Any(a => a.Length > 1024 || InertText.Line(a) != a))
            return Refused(source, where, "the command begins with '-', or an argument is longer than 1024 characters or holds invisible ones");
        return new Located<SecretRef>(new SecretRef.Command(arguments), where);
    }

    private static Located<SecretRef>? Refused(ManifestSource source, SourceSpan where, string reason)
    {
        source.Report(ManifestErrors.BadTokenRef(where, reason));
        return null;
    }
}
