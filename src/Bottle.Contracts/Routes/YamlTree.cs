using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bottle.Contracts.Routes;

/// <summary>A node with its place; exactly one of the three contents is set.</summary>
internal sealed record YamlNode(int Line, int Column)
{
    public string? Scalar { get; init; }

    public bool IsQuoted { get; init; }

    public IReadOnlyList<YamlNode>? Items { get; init; }

    public IReadOnlyList<(YamlNode Key, YamlNode Value)>? Entries { get; init; }

    public string Kind => Scalar is not null ? "a single value" : Items is not null ? "a list" : "a mapping";
}

/// <summary>Builds a small tree from YAML events and refuses what routes.yaml never needs: aliases, anchors, tags, more documents, depth.</summary>
internal sealed class YamlTree(List<RoutesProblem> problems)
{
    private const int MaxDepth = 8;
    private const int MaxNodes = 100_000;

    private int _nodes;

    /// <summary>The document's root, or null with a problem.</summary>
    public YamlNode? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.Accept<DocumentStart>(out _))
        {
            problems.Add(new RoutesProblem(1, 1, "the file is empty"));
            return null;
        }
        parser.Consume<DocumentStart>();
        var root = ReadNode(parser, 0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
        {
            problems.Add(new RoutesProblem((int)second.Start.Line, (int)second.Start.Column, "a second document ('---') is not allowed"));
        }
        return root;
    }

    private YamlNode ReadNode(Parser parser, int depth)
    {
        var next = parser.Current is null && !parser.MoveNext() ? throw new YamlException("the file ends too soon") : parser.Current!;
        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new YamlException(next.Start, next.End, depth > MaxDepth ? $"nested deeper than {MaxDepth} levels" : $"more than {MaxNodes} values");
        }
        if (next is AnchorAlias)
        {
            throw new YamlException(next.Start, next.End, "aliases ('*name') are not allowed");
        }
        if (next is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty))
        {
            throw new YamlException(next.Start, next.End, "anchors ('&name') and tags ('!name') are not allowed");
        }
        var (line, column) = ((int)next.Start.Line, (int)next.Start.Column);
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlNode(line, column) { Scalar = scalar.Value, IsQuoted = scalar.Style != ScalarStyle.Plain };
        }
        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(ReadNode(parser, depth + 1));
            }
            return new YamlNode(line, column) { Items = items };
        }
        parser.Consume<MappingStart>();
        var entries = new List<(YamlNode, YamlNode)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            entries.Add((ReadNode(parser, depth + 1), ReadNode(parser, depth + 1)));
        }
        return new YamlNode(line, column) { Entries = entries };
    }
}
