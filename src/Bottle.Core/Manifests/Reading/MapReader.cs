using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>A mapping whose keys are known: takes values by key and type; what is wrong is reported, and reads as not written.</summary>
internal sealed class MapReader
{
    private readonly ManifestSource _source;
    private readonly YamlMap _map;
    private readonly string _subject;
    private readonly IReadOnlyCollection<string> _known;

    private MapReader(ManifestSource source, YamlMap map, string subject, IReadOnlyCollection<string> known) => (_source, _map, _subject, _known) = (source, map, subject, known);

    /// <summary>The place of the whole mapping.</summary>
    public SourceSpan Where => _map.Where;

    /// <summary>Opens a mapping and reports its unknown keys; null when it is none. <paramref name="retired"/> knows former keys.</summary>
    public static MapReader? Open(ManifestSource source, YamlNode node, string subject, IReadOnlyCollection<string> known, Func<YamlEntry, Diagnostic?>? retired = null)
    {
        if (node is not YamlMap map)
        {
            if (node is not YamlUnusable)
                source.Report(ManifestErrors.WrongType(node.Where, subject, $"a mapping with keys of: {string.Join(", ", known)}", Scalars.Describe(node)));
            return null;
        }

        foreach (var entry in map.Entries.Where(entry => !known.Contains(entry.Key)))
            source.Report(retired?.Invoke(entry) ?? ManifestErrors.UnknownKey(entry.Where, subject, entry.Key, known));
        return new MapReader(source, map, subject, known);
    }

    /// <summary>Whether the key is there, well-formed or not.</summary>
    public bool Has(string key) => Entry(key) is not null;

    /// <summary>The value, of any type.</summary>
    public YamlNode? Node(string key) => Entry(key)?.Value;

    /// <summary>The place of the key itself.</summary>
    public SourceSpan KeyAt(string key) => Entry(key)?.Where ?? Where;

    /// <summary>Text.</summary>
    public Located<string>? Text(string key) => Node(key) is { } node ? Scalars.Text(_source, node, $"'{key}'") : null;

    /// <summary>Text that must be there; <paramref name="example"/> is how the key is written.</summary>
    public Located<string>? RequiredText(string key, string example)
    {
        // A misspelt key was reported as unknown, with this one as the fix.
        if (!Has(key) && !_map.Entries.Any(entry => !_known.Contains(entry.Key) && Nearest.Of(entry.Key, _known) == key))
            _source.Report(ManifestErrors.MissingKey(Where, _subject, key, example));
        return Text(key);
    }

    /// <summary>A boolean, or <paramref name="absent"/>.</summary>
    public bool Flag(string key, bool absent) => Node(key) is { } node ? Scalars.Flag(_source, node, $"'{key}'") ?? absent : absent;

    /// <summary>The items of a list; null when the key is absent or no list.</summary>
    public IReadOnlyList<YamlNode>? List(string key)
    {
        var node = Node(key);
        if (node is null or YamlList or YamlUnusable)
            return (node as YamlList)?.Items;
        var example = node is YamlScalar { IsEmpty: false } scalar ? InertText.Excerpt(scalar.Text, 40) : "a, b";
        _source.Report(ManifestErrors.WrongType(node.Where, $"'{key}'", $"a list, as in '[{example}]'", Scalars.Describe(node)));
        return null;
    }

    /// <summary>A list of texts; items that are none are reported and left out. Null when the key is absent or no list.</summary>
    public IReadOnlyList<Located<string>>? Texts(string key) =>
        List(key)?.Select(item => Scalars.Text(_source, item, $"an item of '{key}'")).OfType<Located<string>>().ToList();

    private YamlEntry? Entry(string key) => _map.Entries.FirstOrDefault(entry => entry.Key == key);
}
