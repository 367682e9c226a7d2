using System.Buffers;
using System.Collections;

namespace Bottle.Egress.Policy;

/// <summary>An Aho-Corasick automaton over bytes, stored as first child and next sibling: a long secret in a dozen spellings takes kilobytes, not megabytes. State 0 is the start.</summary>
internal sealed class SecretAutomaton
{
    private readonly SearchValues<byte> _firstBytes;
    // Which two bytes begin a pattern: in text, one byte alone says too little.
    private readonly BitArray _firstPairs = new(256 * 256);
    private Node[] _nodes = [default];
    private int _count = 1;
    private readonly int[] _roots = new int[256];

    /// <param name="patterns">What is looked for; each has at least two bytes.</param>
    public SecretAutomaton(IReadOnlyList<byte[]> patterns)
    {
        foreach (var pattern in patterns)
        {
            Add(pattern);
            _firstPairs[(pattern[0] << 8) | pattern[1]] = true;
        }
        Link();
        _firstBytes = SearchValues.Create([.. patterns.Select(p => p[0]).Distinct()]);
    }

    /// <summary>How many bytes from the front cannot begin any pattern, when the state is 0.</summary>
    public int SkipFrom(ReadOnlySpan<byte> data)
    {
        for (var at = 0; ; at++)
        {
            if (data[at..].IndexOfAny(_firstBytes) is not (var next and >= 0))
            {
                return data.Length;
            }
            at += next;
            // What follows the last byte is not known yet.
            if (at + 1 == data.Length || _firstPairs[(data[at] << 8) | data[at + 1]])
            {
                return at;
            }
        }
    }

    /// <summary>How many of the last bytes are the beginning of some pattern.</summary>
    public int Depth(int state) => _nodes[state].Depth;

    /// <summary>The length of the longest pattern that ends in this state, or 0.</summary>
    public int Match(int state) => _nodes[state].Match;

    /// <summary>The state after one more byte.</summary>
    public int Next(int state, byte value)
    {
        while (state != 0)
        {
            if (ChildOf(state, value) is var child and > 0)
            {
                return child;
            }
            state = _nodes[state].Fail;
        }
        return _roots[value];
    }

    private int ChildOf(int state, byte value)
    {
        if (state == 0)
        {
            return _roots[value];
        }
        var child = _nodes[state].FirstChild;
        while (child > 0 && _nodes[child].Value != value)
        {
            child = _nodes[child].Sibling;
        }
        return child;
    }

    private void Add(byte[] pattern)
    {
        var state = 0;
        foreach (var value in pattern)
        {
            var child = ChildOf(state, value);
            if (child == 0)
            {
                child = _count++;
                if (child == _nodes.Length)
                {
                    Array.Resize(ref _nodes, 2 * child);
                }
                _nodes[child] = new Node { Value = value, Depth = _nodes[state].Depth + 1, Sibling = state == 0 ? 0 : _nodes[state].FirstChild };
                if (state == 0)
                {
                    _roots[value] = child;
                }
                else
                {
                    _nodes[state] = _nodes[state] with { FirstChild = child };
                }
            }
            state = child;
        }
        _nodes[state] = _nodes[state] with { Match = pattern.Length };
    }

    /// <summary>Sets the failure links breadth first, so that those of shorter beginnings are known.</summary>
    private void Link()
    {
        var queue = new Queue<int>(_roots.Where(state => state != 0));
        while (queue.TryDequeue(out var state))
        {
            for (var child = _nodes[state].FirstChild; child > 0; child = _nodes[child].Sibling)
            {
                var fail = Next(_nodes[state].Fail, _nodes[child].Value);
                _nodes[child] = _nodes[child] with { Fail = fail, Match = Math.Max(_nodes[child].Match, _nodes[fail].Match) };
                queue.Enqueue(child);
            }
        }
    }

    private readonly record struct Node
    {
        public byte Value { get; init; }

        public int Depth { get; init; }

        public int Match { get; init; }

        public int Fail { get; init; }

        public int FirstChild { get; init; }

        public int Sibling { get; init; }
    }
}
