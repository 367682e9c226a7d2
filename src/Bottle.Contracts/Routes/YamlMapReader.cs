using System.Globalization;
using System.Numerics;

namespace Bottle.Contracts.Routes;

/// <summary>Typed access to one mapping; everything that does not fit is added to <see cref="Problems"/> with its place.</summary>
internal sealed class YamlMapReader
{
    private readonly YamlNode _node;
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);

    public YamlMapReader(YamlNode node, IReadOnlyCollection<string> keys, List<RoutesProblem> problems)
    {
        _node = node;
        Problems = problems;
        if (node.Entries is null)
        {
            problems.Add(new RoutesProblem(node.Line, node.Column, $"expected a mapping, found {node.Kind}"));
            return;
        }
        foreach (var (key, value) in node.Entries)
        {
            if (key.Scalar is null || !keys.Contains(key.Scalar))
            {
                problems.Add(new RoutesProblem(key.Line, key.Column, $"unknown key '{key.Scalar}' (known: {string.Join(", ", keys)})"));
            }
            else if (!_values.TryAdd(key.Scalar, value))
            {
                problems.Add(new RoutesProblem(key.Line, key.Column, $"the key '{key.Scalar}' is there twice"));
            }
        }
    }

    public List<RoutesProblem> Problems { get; }

    public bool Has(string key) => _values.ContainsKey(key);

    public YamlNode? Node(string key, bool required = false)
    {
        if (_values.TryGetValue(key, out var value))
        {
            return value;
        }
        if (required && _node.Entries is not null)
        {
            Problems.Add(new RoutesProblem(_node.Line, _node.Column, $"the key '{key}' is missing"));
        }
        return null;
    }

    /// <summary>Reports at the value of a key, or at the mapping when the key is absent.</summary>
    public void Report(string key, string message)
    {
        var at = _values.GetValueOrDefault(key, _node);
        Problems.Add(new RoutesProblem(at.Line, at.Column, message));
    }

    public string? Text(string key, bool required = false)
    {
        if (Node(key, required) is not { } node)
        {
            return null;
        }
        if (node.Scalar is not { Length: > 0 } text)
        {
            Report(key, $"'{key}' is not a text");
            return null;
        }
        return text;
    }

    /// <summary>A name of lower-case letters, digits and dashes that does not begin with a dash.</summary>
    public string? Label(string key, int maxLength, bool required = false)
    {
        if (Text(key, required) is not { } text)
        {
            return null;
        }
        if (text.Length <= maxLength && text[0] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return text;
        }
        Report(key, $"'{key}' is a name of lower-case letters, digits and dashes, at most {maxLength.ToString(CultureInfo.InvariantCulture)} long");
        return null;
    }

    public int? Integer(string key, bool required = false) => Number<int>(key, required);

    public long? Long(string key) => Number<long>(key, required: false);

    public bool? Boolean(string key)
    {
        if (Node(key) is not { } node)
        {
            return null;
        }
        // Exactly these two words: 'yes', 'no' and 'on' mean different things to different YAML readers.
        if (!node.IsQuoted && node.Scalar is "true" or "false")
        {
            return node.Scalar == "true";
        }
        Report(key, $"'{key}' is neither true nor false");
        return null;
    }

    public IReadOnlyList<YamlNode>? List(string key, bool required = false)
    {
        if (Node(key, required) is not { } node)
        {
            return null;
        }
        if (node.Items is null)
        {
            Report(key, $"'{key}' is not a list");
        }
        return node.Items;
    }

    private T? Number<T>(string key, bool required) where T : struct, IBinaryInteger<T>
    {
        if (Node(key, required) is not { } node)
        {
            return null;
        }
        if (!node.IsQuoted && T.TryParse(node.Scalar, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }
        Report(key, $"'{key}' is not a whole number");
        return null;
    }
}
