using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads YAML events into nodes with places. Anchors, aliases and tags are refused, depth and number of nodes are bounded: no input costs more than its size.</summary>
internal sealed class YamlTree
{
    /// <summary>The deepest nesting that any key of SPEC A needs is 6.</summary>
    public const int MaxDepth = 16;

    /// <summary>The most values in one file.</summary>
    public const int MaxNodes = 5_000;

    private readonly ManifestSource _source;
    private readonly int _offset;
    private readonly string[] _lines;
    private readonly Parser _parser;
    private readonly HashSet<int> _aliasLines = [];
    private Mark _reached = Mark.Empty;
    private int _nodes;

    private YamlTree(ManifestSource source, FrontMatter front)
    {
        (_source, _offset, _lines) = (source, front.FirstLine - 1, front.Yaml.Split('\n'));
        _parser = new Parser(new Scanner(new StringReader(front.Yaml), skipComments: true));
    }

    /// <summary>The top-level mapping (empty when nothing is written), or null when the text is no such YAML: that is reported.</summary>
    public static YamlMap? Read(ManifestSource source, FrontMatter front)
    {
        var tree = new YamlTree(source, front);
        try
        {
            return tree.ReadDocument();
        }
        catch (LimitException limit)
        {
            source.Report(limit.Diagnostic);
            return null;
        }
        catch (YamlException broken)
        {
            source.Report(ManifestErrors.YamlSyntax(tree.Span(broken.Start, broken.Start), broken.Message));
            return null;
        }
        catch (Exception broken) when (IsParserState(broken))
        {
            source.Report(ManifestErrors.YamlSyntax(tree.Span(tree._reached, tree._reached), "it breaks off after this place"));
            return null;
        }
    }

    // YamlDotNet 16.3 lets exceptions of its own state escape on some broken input: "x: [" followed by "y: {z: 1}" on the next line.
    private static bool IsParserState(Exception exception) => exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException;

    private YamlMap? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return new YamlMap([], _source.At(1, 1));
        _parser.Consume<DocumentStart>();
        var top = ReadNode(1);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _source.Report(ManifestErrors.SeveralDocuments(Span(second.Start, second.Start), _source.Subject));
            return null;
        }

        if (top is YamlScalar { IsEmpty: true })
            return new YamlMap([], top.Where);
        if (top is YamlScalar or YamlList)
            _source.Report(ManifestErrors.WrongType(top.Where, "the front matter", "keys with values, as in 'env: {}'", Scalars.Describe(top)));
        return top as YamlMap;
    }

    private YamlNode ReadNode(int depth)
    {
        var node = _parser.Consume<ParsingEvent>();
        _reached = node.End;
        if (++_nodes > MaxNodes)
            throw new LimitException(ManifestErrors.TooManyValues(Span(node.Start, node.Start), MaxNodes));
        if (depth > MaxDepth)
            throw new LimitException(ManifestErrors.TooDeep(Span(node.Start, node.Start), MaxDepth));
        if (node is AnchorAlias alias)
        {
            var where = Span(alias.Start, alias.End);
            ReportAlias(where);
            return new YamlUnusable(where);
        }

        // On some broken input the parser ends a mapping between a key and its value.
        if (node is not NodeEvent started)
            throw new YamlException(node.Start, node.End, "A value is missing here.");
        var refused = IsRefused(started);
        YamlNode value = node switch
        {
            SequenceStart list => ReadList(list, depth),
            MappingStart map => ReadMap(map, depth),
            _ => ReadScalar((Scalar)node),
        };
        return refused ? new YamlUnusable(value.Where) : value;
    }

    private bool IsRefused(NodeEvent node)
    {
        var where = Span(node.Start, node.Start);
        if (!node.Anchor.IsEmpty)
            ReportAlias(where);
        // A quoted scalar carries the non-specific tag '!' without anybody having written it.
        var isTagged = !node.Tag.IsEmpty && !node.Tag.IsNonSpecific;
        if (isTagged)
            _source.Report(ManifestErrors.Tag(where));
        return isTagged || !node.Anchor.IsEmpty;
    }

    // Once a line: a bomb holds dozens, and says nothing new by them.
    private void ReportAlias(SourceSpan where)
    {
        if (_aliasLines.Add(where.Line))
            _source.Report(ManifestErrors.AnchorOrAlias(where));
    }

    private YamlScalar ReadScalar(Scalar scalar) => new(scalar.Value, scalar.Style == ScalarStyle.Plain, Span(scalar.Start, scalar.End));

    private YamlList ReadList(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.Accept<SequenceEnd>(out _))
            items.Add(ReadNode(depth + 1));
        var end = _parser.Consume<SequenceEnd>();
        return new YamlList(items, start.Style == SequenceStyle.Flow ? Flow(start.Start, end.End) : items.Count > 0 ? items[0].Where : Span(start.Start, start.End));
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, SourceSpan>(StringComparer.Ordinal);
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not YamlScalar { IsEmpty: false } name)
                ReportKey(key);
            else if (seen.TryGetValue(name.Text, out var first))
                _source.Report(ManifestErrors.DuplicateKey(name.Where, name.Text, first.Line));
            else
            {
                seen.Add(name.Text, name.Where);
                entries.Add(new YamlEntry(name.Text, name.Where, value));
            }
        }

        var end = _parser.Consume<MappingEnd>();
        return new YamlMap(entries, start.Style == MappingStyle.Flow ? Flow(start.Start, end.End) : entries.Count > 0 ? entries[0].Where : Span(start.Start, start.End));
    }

    private void ReportKey(YamlNode key)
    {
        if (key is not YamlUnusable)
            _source.Report(ManifestErrors.WrongType(key.Where, "a key", "text", Scalars.Describe(key)));
    }

    private SourceSpan Flow(Mark start, Mark end) => Span(start, new Mark(end.Index + 1, end.Line, end.Column + 1));

    // What goes on over several lines is underlined to the end of its first; what the parser puts behind the end stands at the end.
    private SourceSpan Span(Mark start, Mark end)
    {
        var line = Math.Clamp((int)start.Line, 1, Math.Max(1, _lines.Length - 1));
        var column = Math.Clamp((int)(start.Line > line ? int.MaxValue : start.Column), 1, _lines[line - 1].Length + 1);
        var length = end.Line == start.Line ? (int)(end.Column - start.Column) : _lines[line - 1].Length - column + 1;
        return _source.At(line + _offset, column, Math.Max(1, length));
    }

    /// <summary>Ends reading at once: nothing beyond a limit is looked at.</summary>
    private sealed class LimitException(Diagnostic diagnostic) : Exception
    {
        public Diagnostic Diagnostic { get; } = diagnostic;
    }
}
