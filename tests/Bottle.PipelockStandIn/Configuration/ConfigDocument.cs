using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Bottle.PipelockStandIn.Configuration;

/// <summary>One strictly read YAML document as dotted paths to typed values; everything that is wrong is found at once.</summary>
internal sealed partial class ConfigDocument
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    public ConfigDocument(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            throw new ConfigException($"line {e.Start.Line}: {e.Message}");
        }
        if (stream.Documents.Count > 1)
            throw new ConfigException("multiple YAML documents not supported");
        if (stream.Documents.Count == 1)
        {
            if (stream.Documents[0].RootNode is not YamlMappingNode root)
                throw new ConfigException("the document is no mapping");
            Read(root, "");
        }
    }

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The dotted paths that were set, sections not counted.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    public T Get<T>(string path, T otherwise) => _values.TryGetValue(path, out var value) ? (T)value : otherwise;

    private void Read(YamlMappingNode section, string prefix)
    {
        foreach (var (keyNode, node) in section.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            var path = prefix + key;
            switch (ConfigSchema.KindOf(path))
            {
                case null:
                    _problems.Add($"line {keyNode.Start.Line}: field {key} not found in type config.{TypeName(prefix)}");
                    break;
                case ValueKind.Section when node is YamlMappingNode inner:
                    Read(inner, path + ".");
                    break;
                case { } kind when Value(kind, node) is { } value:
                    _values[path] = value;
                    break;
                case { } kind:
                    _problems.Add($"line {node.Start.Line}: {path}: cannot unmarshal `{node}` into {kind}");
                    break;
            }
        }
    }

    private static object? Value(ValueKind kind, YamlNode node)
    {
        if (kind == ValueKind.Texts)
            return node is YamlSequenceNode list && list.All(n => n is YamlScalarNode) ? list.Select(n => ((YamlScalarNode)n).Value ?? "").ToArray() : null;
        if (node is not YamlScalarNode { Value: { } text })
            return null;
        return kind switch
        {
            ValueKind.Text => text,
            ValueKind.Whole => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null,
            ValueKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            ValueKind.Truth => text.ToUpperInvariant() switch { "TRUE" or "YES" or "ON" => true, "FALSE" or "NO" or "OFF" => false, _ => null },
            ValueKind.Duration => GoDuration().IsMatch(text) ? text : null,
            _ => null,
        };
    }

    private static string TypeName(string prefix)
    {
        if (prefix.Length == 0)
            return "Config";
        var last = prefix.TrimEnd('.').Split('.')[^1];
        return string.Concat(last.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    [GeneratedRegex(@"\A([0-9]+(\.[0-9]+)?(ns|us|ms|s|m|h))+\z")]
    private static partial Regex GoDuration();
}
